"""Records, documents, lines and source figures of earlier runs."""

from collections.abc import Sequence
from datetime import datetime

import duckdb
import polars as pl

from copydesk.transforms.contract import SOURCE_LINES, conform
from copydesk.warehouse.queries.incoming import to_temp_table


def last_run(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Return the id of the latest published run, or None."""
    row = connection.execute(
        "SELECT run_id FROM runs WHERE state = 'completed' ORDER BY started_at DESC, rowid DESC LIMIT 1"
    ).fetchone()
    return None if row is None else str(row[0])


def published_since(
    connection: duckdb.DuckDBPyConnection, began: datetime, run_ids: Sequence[str]
) -> tuple[str, int] | None:
    """Return id and number of loaded documents of the latest run published since `began` or among `run_ids`."""
    row = connection.execute(
        "SELECT run_id, n_loaded FROM runs "
        "WHERE state = 'completed' AND (finished_at >= $began OR list_contains($run_ids, run_id)) "
        "ORDER BY started_at DESC, rowid DESC LIMIT 1",
        {"began": began, "run_ids": list(run_ids)},
    ).fetchone()
    return None if row is None else (str(row[0]), int(row[1]))


def unknown_files(connection: duckdb.DuckDBPyConnection, listing: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of `listing` (uri, ...) whose uri no run has read."""
    to_temp_table(connection, listing)
    return connection.sql(
        "SELECT * FROM incoming ANTI JOIN raw_documents USING (uri) ANTI JOIN quarantine USING (uri)"
    ).pl()


def changes_by_hand(connection: duckdb.DuckDBPyConnection) -> int:
    """Return how many changes were made outside runs, by `copydesk entities`."""
    (n,) = connection.execute("SELECT count(*) FROM run_digests WHERE run_id = 'by hand'").fetchone() or (0,)
    return int(n)


def run_counts(connection: duckdb.DuckDBPyConnection, run_id: str) -> dict[str, int]:
    """Return the counts in records of a run in `runs`, by name."""
    query = "SELECT n_records, n_known, n_quarantined, n_duplicates, n_loaded FROM runs WHERE run_id = ?"
    return connection.execute(query, [run_id]).pl().to_dicts()[0]


def run_stages(connection: duckdb.DuckDBPyConnection, run_id: str) -> pl.DataFrame:
    """Return stage, n_in, n_out, n_quarantined and seconds of the stages of a run, in order."""
    return connection.execute(
        "SELECT stage, n_in, n_out, n_quarantined, seconds FROM stages WHERE run_id = ? ORDER BY rowid",
        [run_id],
    ).pl()


def known_records(
    connection: duckdb.DuckDBPyConnection, records: pl.DataFrame, retried: pl.DataFrame
) -> pl.DataFrame:
    """Return which of `records` (doc_id, uri, record) are loaded, or are in quarantine and not among `retried`."""
    to_temp_table(connection, records.select("doc_id", "uri", "record"))
    to_temp_table(connection, retried.select("doc_id", "uri", "record"), "incoming_retried")
    return connection.sql(
        "SELECT DISTINCT doc_id, uri, record FROM incoming SEMI JOIN ("
        "    SELECT doc_id, uri, record FROM raw_documents "
        "    UNION ALL "
        "    SELECT doc_id, uri, record FROM quarantine ANTI JOIN incoming_retried USING (doc_id, uri, record) "
        "    WHERE state <> 'retried'"
        ") USING (doc_id, uri, record)"
    ).pl()


def source_history(
    connection: duckdb.DuckDBPyConnection, sources: pl.DataFrame, n_runs: int = 100
) -> pl.DataFrame:
    """Return the SOURCE_RUNS of each of `sources` (source) in its latest `n_runs` runs with new records, oldest first,
    with `at`, the time when the run began.
    """
    to_temp_table(connection, sources)
    return connection.execute(
        'SELECT s.* EXCLUDE (run_id), r.started_at AS "at" '
        "FROM source_runs AS s INNER JOIN runs AS r USING (run_id) SEMI JOIN incoming USING (source) "
        "WHERE s.n_new > 0 "
        "QUALIFY row_number() OVER (PARTITION BY s.source ORDER BY r.started_at DESC) <= $n "
        'ORDER BY s.source, "at"',
        {"n": n_runs},
    ).pl()


def known_documents(connection: duckdb.DuckDBPyConnection, doc_ids: pl.Series) -> pl.DataFrame:
    """Return the doc_ids among `doc_ids` that are in documents: doc_id."""
    to_temp_table(connection, pl.DataFrame({"doc_id": doc_ids}))
    return connection.sql("SELECT doc_id FROM documents SEMI JOIN incoming USING (doc_id)").pl()


def source_lines(connection: duckdb.DuckDBPyConnection, lines: pl.DataFrame) -> pl.DataFrame:
    """Return the known SOURCE_LINES among `lines` (source, key)."""
    to_temp_table(connection, lines)
    found = connection.sql('SELECT * FROM source_lines SEMI JOIN incoming USING (source, "key")').pl()
    return conform(found, SOURCE_LINES)
