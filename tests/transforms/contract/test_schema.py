"""conform, fill and empty: what they do to a frame, and what they refuse."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from copydesk.transforms.contract import EDITS, LINES, Schema, conform, empty, fill
from tests.transforms.conftest import examples

LINE = {"doc_id": ["d"], "line": [0], "start": [0], "end": [3], "text": ["abc"]}


def test_conform_orders_casts_and_drops_columns():
    loose = pl.DataFrame(
        {"text": ["abc"], "more": [1.5], "end": [3], "start": [0], "line": [0], "doc_id": "d"}
    )
    narrow = loose.with_columns(pl.col("line", "start", "end").cast(pl.UInt8))
    assert_frame_equal(conform(narrow, LINES), pl.DataFrame(LINE, schema=LINES))


def test_conform_changes_nothing_in_a_frame_that_conforms():
    frame = pl.DataFrame(LINE, schema=LINES)
    assert_frame_equal(conform(frame, LINES), frame)


def test_conform_keeps_nulls():
    frame = pl.DataFrame({name: [None] for name in EDITS})
    assert_frame_equal(conform(frame, EDITS), pl.DataFrame({name: [None] for name in EDITS}, schema=EDITS))


def test_a_missing_column_raises():
    with pytest.raises(pl.exceptions.ColumnNotFoundError, match="text"):
        conform(pl.DataFrame(LINE).drop("text"), LINES)


@pytest.mark.parametrize(("column", "value"), [("start", "three"), ("line", 2**63)])
def test_a_value_that_does_not_fit_raises(column: str, value: object):
    frame = pl.DataFrame(LINE).with_columns(pl.lit(value).alias(column))
    with pytest.raises(pl.exceptions.InvalidOperationError):
        conform(frame, LINES)


SMALL: Schema = {"a": pl.Int64, "b": pl.String, "c": pl.List(pl.Float32)}


@examples(50)
@given(st.sets(st.sampled_from([*SMALL, "d"])), st.integers(0, 3))
def test_fill_adds_what_is_missing_keeps_what_is_there_and_drops_the_rest(given_names: set[str], n: int):
    values = {"a": range(n), "b": map(str, range(n)), "c": ([float(row)] for row in range(n)), "d": range(n)}
    frame = pl.DataFrame(
        {name: list(values[name]) for name in sorted(given_names)}, schema_overrides=SMALL | {"d": pl.Int8}
    )
    filled = fill(frame, SMALL)
    assert filled.schema == pl.Schema(SMALL)
    kept = [name for name in SMALL if name in given_names]
    assert_frame_equal(filled.select(kept), frame.select(kept))
    lacking = [name for name in SMALL if name not in given_names]
    assert filled.select(lacking).null_count().row(0) == (len(filled),) * len(lacking)


def test_an_empty_frame_has_no_rows_and_is_filled_to_none():
    assert empty(SMALL).shape == (0, 3)
    assert_frame_equal(fill(empty({"a": pl.Int64}), SMALL), empty(SMALL))
    assert_frame_equal(fill(empty(SMALL), SMALL), empty(SMALL))
