"""One document in the web UI."""

import duckdb
import polars as pl

from copydesk.warehouse.queries.browse import rows


def document(connection: duckdb.DuckDBPyConnection, doc_id: str) -> dict[str, pl.DataFrame]:
    """Return the frames of the page of one document by name.

    document: its row, or no row. mentions: in the order of the text. entities: by number of mentions. copies: the
    records merged into it. canonical: the document that it was merged into. story: other articles of its story.
    records: where it was read.
    """
    return {name: rows(connection, sql, {"doc_id": doc_id}) for name, sql in _DOCUMENT.items()}


_DOCUMENT = {
    "document": """
        SELECT d.* EXCLUDE (fingerprint), s.story_id, s."at", s.at_from, t.label AS story, t.n_documents, t.n_sources,
            (SELECT count(*) FROM edits WHERE doc_id = $doc_id) AS n_edits
        FROM documents AS d
        LEFT JOIN duplicates AS u ON u.doc_id = d.doc_id AND u.canonical_doc_id <> d.doc_id
        LEFT JOIN story_documents AS s ON s.doc_id = coalesce(u.canonical_doc_id, d.doc_id)
        LEFT JOIN stories AS t USING (story_id)
        WHERE d.doc_id = $doc_id LIMIT 1
    """,
    "mentions": """
        SELECT m.start, m."end", m.entity_id, m.label, m.resolved_by, e.name
        FROM mentions AS m INNER JOIN entities AS e USING (entity_id)
        WHERE m.doc_id = $doc_id ORDER BY m.start, m."end" DESC
    """,
    "entities": """
        SELECT e.entity_id, e.name, mode(m.label) AS label, count(*) AS n_mentions
        FROM mentions AS m INNER JOIN entities AS e USING (entity_id)
        WHERE m.doc_id = $doc_id GROUP BY e.entity_id, e.name ORDER BY n_mentions DESC, e.name, e.entity_id
    """,
    "copies": """
        SELECT u.doc_id, u.kind, u.similarity, u.containment, u.uri, d.source, d.title
        FROM duplicates AS u INNER JOIN documents AS d USING (doc_id)
        WHERE u.canonical_doc_id = $doc_id ORDER BY u.similarity DESC, u.uri, u.record LIMIT 200
    """,
    "canonical": """
        SELECT DISTINCT u.kind, u.similarity, u.containment, d.doc_id, d.source, d.title
        FROM duplicates AS u INNER JOIN documents AS d ON d.doc_id = u.canonical_doc_id
        WHERE u.doc_id = $doc_id AND u.canonical_doc_id <> $doc_id
    """,
    "story": """
        SELECT d.doc_id, d.title, d.source, o."at", o.at_from
        FROM story_documents AS s
        INNER JOIN story_documents AS o ON o.story_id = s.story_id AND o.doc_id <> s.doc_id
        INNER JOIN documents AS d ON d.doc_id = o.doc_id
        WHERE s.doc_id = $doc_id ORDER BY o."at" DESC, d.doc_id LIMIT 6
    """,
    "records": """
        SELECT uri, fetched_at, media_type, charset FROM raw_documents WHERE doc_id = $doc_id
        ORDER BY uri, record LIMIT 20
    """,
}


def is_document(connection: duckdb.DuckDBPyConnection, doc_id: str) -> bool | None:
    """Return True for the id of a document, False for that of a rejected record, None for any other."""
    found = rows(
        connection,
        "SELECT true AS it FROM documents WHERE doc_id = $doc_id "
        "UNION ALL SELECT false FROM quarantine WHERE doc_id = $doc_id ORDER BY it DESC LIMIT 1",
        {"doc_id": doc_id},
    )
    return None if found.is_empty() else bool(found["it"][0])
