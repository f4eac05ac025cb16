"""Edits and clean documents: what a rule may leave out, and what follows from one schema to another."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from copydesk.transforms.contract import (
    CLEAN,
    EDITS,
    EVIDENCE,
    LINE_KEYS,
    LINES,
    RAW,
    SOURCE_LINES,
    as_clean,
    as_edits,
)

ROW = {"doc_id": ["d"], "start": [0], "end": [1], "rule": ["r"], "replacement": [""], "score": [1.0]}


def test_edits_without_evidence_have_none():
    expected = pl.DataFrame(ROW | {"evidence": [None]}, schema=EDITS)
    assert_frame_equal(as_edits(pl.DataFrame(ROW)), expected)
    assert_frame_equal(
        as_edits(pl.DataFrame(ROW | {"evidence": [3]})), expected.with_columns(evidence=pl.lit(3, pl.Int64))
    )


@pytest.mark.parametrize("column", ROW)
def test_an_edit_lacks_nothing_else(column: str):
    with pytest.raises(pl.exceptions.ColumnNotFoundError, match=column):
        as_edits(pl.DataFrame(ROW).drop(column))


def test_a_clean_document_needs_no_more_than_its_id():
    found = as_clean(pl.DataFrame({"doc_id": ["x"], "n_words": pl.Series([3], dtype=pl.UInt32), "odd": [1]}))
    assert found.schema == CLEAN
    assert found.select("doc_id", "n_words").row(0) == ("x", 3)
    assert found.drop("doc_id", "n_words").null_count().row(0) == (1,) * (len(CLEAN) - 2)
    with pytest.raises(pl.exceptions.InvalidOperationError):
        as_clean(pl.DataFrame({"n_words": ["three"]}))


def test_a_line_is_named_the_same_way_in_every_frame_that_joins_it():
    for other in (LINE_KEYS, EVIDENCE):
        assert {name: other[name] for name in ("doc_id", "line")} == {
            name: LINES[name] for name in ("doc_id", "line")
        }
    assert {name: SOURCE_LINES[name] for name in ("source", "key")} == {
        name: LINE_KEYS[name] for name in ("source", "key")
    }
    assert EDITS["evidence"] == EVIDENCE["evidence"]


def test_what_a_record_brings_keeps_its_type_in_the_document():
    shared = set(RAW) & set(CLEAN)
    assert shared == {"doc_id", "source", "title", "published_at"}
    assert {name: RAW[name] for name in shared} == {name: CLEAN[name] for name in shared}
