import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from copydesk.transforms.clean.segments import describe_lines, segment
from copydesk.transforms.clean.stage import mark_lines
from copydesk.transforms.clean.structure import find_top, mark_blank_lines
from copydesk.transforms.text.lines import to_lines
from tests.transforms.conftest import (
    HEADLINE,
    PROSE,
    RULES_ONLY,
    TEASER,
    awkward_text,
    examples,
    mark_text,
    raw_of,
)

A, B = PROSE


@examples(5)
@given(
    st.lists(
        st.one_of(
            awkward_text,
            st.lists(st.sampled_from([A, HEADLINE, "Home", "", "RELATED", "x" * 20])).map("\n".join),
        )
    )
)
def test_marking_neither_adds_nor_drops_nor_moves_a_line(texts: list[str]):
    raw = raw_of(*texts)
    marked = mark_lines(raw, RULES_ONLY)
    lines = segment(raw)
    columns = to_lines(raw).columns
    assert_frame_equal(marked.select(columns), lines.select(columns))
    assert (marked["rule"].is_null() == marked["score"].is_null()).all()


@pytest.mark.parametrize("line", ["Metro Wire", "METRO WIRE", "Metro Wire – World", "metrowire.example"])
def test_the_outlets_own_name_goes(line: str):
    assert mark_text(f"{A}\n{line}\n{B}", "metro-wire")[1] == (line, "outlet_name")


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (None, "Metro Wire"),
        ("metro-wire", "Metro Wire was founded in the year of the flood"),
        ("metro-wire", "The Metro Wire"),
        ("metro", "Metropolitan police reply"),
        ("news", "News from home"),
        ("", "Metro Wire"),
    ],
)
def test_other_lines_than_the_outlets_name_stay(source: str | None, line: str):
    assert mark_text(f"{A}\n{line}\n{B}", source)[1] == (line, None)


@pytest.mark.parametrize("gap", ["", "\n", "\r\n \n"])
def test_a_label_takes_the_headline_below_it(gap: str):
    found = [
        (body, rule) for body, rule in mark_text(f"{A}\nREAD ALSO\n{gap}{TEASER}\n{B}\n{TEASER}") if body
    ]
    assert found == [
        (A, None), ("READ ALSO", "pointer_label"), (TEASER, "pointer_label"), (B, None), (TEASER, None)
    ]  # fmt: skip


def test_a_label_takes_no_prose():
    assert mark_text(f"{A}\nREAD ALSO\n{B}") == [(A, None), ("READ ALSO", "pointer_label"), (B, None)]


def test_a_label_takes_no_sentence():
    sentence = "“We saw it coming,” she said."
    assert mark_text(f"{A}\nREAD ALSO\n{sentence}\n{B}")[2] == (sentence, None)


def test_the_heading_of_a_teaser_block_takes_all_lines_down_to_the_next_prose():
    assert [rule for _, rule in mark_text(f"{A}\nMost popular\n\n{TEASER}\nShort one.\n{B}\n{TEASER}")] == [
        None, "teaser_block", None, "teaser_block", "teaser_block", None, None
    ]  # fmt: skip


def test_a_heading_above_the_prose_takes_nothing_with_it():
    assert mark_text(f"Most popular\n{HEADLINE}\n{A}") == [
        ("Most popular", "teaser_block"), (HEADLINE, "headline"), (A, None)
    ]  # fmt: skip


def test_a_teaser_in_brackets_in_another_language_goes():
    spanish = "[La subasta del puerto de Almadía termina sin compradores por tercera vez]"
    english = "[The auction of the port of Almadía ends without buyers for the third time]"
    assert mark_text(f"{A}\n{spanish}\n{english}\n{B}") == [
        (A, None), (spanish, "bracketed_teaser"), (english, None), (B, None)
    ]  # fmt: skip


@pytest.mark.parametrize("source", [None, "metro-wire"])
def test_one_blank_line_stays_between_lines_that_stay(source: str | None):
    text = f"\n\n{A}\n\n \t\n© 2026 Metro Wire\n\nREAD ALSO: {TEASER}\n\n{B}\n\n\n"
    kept = [body for body, rule in mark_text(text, source) if rule is None]
    assert kept == [A, "", B]


def test_blank_lines_are_counted_within_a_document():
    lines = describe_lines(to_lines(raw_of("a\n\n", "\nb", "\n")))
    assert mark_blank_lines(lines).select("doc_id", "line", "rule").rows() == [
        ("d0000", 0, None),
        ("d0000", 1, "blank_line"),
        ("d0001", 0, "blank_line"),
        ("d0001", 1, None),
        ("d0002", 0, "blank_line"),
    ]


def test_the_top_ends_with_the_first_unmarked_line_of_prose_of_each_document():
    lines = describe_lines(to_lines(raw_of(f"x\n{A}\ny", f"{A}\nx\n{B}\ny"))).with_columns(
        rule=pl.when((pl.col("doc_id") == "d0001") & (pl.col("line") == 0)).then(pl.lit("cookie_notice"))
    )
    assert find_top(lines)["top"].to_list() == [True, False, False, True, True, False, False]
