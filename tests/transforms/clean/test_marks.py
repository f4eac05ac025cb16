"""Marks on lines."""

from dataclasses import replace

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from copydesk.transforms.clean.marks import drop_blank_lines, is_row_in, mark_as, mark_rows, mark_vocabulary
from copydesk.transforms.clean.segments import describe_lines
from copydesk.transforms.text.lines import to_lines
from tests.transforms.conftest import (
    RULES,
    raw_of,
)


def test_a_line_is_marked_once_by_the_first_rule_that_fits_and_blank_lines_by_none():
    first, second = (
        replace(rule, patterns=(pattern,)) for rule, pattern in zip(RULES, ("a.", "[ac]?[bc]?"), strict=False)
    )
    lines = describe_lines(to_lines(raw_of("ab\nb\n\nc"))).with_columns(late=pl.col("line") > 1)
    once = mark_vocabulary(lines, [first, second])
    assert once["rule"].to_list() == [first.name, second.name, None, second.name]
    assert once["score"].to_list() == [first.score, second.score, None, second.score]
    assert_frame_equal(mark_vocabulary(once, [second]), once)
    assert_frame_equal(mark_vocabulary(lines, []), lines)
    late = mark_vocabulary(lines, [first, second], "late")
    assert late["rule"].to_list() == [None, None, None, second.name]
    again = mark_as(once, "blank", 0.5, pl.lit(value=True))
    assert again["rule"].to_list() == [first.name, second.name, "blank", second.name]


def test_rows_are_marked_by_their_numbers():
    lines = describe_lines(to_lines(raw_of("a\nb\n\nc", "d")))
    marked = mark_rows(lines, "menu", 0.9, pl.Series([1, 4], dtype=pl.UInt32))
    assert marked.select("body", "rule", "score").rows() == [
        ("a", None, None), ("b", "menu", 0.9), ("", None, None), ("c", None, None), ("d", "menu", 0.9)
    ]  # fmt: skip
    assert_frame_equal(mark_rows(marked, "other", 0.1, pl.Series([1, 4], dtype=pl.UInt32)), marked)
    assert_frame_equal(mark_rows(lines, "menu", 0.9, pl.Series([], dtype=pl.UInt32)), lines)


@given(st.lists(st.booleans(), max_size=8))
def test_row_numbers_become_a_mask(rows: list[bool]):
    lines = pl.DataFrame({"body": ["x"] * len(rows)}, schema={"body": pl.String})
    named = pl.Series([number for number, row in enumerate(rows) if row], dtype=pl.UInt32)
    assert lines.select(is_row_in(lines, named)).to_series().to_list() == rows


def test_lines_of_text_see_no_blank_lines_between_them():
    lines = describe_lines(to_lines(raw_of("a\n\nb\n \nc", "d")))
    found = drop_blank_lines(lines).select("row", above=pl.col("body").shift(1).over("doc_id"))
    above = lines.with_row_index("row").join(found, on="row", how="left", maintain_order="left")
    assert above["above"].to_list() == [None, None, "a", None, "b", None]
    assert above["line"].to_list() == [0, 1, 2, 3, 4, 0]
