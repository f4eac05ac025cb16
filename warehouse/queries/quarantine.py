"""The quarantine: rejected records that no later run has retried."""

from collections.abc import Iterator

import duckdb
import polars as pl


def rejected(
    connection: duckdb.DuckDBPyConnection, stage: str | None = None, expectation: str | None = None
) -> pl.DataFrame:
    """Return the rows of quarantine whose state is rejected, sorted by uri and record, with `n_bytes` (null if the
    bytes were not kept) instead of payload. `stage` and `expectation` filter them.
    """
    return connection.execute(
        "SELECT * EXCLUDE (payload), octet_length(payload) AS n_bytes FROM quarantine "
        "WHERE state = 'rejected' AND stage = coalesce($stage, stage) "
        "    AND expectation = coalesce($expectation, expectation) ORDER BY uri, record, doc_id",
        {"stage": stage, "expectation": expectation},
    ).pl()


def payloads(connection: duckdb.DuckDBPyConnection, records: pl.DataFrame) -> Iterator[bytes | None]:
    """Yield the bytes of each of `records` (doc_id, uri, record, run_id), in order; None if they were not kept."""
    connection.register("wanted_records", records.with_row_index("n").to_arrow())
    places = dict(
        connection.sql(
            "SELECT w.n, q.rowid FROM wanted_records AS w "
            "INNER JOIN quarantine AS q USING (doc_id, uri, record, run_id)"
        ).fetchall()
    )
    connection.unregister("wanted_records")
    for number in range(len(records)):  # one at a time: together they may not fit in memory
        row = connection.execute(
            "SELECT payload FROM quarantine WHERE rowid = ?", [places[number]]
        ).fetchone()
        yield None if row is None else row[0]


def expectations(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the names of all expectations that a run checked or a record failed, sorted."""
    found = connection.sql("SELECT expectation FROM quality_results UNION SELECT expectation FROM quarantine")
    return sorted(name for (name,) in found.fetchall())
