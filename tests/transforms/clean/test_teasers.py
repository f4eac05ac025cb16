import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from copydesk.transforms.clean.pull_quotes import mark_pull_quotes
from copydesk.transforms.clean.segments import describe_lines
from copydesk.transforms.clean.structure import find_top
from copydesk.transforms.clean.teasers import mark_cut_teasers, mark_tails
from copydesk.transforms.text.lines import to_lines
from tests.transforms.clean.test_pull_quotes import HOST, SAID
from tests.transforms.conftest import HEADLINE, PROSE, TEASER, examples, mark_text, raw_of

A, B = PROSE

CUT = "Crews of the ferry have asked the council to run a late boat on Sundays, which the tow..."


def test_a_sentence_inside_a_block_stays_where_prose_follows():
    text = f"{A}\nMost read\n{TEASER}\nNobody was hurt on Monday.\n{TEASER} again\n{B}"
    assert [rule for _, rule in mark_text(text)] == [
        None,
        "teaser_block",
        "teaser_block",
        None,
        "teaser_block",
        None,
    ]


def test_a_sentence_inside_the_last_block_goes():
    text = f"{A}\n{B}\nMost read\n{TEASER}\nNobody was hurt on Monday."
    assert [rule for _, rule in mark_text(text)] == [None, None, *["teaser_block"] * 3]


@pytest.mark.parametrize("end", ["...", "…", " [...]", " […]"])
def test_a_cut_off_sentence_below_a_headline_goes_with_it(end: str):
    cut = CUT.removesuffix("...") + end
    rules = [rule for _, rule in mark_text(f"{A}\n{TEASER}\n{cut}\n{B}")]
    assert rules[1] == "cut_teaser"
    assert rules[2] in ("cut_teaser", "cut_sentence")
    assert (rules[0], rules[3]) == (None, None)


@pytest.mark.parametrize(
    "text",
    [
        f"{A}\n{CUT}\n{B}",
        f"{A}\n{TEASER}\n“{CUT}”\n{B}",
        f"{A}\n{TEASER}\nI waited for the boat until the lamps went out...\n{B}",
        f"{A}\nWhat happens next\nNothing at all...\n{B}",
    ],
    ids=["below a paragraph", "quoted", "somebody speaks", "short"],
)
def test_a_sentence_that_trails_off_stays(text: str):
    assert "cut_teaser" not in [rule for _, rule in mark_text(text)]


def test_the_headline_above_a_cut_off_standfirst_stays_the_headline():
    assert [rule for _, rule in mark_text(f"{HEADLINE}\n{CUT}\n{A}\n{B}")] == [
        "headline",
        "cut_teaser",
        None,
        None,
    ]


@examples(10)
@given(
    st.lists(
        st.lists(st.sampled_from([A, B, HOST, SAID, TEASER, CUT, "", "Most read"])).map("\n".join), max_size=4
    )
)
def test_marking_neither_adds_nor_drops_nor_moves_a_line(texts: list[str]):
    lines = find_top(describe_lines(to_lines(raw_of(*texts))))
    marked = mark_pull_quotes(mark_cut_teasers(mark_tails(lines, ["teaser_block"])))
    assert_frame_equal(marked.drop("rule", "score"), lines.drop("rule", "score"))
    assert (marked["rule"].is_null() == marked["score"].is_null()).all()
