"""One document in the browser: what the page shows is what the tables hold."""

import duckdb

from copydesk.warehouse.queries.browse_documents import document, is_document


def test_the_page_of_an_article_has_its_rows(sample: duckdb.DuckDBPyConnection) -> None:
    for (doc_id,) in sample.sql("SELECT doc_id FROM articles").fetchall():
        frames = document(sample, doc_id)
        (row,) = frames["document"].to_dicts()
        assert sample.execute(
            "SELECT title, text, story_id, (SELECT count(*) FROM edits WHERE doc_id = $id) FROM articles "
            "WHERE doc_id = $id",
            {"id": doc_id},
        ).fetchall() == [(row["title"], row["text"], row["story_id"], row["n_edits"])]
        mentions = frames["mentions"]
        assert [row["text"][start:end] for start, end in mentions.select("start", "end").rows()] == [
            surface
            for (surface,) in sample.execute(
                'SELECT surface FROM mentions WHERE doc_id = ? ORDER BY start, "end" DESC', [doc_id]
            ).fetchall()
        ]
        assert frames["entities"]["n_mentions"].sum() == len(mentions)
        assert frames["canonical"].is_empty()


def test_a_merged_document_and_its_canonical_document_show_each_other(
    sample: duckdb.DuckDBPyConnection,
) -> None:
    pairs = sample.sql("SELECT doc_id, canonical_doc_id FROM duplicates WHERE kind <> 'exact'").fetchall()
    assert len(pairs) == 2
    for doc_id, canonical in pairs:
        merged, kept = document(sample, doc_id), document(sample, canonical)
        assert merged["canonical"]["doc_id"].to_list() == [canonical]
        assert doc_id in kept["copies"]["doc_id"].to_list()
        assert merged["document"]["story_id"].to_list() == kept["document"]["story_id"].to_list()


def test_a_document_is_told_from_a_rejected_record_and_from_nothing(
    sample: duckdb.DuckDBPyConnection,
) -> None:
    ((rejected,),) = sample.sql("SELECT doc_id FROM quarantine WHERE stage = 'clean'").fetchall()
    ((loaded,),) = sample.sql("SELECT doc_id FROM documents LIMIT 1").fetchall()
    assert [is_document(sample, doc_id) for doc_id in (loaded, rejected, "nobody")] == [True, False, None]
    assert [frame.height for frame in document(sample, "nobody").values()] == [0] * 7
