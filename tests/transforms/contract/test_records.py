"""Records: what one needs to be cleaned, and what the quarantine keeps of it."""

import polars as pl
import pytest

from copydesk.transforms.contract import QUARANTINE, RAW, RETRIED, as_raw


def test_a_record_needs_no_more_than_an_id_and_a_text():
    raw = as_raw(pl.DataFrame({"raw_text": ["a", None], "doc_id": ["x", "y"], "other": [1, 2]}))
    assert raw.schema == RAW
    assert raw.select("doc_id", "raw_text").rows() == [("x", "a"), ("y", None)]
    assert raw.drop("doc_id", "raw_text").null_count().row(0) == (2,) * (len(RAW) - 2)


def test_bytes_are_bytes_and_a_text_is_no_number():
    raw = as_raw(pl.DataFrame({"doc_id": ["x"], "payload": [b"\xff\x00"]}))
    assert raw["payload"].to_list() == [b"\xff\x00"]
    with pytest.raises(pl.exceptions.InvalidOperationError):
        as_raw(pl.DataFrame({"doc_id": ["x"], "record_start": ["first"]}))


def test_a_rejected_record_keeps_its_place_and_can_be_found_again():
    place = {"uri", "record", "doc_id", "record_start", "record_end", "fetched_at", "payload"}
    assert {name: QUARANTINE[name] for name in place} == {name: RAW[name] for name in place}
    assert set(QUARANTINE) - place == {"stage", "expectation", "detail"}
    named = {"uri", "record", "doc_id", "stage"}
    assert {name: RETRIED[name] for name in named} == {name: QUARANTINE[name] for name in named}
