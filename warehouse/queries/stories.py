"""Stories of known articles, and the articles that new ones are compared with."""

import duckdb
import polars as pl

from copydesk.warehouse.queries.incoming import find_rowids, to_temp_table
from copydesk.warehouse.queries.known_texts import texts_of


def untagged(connection: duckdb.DuckDBPyConnection, doc_ids: pl.Series) -> pl.DataFrame:
    """Return doc_id, lang and text of the documents among `doc_ids` that no model has tagged."""
    find_rowids(connection, "documents", "doc_id", doc_ids)
    return connection.sql(
        "SELECT doc_id, lang, text FROM documents "
        "WHERE rowid IN (SELECT place FROM places) AND tagged_by IS NULL"
    ).pl()


def documents_of(connection: duckdb.DuckDBPyConnection, doc_ids: pl.Series) -> pl.DataFrame:
    """Return doc_id, title, text, lang, published_at and fetched_at of the known documents among `doc_ids`."""
    texts = texts_of(connection, doc_ids)
    rest = connection.sql(
        "SELECT d.doc_id, any_value(d.title) AS title, any_value(d.lang) AS lang, "
        "    any_value(d.published_at) AS published_at, min(r.fetched_at) AS fetched_at "
        "FROM documents AS d SEMI JOIN incoming USING (doc_id) INNER JOIN raw_documents AS r USING (doc_id) "
        "GROUP BY d.doc_id"
    ).pl()
    return texts.join(rest, on="doc_id").sort("doc_id")


def without_story(connection: duckdb.DuckDBPyConnection, decided: pl.Series, merged: pl.Series) -> pl.Series:
    """Return the doc_ids of known articles without a story: documents that were merged before, and all that were loaded
    by a version without stories. This run replaces the rows of `decided` in duplicates by those of `merged`.
    """
    to_temp_table(connection, pl.DataFrame({"doc_id": decided}))
    to_temp_table(connection, pl.DataFrame({"doc_id": merged}), "incoming_merged")
    return connection.sql(
        "SELECT doc_id FROM documents ANTI JOIN story_documents USING (doc_id) ANTI JOIN ("
        "    SELECT doc_id FROM duplicates ANTI JOIN incoming USING (doc_id) WHERE doc_id <> canonical_doc_id "
        "    UNION ALL FROM incoming_merged"
        ") USING (doc_id)"
    ).pl()["doc_id"]


def stories_of(connection: duckdb.DuckDBPyConnection, doc_ids: pl.Series) -> pl.DataFrame:
    """Return doc_id and story_id of the documents among `doc_ids` that are in a story."""
    to_temp_table(connection, pl.DataFrame({"doc_id": doc_ids}))
    return connection.sql(
        "SELECT doc_id, story_id FROM story_documents SEMI JOIN incoming USING (doc_id)"
    ).pl()


def window(connection: duckdb.DuckDBPyConnection, new: pl.DataFrame, days: int) -> pl.DataFrame:
    """Return the articles that were published or fetched at most `days` before the first or after the last of `new`
    (doc_id, published_at, fetched_at): doc_id, published_at, fetched_at, terms and weights (null if they are not
    stored), story_id.
    """
    to_temp_table(connection, new)
    return connection.sql(
        "WITH span AS ("
        f"    SELECT min(t) - INTERVAL {days} DAY AS first_at, max(t) + INTERVAL {days} DAY AS last_at "
        "    FROM (SELECT published_at AS t FROM incoming UNION ALL SELECT fetched_at FROM incoming)"
        ") SELECT s.doc_id, s.published_at, s.fetched_at, t.terms, t.weights, s.story_id "
        "FROM story_documents AS s INNER JOIN span ON s.published_at BETWEEN first_at AND last_at "
        "    OR s.fetched_at BETWEEN first_at AND last_at "
        "LEFT JOIN story_terms AS t USING (doc_id) ANTI JOIN incoming USING (doc_id) ORDER BY s.doc_id"
    ).pl()
