"""What a run asks of the warehouse."""

from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

from flows.settings import read_settings
from flows.store import reading
from tests.conftest import rows
from warehouse import queries


def test_known_records_and_documents(sample_home: Path) -> None:
    ((doc_id, uri),) = rows(sample_home, "SELECT doc_id, uri FROM quarantine WHERE stage = 'clean'")
    asked = pl.DataFrame(
        {"doc_id": [doc_id, doc_id, "other"], "uri": [uri, "elsewhere", uri], "record": [0, 0, 0]},
        schema_overrides={"record": pl.Int64},
    )
    with reading(read_settings(home=sample_home)) as warehouse:
        assert_frame_equal(queries.known_records(warehouse, asked), asked.head(1))
        assert queries.known_documents(warehouse, pl.Series([doc_id])).is_empty()


def test_a_component_reaches_through_pairs(sample_home: Path) -> None:
    ((low, high),) = rows(sample_home, "SELECT text_key, other_key FROM duplicate_pairs WHERE kind = 'near'")
    with reading(read_settings(home=sample_home)) as warehouse:
        signatures, pairs = queries.component(warehouse, pl.Series([high], dtype=pl.UInt64))
        assert set(signatures["text_key"]) == {low, high}
        assert pairs.select("text_key", "other_key").rows() == [(low, high)]
        texts = queries.texts_of(warehouse, signatures["text_key"])
        assert len(texts) == 2


def test_merged_leaves_byte_copies_out(sample_home: Path) -> None:
    everyone = pl.Series([row[0] for row in rows(sample_home, "SELECT doc_id FROM documents")])
    with reading(read_settings(home=sample_home)) as warehouse:
        assert sorted(queries.merged(warehouse, everyone)["kind"]) == ["contained", "near"]
