"""Rows of any statement, and records by what a user calls them."""

from collections.abc import Sequence

import duckdb
import polars as pl


def query(connection: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[object] = ()) -> pl.DataFrame:
    """Return the rows of one SQL statement. Raises duckdb.Error."""
    return connection.execute(sql, list(parameters)).pl()


def find_documents(connection: duckdb.DuckDBPyConnection, wanted: str, uri: str) -> pl.DataFrame:
    """Return doc_id and uri of every record that `wanted` may mean, sorted by uri.

    `wanted` is the start of a doc_id, a uri (`uri` is its full form), or the end of a uri after a slash. Records of the
    quarantine that a later run retried are returned only if nothing else matches.
    """
    return connection.execute(
        # Not with a window over all rows: one such query in some hundreds ends DuckDB 1.5.5 with an internal error.
        "WITH found AS ("
        "    SELECT doc_id, uri, is_current FROM ("
        "        SELECT doc_id, uri, true AS is_current FROM raw_documents "
        "        UNION ALL SELECT doc_id, uri, state <> 'retried' FROM quarantine"
        "    ) WHERE starts_with(doc_id, lower($wanted)) OR uri IN ($wanted, $uri) OR ends_with(uri, '/' || $wanted)"
        ") SELECT DISTINCT doc_id, uri FROM found "
        "WHERE is_current OR NOT (SELECT coalesce(bool_or(is_current), false) FROM found) ORDER BY uri, doc_id",
        {"wanted": wanted, "uri": uri},
    ).pl()
