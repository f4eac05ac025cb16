import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from copydesk.transforms.clean.pull_quotes import mark_pull_quotes
from copydesk.transforms.clean.segments import describe_lines
from copydesk.transforms.clean.stage import mark_lines
from copydesk.transforms.clean.structure import find_top
from copydesk.transforms.clean.teasers import mark_cut_teasers, mark_tails
from copydesk.transforms.text.lines import to_lines
from tests.transforms.conftest import DESK, HEADLINE, PROSE, raw_of

A, B = PROSE
TEASER = "Ferry crews ask for a longer winter timetable"
CUT = "Crews of the ferry have asked the council to run a late boat on Sundays, which the tow..."
SAID = "The clerk has kept the desk for nineteen years."
HOST = f"{SAID} Nobody could say who had ordered the change, or why it had come on the first morning of the month."


def verdicts(text: str) -> list[tuple[str, str | None]]:
    return mark_lines(raw_of(text), DESK).select("body", "rule").rows()


# ---------------------------------------------------------------- tails


def test_a_sentence_inside_a_block_stays_where_prose_follows():
    text = f"{A}\nMost read\n{TEASER}\nNobody was hurt on Monday.\n{TEASER} again\n{B}"
    assert [rule for _, rule in verdicts(text)] == [
        None,
        "teaser_block",
        "teaser_block",
        None,
        "teaser_block",
        None,
    ]


def test_a_sentence_inside_the_last_block_goes():
    text = f"{A}\n{B}\nMost read\n{TEASER}\nNobody was hurt on Monday."
    assert [rule for _, rule in verdicts(text)] == [None, None, *["teaser_block"] * 3]


# ---------------------------------------------------------------- cut-off teasers


@pytest.mark.parametrize("end", ["...", "…", " [...]", " […]"])
def test_a_cut_off_sentence_below_a_headline_goes_with_it(end: str):
    cut = CUT.removesuffix("...") + end
    rules = [rule for _, rule in verdicts(f"{A}\n{TEASER}\n{cut}\n{B}")]
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
    assert "cut_teaser" not in [rule for _, rule in verdicts(text)]


def test_the_headline_above_a_cut_off_standfirst_stays_the_headline():
    assert [rule for _, rule in verdicts(f"{HEADLINE}\n{CUT}\n{A}\n{B}")] == [
        "headline",
        "cut_teaser",
        None,
        None,
    ]


# ---------------------------------------------------------------- pull quotes


@pytest.mark.parametrize(
    "quote",
    [SAID, f"“{SAID}”", SAID.upper(), "The clerk has kept the desk for nineteen",
     "nobody could say who had ordered the change, or why it had come"],
)  # fmt: skip
@pytest.mark.parametrize("text", ["{A}\n{quote}\n{HOST}\n{B}", "{A}\n{HOST}\n{B}\n{quote}"])
def test_a_line_that_repeats_a_sentence_or_most_of_it_is_a_pull_quote(quote: str, text: str):
    found = dict(verdicts(text.format(A=A, B=B, HOST=HOST, quote=quote)))
    assert found == {A: None, B: None, HOST: None, quote: "pull_quote"}


@pytest.mark.parametrize(
    "line",
    [
        "The clerk has kept the desk",
        "kept the desk for nineteen years in all",
        "why it had come on the first morning",
        "The clerk has not kept the desk for nineteen years.",
        "The clerks have kept the desk for nineteen years.",
        "years. Nobody could say who had ordered the",
    ],
    ids=["short", "goes on", "the smaller part", "one word more", "inflected", "of two sentences"],
)
def test_a_line_that_says_other_words_stays(line: str):
    assert verdicts(f"{A}\n{line}\n{HOST}")[1] == (line, None)


def test_a_line_that_stands_twice_and_one_of_another_document_are_no_pull_quotes():
    assert [rule for _, rule in verdicts(f"{A}\n{SAID}\n{HOST}\n{SAID}\n{B}")] == [None] * 5
    lines = mark_lines(raw_of(f"{A}\n{SAID}\n{B}", f"{B}\n{HOST}"), DESK)
    assert lines["rule"].null_count() == len(lines)


@settings(max_examples=20)
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


def test_pull_quotes_take_linear_time():
    """Ten thousand quotes of ten thousand like sentences: each is held against one of them."""
    sentence = "one two three four five six seven eight nine ten eleven "
    hosts = (f"{sentence}{n} and so on until there are twenty words in it at last." for n in range(5000))
    quotes = (f"{sentence}{n}" for n in range(5000))
    lines = find_top(describe_lines(to_lines(raw_of("\n".join([A, *hosts, *quotes])))))
    start = time.perf_counter()
    mark_pull_quotes(lines)
    assert time.perf_counter() - start < 10
