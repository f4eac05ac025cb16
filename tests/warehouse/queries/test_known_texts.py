"""What a run asks of the warehouse."""

from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from copydesk.flows.io.warehouse import reading
from copydesk.flows.settings import read_settings
from copydesk.transforms.contract import ANCHORS, INDEXED, SIGNATURES, conform
from copydesk.transforms.dedupe.index_lookup import to_segment
from copydesk.warehouse.queries import known_texts, run_history
from copydesk.warehouse.schema import connect, migrate
from tests.conftest import rows


def test_known_records_and_documents(sample_home: Path) -> None:
    ((doc_id, uri),) = rows(sample_home, "SELECT doc_id, uri FROM quarantine WHERE stage = 'clean'")
    asked = pl.DataFrame(
        {"doc_id": [doc_id, doc_id, "other"], "uri": [uri, "elsewhere", uri], "record": [0, 0, 0]},
        schema_overrides={"record": pl.Int64},
    )
    with reading(read_settings(home=sample_home)) as warehouse:
        assert_frame_equal(run_history.known_records(warehouse, asked, asked.clear()), asked.head(1))
        assert run_history.known_records(warehouse, asked, asked.head(1)).is_empty()
        assert run_history.known_documents(warehouse, pl.Series([doc_id])).is_empty()


def test_a_merged_text_is_known_with_its_canonical_text_and_its_members(sample_home: Path) -> None:
    ((doc_id, canonical),) = rows(
        sample_home, "SELECT doc_id, canonical_doc_id FROM duplicates WHERE kind = 'near'"
    )
    keys = dict(rows(sample_home, "SELECT doc_id, text_key FROM signatures"))
    with reading(read_settings(home=sample_home)) as warehouse:
        (merge,) = known_texts.merges_of(warehouse, pl.Series([keys[doc_id]], dtype=pl.UInt64)).rows()
        assert merge[:3] == (keys[doc_id], keys[canonical], "near")
        assert known_texts.merges_of(warehouse, pl.Series([keys[canonical]], dtype=pl.UInt64)).is_empty()
        assert (
            keys[doc_id]
            in known_texts.members_of(warehouse, pl.Series([keys[canonical]], dtype=pl.UInt64)).to_list()
        )
        texts = known_texts.texts_of(warehouse, pl.Series([doc_id, canonical, "nobody"]))
    assert dict(texts.iter_rows()) == dict(
        rows(sample_home, f"SELECT doc_id, text FROM documents WHERE doc_id IN ('{doc_id}', '{canonical}')")
    )


@pytest.mark.parametrize("n_parts", [1, 3])
def test_a_large_bucket_gives_its_heads_unless_a_new_text_is_one(tmp_path: Path, n_parts: int) -> None:
    connection = connect(tmp_path / "w.duckdb")
    migrate(connection)
    connection.execute(
        "INSERT INTO signatures SELECT 'd' || i, i, 100 - i % 50, NULL, 0, 1, [7, 1000 + i] FROM range(1, 61) AS t(i)"
    )
    signatures = conform(connection.sql("SELECT * FROM signatures").pl(), SIGNATURES)
    index = [to_segment(part) for part in signatures.iter_slices(60 // n_parts)]

    def heads(n_words: int) -> list[int]:
        new = pl.DataFrame([(500, 7, 1)], schema=ANCHORS, orient="row")
        text = pl.DataFrame([("new", 500, n_words, None, 0)], schema=INDEXED, orient="row")
        anchors, texts, frames = known_texts.known_anchors(connection, index, new, text, 3)
        assert frames.is_empty()
        assert sorted(texts["text_key"]) == sorted(anchors["text_key"])
        assert set(anchors["anchor"]) == {7}
        return sorted(anchors["text_key"].to_list())

    assert heads(50) == [1, 50, 51]  # 100, 99 and 99 words; of equal length the smallest doc_id first
    assert len(heads(100)) == 60


def test_an_anchor_is_a_frame_where_most_of_its_heads_are_articles(tmp_path: Path) -> None:
    connection = connect(tmp_path / "w.duckdb")
    migrate(connection)
    connection.execute(
        "INSERT INTO signatures SELECT 'd' || i, i, 200 - i, NULL, 0, 1, [7 + i % 2] FROM range(1, 200) AS t(i)"
    )
    # Of the first four of either anchor one and two were merged.
    connection.execute(
        "INSERT INTO duplicates SELECT 'd' || i, 'd199', 'near', 1, 1, '', 0, 'r', 1, i, 199 "
        "FROM unnest([2, 1, 7]) AS t(i)"
    )
    index = [to_segment(conform(connection.sql("SELECT * FROM signatures").pl(), SIGNATURES))]
    new = pl.DataFrame([(500, 7, 1), (500, 8, 1)], schema=ANCHORS, orient="row")
    text = pl.DataFrame([("new", 500, 90, None, 0)], schema=INDEXED, orient="row")
    _, texts, frames = known_texts.known_anchors(connection, index, new, text, 4)
    assert sorted(texts["text_key"]) == list(range(1, 9))
    assert frames.to_list() == [7]


def test_merged_leaves_byte_copies_out(sample_home: Path) -> None:
    everyone = pl.Series(
        [row[0] for row in rows(sample_home, "SELECT text_key FROM signatures")], dtype=pl.UInt64
    )
    with reading(read_settings(home=sample_home)) as warehouse:
        assert sorted(known_texts.duplicates_of(warehouse, everyone)["kind"]) == ["contained", "near"]
