"""Frames of proof sheets: what one sheet shows is the same alone and among others."""

import duckdb
import pytest
from polars.testing import assert_frame_equal

from copydesk.warehouse.queries.proof import choose_proofs, proof, read_proofs


def test_sheets_read_together_are_those_read_alone(sample: duckdb.DuckDBPyConnection) -> None:
    ids = [doc_id for (doc_id,) in sample.sql("SELECT doc_id FROM documents ORDER BY 1").fetchall()]
    ids += [doc_id for (doc_id,) in sample.sql("SELECT doc_id FROM quarantine ORDER BY 1").fetchall()]
    together = read_proofs(sample, [*ids, "nobody"])
    assert list(together) == [*ids, "nobody"]
    for doc_id in ids[::4]:
        for name, frame in proof(sample, doc_id).items():
            assert_frame_equal(together[doc_id][name], frame)
    assert all(frame.is_empty() for frame in together["nobody"].values())


def test_a_sheet_has_the_rows_of_its_document(sample: duckdb.DuckDBPyConnection) -> None:
    for (doc_id,) in sample.sql("SELECT doc_id FROM articles ORDER BY 1 LIMIT 5").fetchall():
        frames = proof(sample, doc_id)
        (row,) = frames["document"].to_dicts()
        texts = sample.execute(
            "SELECT any_value(d.text), any_value(r.raw_text), count(*), min(r.fetched_at) "
            "FROM documents AS d INNER JOIN raw_documents AS r USING (doc_id) WHERE doc_id = ?",
            [doc_id],
        ).fetchall()
        assert texts == [(row["text"], row["raw_text"], row["n_uris"], row["fetched_at"])]
        edits = sample.execute(
            'SELECT start, "end", rule, replacement, score FROM edits WHERE doc_id = ? ORDER BY start, "end"',
            [doc_id],
        ).fetchall()
        assert frames["edits"].rows() == edits
        surfaces = [row["text"][start:end] for start, end in frames["mentions"].select("start", "end").rows()]
        assert surfaces == frames["mentions"]["surface"].to_list()


def test_a_merged_document_and_its_canonical_document_have_each_others_text(
    sample: duckdb.DuckDBPyConnection,
) -> None:
    pairs = sample.sql(
        "SELECT doc_id, canonical_doc_id, canonical_containment FROM duplicates WHERE doc_id <> canonical_doc_id"
    ).fetchall()
    assert len(pairs) == 2
    for doc_id, canonical, containment in pairs:
        (merged,) = proof(sample, doc_id)["duplicates"].to_dicts()
        assert (merged["doc_id"], merged["is_merged"]) == (canonical, True)
        assert merged["canonical_containment"] == containment
        assert merged["text"] == proof(sample, canonical)["document"]["text"].item()
        (other,) = proof(sample, canonical)["duplicates"].filter(doc_id=doc_id).to_dicts()
        assert (other["is_merged"], other["canonical_containment"]) == (False, containment)


def test_a_rejected_record_has_its_first_bytes(sample: duckdb.DuckDBPyConnection) -> None:
    for doc_id, payload in sample.sql("SELECT doc_id, payload FROM quarantine").fetchall():
        frames = proof(sample, doc_id)
        assert frames["document"].is_empty()
        (row,) = frames["quarantine"].to_dicts()
        assert (row["payload"], row["n_bytes"]) == (payload, len(payload))


@pytest.mark.parametrize("run_id", [None, "no such run"])
def test_documents_are_chosen_once_with_all_their_reasons(
    sample: duckdb.DuckDBPyConnection, run_id: str | None
) -> None:
    chosen = choose_proofs(sample, run_id)
    assert chosen["doc_id"].is_unique().all()
    assert (chosen["reason"] != "").all()
    rejected = {doc_id for (doc_id,) in sample.sql("SELECT doc_id FROM quarantine").fetchall()}
    assert rejected <= set(chosen["doc_id"])
    merged = {
        doc_id for (doc_id,) in sample.sql("SELECT doc_id FROM duplicates WHERE kind <> 'exact'").fetchall()
    }
    if run_id is None:
        assert merged <= set(chosen["doc_id"])
        reasons = dict(chosen.iter_rows())
        assert all(reasons[doc_id].startswith("merged: ") for doc_id in merged)
    assert_frame_equal(choose_proofs(sample, run_id), chosen)
