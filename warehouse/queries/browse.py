"""Queries of the local web UI: its first page, and what the other browse modules share."""

from typing import Any

import duckdb
import polars as pl

#: The condition for documents that readers see, as in the view articles.
IS_ARTICLE = "doc_id NOT IN (SELECT doc_id FROM duplicates WHERE doc_id <> canonical_doc_id)"


def rows(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: dict[str, Any] | None = None
) -> pl.DataFrame:
    """Return the rows of one statement."""
    return connection.execute(sql, parameters or {}).pl()


def list_values(connection: duckdb.DuckDBPyConnection, column: str) -> list[str]:
    """Return the distinct values of one column of documents (source or lang), sorted."""
    found = rows(connection, f"SELECT DISTINCT \"{column}\" AS c FROM documents WHERE c <> '' ORDER BY c")
    return found["c"].to_list()


def home(connection: duckdb.DuckDBPyConnection) -> dict[str, pl.DataFrame]:
    """Return the frames of the first page by name.

    numbers: one row of counts. run: the latest run, or no row. funnel: its stages. unmet: its failed expectations.
    """
    return {name: rows(connection, sql) for name, sql in _HOME.items()}


def numbers(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return the numbers of articles, merged records, stories, entities, sources and quarantined records, by name."""
    return rows(connection, _HOME["numbers"]).row(0, named=True)


_LATEST = "(SELECT run_id FROM runs ORDER BY started_at DESC, rowid DESC LIMIT 1)"
_HOME = {
    "numbers": f"""
        SELECT (SELECT count(*) FROM documents WHERE {IS_ARTICLE}) AS articles,
            (SELECT count(*) FROM duplicates) AS merged,
            (SELECT count(*) FROM stories WHERE n_documents > 1) AS stories,
            (SELECT count(*) FROM entities) AS entities,
            (SELECT count(DISTINCT source) FROM documents) AS sources,
            (SELECT count(*) FROM quarantine WHERE state = 'rejected') AS quarantined
    """,
    "run": f"""
        SELECT started_at, finished_at, state, n_records, n_known, n_loaded, n_duplicates, n_quarantined
        FROM runs WHERE run_id = {_LATEST} LIMIT 1
    """,
    "funnel": f"SELECT stage, n_in, n_quarantined, n_out, seconds FROM run_funnel WHERE run_id = {_LATEST}",
    "unmet": f"""
        SELECT stage, expectation, severity, observed, n_unexpected FROM quality_results
        WHERE NOT success AND run_id = {_LATEST} ORDER BY severity, stage, expectation
    """,
}
