"""Blocks of wrapped copy: joined where they are, beside lines that nobody wrapped."""

import textwrap

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.transforms.clean.wrapped_blocks import find_wrapped
from copydesk.transforms.text.lines import to_lines
from tests.transforms.conftest import PROSE, awkward_text, raw_of

A, B = PROSE
MENU = "Home\nNews\nSport\nWeather\nLog in"
TABLE = "Shr 12 cts vs 10 cts\n    Net 1,204,000 vs 988,000\n    Revs 12.4 mln vs 11.9 mln\n    Avg shrs 9,100,000"


def continued(text: str) -> list[str]:
    """Return the paragraphs that joining the continued lines gives."""
    lines = to_lines(raw_of(text))
    _, goes_on = find_wrapped(lines)
    found: list[str] = []
    for body, more in zip(lines["text"].str.strip_chars(), goes_on, strict=True):
        if more:
            found[-1] += " " + body
        else:
            found.append(body)
    return [line for line in found if line]


def indented(*paragraphs: str, width: int = 65) -> str:
    """Return paragraphs as wire copy: wrapped, each begun by four spaces."""
    return "\n".join(
        textwrap.fill(text, width, initial_indent="    ", break_on_hyphens=False) for text in paragraphs
    )


@pytest.mark.parametrize("width", [50, 65, 72, 90])
def test_one_paragraph_behind_a_menu_is_joined(width: int) -> None:
    story = textwrap.fill(A, width, break_on_hyphens=False)
    assert continued(f"{MENU}\n\n{story}\n\n{MENU}") == [*MENU.split("\n"), A, *MENU.split("\n")]


def test_indented_paragraphs_are_joined_each_by_itself() -> None:
    assert continued(indented(A, B, A)) == [A, B, A]


def test_a_line_shortened_by_its_dateline_goes_on() -> None:
    text = "The harbour office opened its new\n" + textwrap.fill(
        A.removeprefix("The harbour office opened its new "), 65
    )
    assert continued(text) == [A]


def test_quoted_mail_is_joined() -> None:
    quoted = "\n".join(f"> {line}" for line in textwrap.fill(B, 60, break_on_hyphens=False).split("\n"))
    assert " ".join(continued(quoted)).replace(" > ", " ") == f"> {B}"


@pytest.mark.parametrize(
    "text",
    [
        MENU,
        TABLE,
        f"{A}\n{B}\n{A}",
        "Harbour board to sell the old pilot house on the north mole\nSecond school kitchen closes after boiler fault\n"
        "Library fines scrapped as the budget vote passes at last\nBus lanes to stay open on market days until spring",
        "The tide is out, the boats lie down along the harbour wall,\nthe gulls walk over the sand,\n"
        "a bell is ringing in the town that nobody hears at all\nfor nobody close at hand",
        "Ferry crews ask for a longer timetable in winter months\nby Dana Whitlock",
        "",
    ],
    ids=["menu", "table", "paragraphs", "headlines", "verse", "byline", "nothing"],
)
def test_lines_that_nobody_wrapped_stay_apart(text: str) -> None:
    assert continued(text) == [line.strip() for line in text.split("\n") if line.strip()]


def test_a_table_between_wrapped_paragraphs_keeps_its_rows() -> None:
    found = continued(f"{indented(A)}\n{TABLE}\n{indented(B)}")
    assert found[0] == A
    assert found[-1] == B
    assert found[1:-1] == [row.strip() for row in TABLE.split("\n")]


@given(st.lists(st.one_of(awkward_text, st.sampled_from([A, B, MENU, TABLE, "\n\n"])), max_size=4))
def test_the_verdict_does_not_depend_on_other_documents(texts: list[str]) -> None:
    lines = to_lines(raw_of(*texts))
    together = pl.DataFrame({"doc_id": lines["doc_id"], "goes_on": find_wrapped(lines)[1]})
    for doc_id in lines["doc_id"].unique():
        alone = find_wrapped(lines.filter(doc_id=doc_id))[1]
        assert together.filter(doc_id=doc_id)["goes_on"].to_list() == alone.tolist()
