"""The contract: every schema, and what conform does to a frame."""

from importlib import import_module
from pkgutil import iter_modules

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from copydesk.transforms import contract
from copydesk.transforms.contract import (
    CLEAN,
    EDITS,
    LINES,
    RAW,
    Schema,
    as_clean,
    as_edits,
    as_raw,
    conform,
    empty,
)

SCHEMAS = {
    name: value for name, value in vars(contract).items() if name.isupper() and isinstance(value, dict)
}
LINE = {"doc_id": ["d"], "line": [0], "start": [0], "end": [3], "text": ["abc"]}


def test_every_schema_of_the_modules_is_part_of_the_contract():
    modules = [
        import_module(f"{contract.__name__}.{module.name}") for module in iter_modules(contract.__path__)
    ]
    declared = {
        name: value
        for module in modules
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, dict)
    }
    assert declared == SCHEMAS
    assert set(SCHEMAS) <= set(contract.__all__)


def test_edits_without_evidence_have_none():
    row = {"doc_id": ["d"], "start": [0], "end": [1], "rule": ["r"], "replacement": [""], "score": [1.0]}
    expected = pl.DataFrame(row | {"evidence": [None]}, schema=EDITS)
    assert_frame_equal(as_edits(pl.DataFrame(row)), expected)
    assert_frame_equal(
        as_edits(pl.DataFrame(row | {"evidence": [3]})), expected.with_columns(evidence=pl.lit(3, pl.Int64))
    )
    with pytest.raises(pl.exceptions.ColumnNotFoundError, match="score"):
        as_edits(pl.DataFrame(row).drop("score"))


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=SCHEMAS)
def test_an_empty_frame_conforms_and_has_the_schema(schema: Schema):
    assert empty(schema).is_empty()
    assert empty(schema).schema == pl.Schema(schema)
    assert_frame_equal(conform(empty(schema), schema), empty(schema))


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


def test_frames_are_filled_up_with_nulls_of_the_right_type():
    raw = as_raw(pl.DataFrame({"raw_text": ["a", None], "doc_id": ["x", "y"], "other": [1, 2]}))
    assert raw.schema == RAW
    assert raw.select("doc_id", "raw_text").rows() == [("x", "a"), ("y", None)]
    assert raw.drop("doc_id", "raw_text").null_count().row(0) == (2,) * (len(RAW) - 2)
    assert as_clean(pl.DataFrame({"doc_id": ["x"]})).schema == CLEAN
    with pytest.raises(pl.exceptions.InvalidOperationError):
        as_clean(pl.DataFrame({"n_words": ["three"]}))
