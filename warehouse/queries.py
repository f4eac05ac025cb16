"""What a run asks of the warehouse before it loads."""

from collections.abc import Sequence

import duckdb
import polars as pl

from transforms.contract import DUPLICATES, PAIRS, SIGNATURES, SOURCE_LINES, conform


def last_run(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Return the id of the latest run that was published, or None."""
    row = connection.execute(
        "SELECT run_id FROM runs WHERE state = 'completed' ORDER BY started_at DESC, rowid DESC LIMIT 1"
    ).fetchone()
    return None if row is None else str(row[0])


def known_records(connection: duckdb.DuckDBPyConnection, records: pl.DataFrame) -> pl.DataFrame:
    """Return which of `records` (doc_id, uri, record) were loaded or quarantined before."""
    connection.register("incoming", records.select("doc_id", "uri", "record").to_arrow())
    return connection.sql(
        "SELECT DISTINCT doc_id, uri, record FROM incoming SEMI JOIN "
        "(SELECT doc_id, uri, record FROM raw_documents UNION ALL SELECT doc_id, uri, record FROM quarantine) "
        "USING (doc_id, uri, record)"
    ).pl()


def known_documents(connection: duckdb.DuckDBPyConnection, doc_ids: pl.Series) -> pl.DataFrame:
    """Return which of `doc_ids` are in documents: doc_id."""
    connection.register("incoming", pl.DataFrame({"doc_id": doc_ids}).to_arrow())
    return connection.sql("SELECT doc_id FROM documents SEMI JOIN incoming USING (doc_id)").pl()


def known_anchors(connection: duckdb.DuckDBPyConnection, anchors: pl.Series) -> pl.DataFrame:
    """Return text_key, anchor and n_anchors (of the text) for every text of the index that holds one of `anchors`."""
    connection.register("incoming", pl.DataFrame({"anchor": anchors}).to_arrow())
    return connection.sql(
        "SELECT DISTINCT text_key, anchor, n_anchors "
        "FROM (SELECT text_key, len(anchors) AS n_anchors, unnest(anchors) AS anchor FROM signatures) "
        "SEMI JOIN incoming USING (anchor)"
    ).pl()


def source_lines(connection: duckdb.DuckDBPyConnection, lines: pl.DataFrame) -> pl.DataFrame:
    """Return what the warehouse knows (SOURCE_LINES) of `lines` (source, key)."""
    connection.register("incoming", lines.to_arrow())
    found = connection.sql('SELECT * FROM source_lines SEMI JOIN incoming USING (source, "key")').pl()
    return conform(found, SOURCE_LINES)


def texts_of(connection: duckdb.DuckDBPyConnection, text_keys: pl.Series) -> pl.DataFrame:
    """Return text_key and text, one document's for each of `text_keys` that the warehouse knows."""
    connection.register("incoming", pl.DataFrame({"text_key": text_keys}).to_arrow())
    return connection.sql(
        "SELECT s.text_key, any_value(d.text ORDER BY d.doc_id) AS text FROM signatures AS s "
        "SEMI JOIN incoming USING (text_key) INNER JOIN documents AS d USING (doc_id) GROUP BY s.text_key"
    ).pl()


def component(
    connection: duckdb.DuckDBPyConnection, text_keys: pl.Series
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the SIGNATURES and PAIRS of every known text that `text_keys` reach through verified pairs."""
    connection.register("incoming", pl.DataFrame({"text_key": text_keys}).to_arrow())
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE reached AS "
        "WITH RECURSIVE steps AS ("
        "    SELECT text_key FROM incoming "
        "    UNION "
        "    SELECT CASE WHEN p.text_key = s.text_key THEN p.other_key ELSE p.text_key END "
        "    FROM steps AS s INNER JOIN duplicate_pairs AS p ON s.text_key IN (p.text_key, p.other_key)"
        ") SELECT text_key FROM steps"
    )
    signatures = connection.sql("SELECT * FROM signatures SEMI JOIN reached USING (text_key)").pl()
    pairs = connection.sql("SELECT * FROM duplicate_pairs SEMI JOIN reached USING (text_key)").pl()
    return conform(signatures, SIGNATURES), conform(pairs, PAIRS)


def merged(connection: duckdb.DuckDBPyConnection, doc_ids: pl.Series) -> pl.DataFrame:
    """Return the DUPLICATES rows of `doc_ids` as they stand, byte-for-byte copies left out."""
    connection.register("incoming", pl.DataFrame({"doc_id": doc_ids}).to_arrow())
    query = "SELECT * FROM duplicates SEMI JOIN incoming USING (doc_id) WHERE doc_id <> canonical_doc_id"
    return conform(connection.sql(query).pl(), DUPLICATES)


def untagged(connection: duckdb.DuckDBPyConnection, doc_ids: pl.Series) -> pl.DataFrame:
    """Return doc_id, lang and text of those of `doc_ids` that no model has tagged."""
    connection.register("incoming", pl.DataFrame({"doc_id": doc_ids}).to_arrow())
    return connection.sql(
        "SELECT doc_id, lang, text FROM documents SEMI JOIN incoming USING (doc_id) WHERE tagged_by IS NULL"
    ).pl()


def entity_names(connection: duckdb.DuckDBPyConnection, entity_ids: pl.Series) -> pl.DataFrame:
    """Return entity_id, label and name of those of `entity_ids` that are known."""
    connection.register("incoming", pl.DataFrame({"entity_id": entity_ids}).to_arrow())
    return connection.sql(
        "SELECT entity_id, label, name FROM entities SEMI JOIN incoming USING (entity_id)"
    ).pl()


def query(connection: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[object] = ()) -> pl.DataFrame:
    """Return the rows of one SQL statement. Raises duckdb.Error as DuckDB words it."""
    return connection.execute(sql, list(parameters)).pl()


def find_documents(connection: duckdb.DuckDBPyConnection, wanted: str, uri: str) -> pl.DataFrame:
    """Return doc_id and uri of every record that `wanted` may mean, sorted by uri.

    It may be the start of a doc_id, a uri (which `uri` spells in full), or the end of one from a slash on.
    """
    return connection.execute(
        "SELECT DISTINCT doc_id, uri "
        "FROM (SELECT doc_id, uri FROM raw_documents UNION ALL SELECT doc_id, uri FROM quarantine) "
        "WHERE starts_with(doc_id, lower($wanted)) OR uri IN ($wanted, $uri) OR ends_with(uri, '/' || $wanted) "
        "ORDER BY uri, doc_id",
        {"wanted": wanted, "uri": uri},
    ).pl()


def proof(connection: duckdb.DuckDBPyConnection, doc_id: str) -> dict[str, pl.DataFrame]:
    """Return all that a proof sheet of one document shows, by name.

    document: its row of documents with raw_text, uris, fetched_at and story (no row where it is quarantined);
    edits and mentions, in order; duplicates: what it was merged into (is_merged) or what was merged into it, with
    the other one's id, uri and title; quarantine: its rejected records.
    """
    return {name: connection.execute(sql, {"doc_id": doc_id}).pl() for name, sql in _PROOF.items()}


_PROOF = {
    "document": """
        SELECT d.*, r.uris, r.fetched_at, r.raw_text, r.media_type, s.label AS story
        FROM documents AS d
        INNER JOIN (
            SELECT doc_id, list(uri ORDER BY uri, record) AS uris, min(fetched_at) AS fetched_at,
                any_value(raw_text) AS raw_text, any_value(media_type) AS media_type
            FROM raw_documents WHERE doc_id = $doc_id GROUP BY doc_id
        ) AS r USING (doc_id)
        LEFT JOIN story_documents AS sd USING (doc_id)
        LEFT JOIN stories AS s USING (story_id)
    """,
    "edits": 'SELECT start, "end", rule, replacement, score FROM edits WHERE doc_id = $doc_id ORDER BY start, "end"',
    "mentions": """
        SELECT m.start, m."end", m.label, n.name
        FROM mentions AS m INNER JOIN entities AS n USING (entity_id)
        WHERE m.doc_id = $doc_id ORDER BY m.start, m."end" DESC
    """,
    "duplicates": """
        SELECT u.doc_id = $doc_id AND u.canonical_doc_id <> $doc_id AS is_merged, u.kind, u.similarity, u.containment,
            o.doc_id, CASE WHEN is_merged THEN o.uri ELSE u.uri END AS uri, o.title
        FROM duplicates AS u
        INNER JOIN documents AS o
            ON o.doc_id = CASE WHEN u.doc_id = $doc_id THEN u.canonical_doc_id ELSE u.doc_id END
        WHERE $doc_id IN (u.doc_id, u.canonical_doc_id)
        ORDER BY is_merged DESC, u.kind, u.uri
    """,
    "quarantine": """
        SELECT uri, stage, expectation, detail, payload FROM quarantine WHERE doc_id = $doc_id ORDER BY uri, record
    """,
}
