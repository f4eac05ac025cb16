"""The quarantine in the web UI."""

from collections.abc import Sequence

import duckdb
import polars as pl

from copydesk.warehouse.queries.browse import rows


def is_quarantined(connection: duckdb.DuckDBPyConnection, doc_ids: Sequence[str]) -> bool:
    """Return whether all of `doc_ids` are in quarantine."""
    found = rows(
        connection,
        "SELECT DISTINCT doc_id FROM quarantine WHERE state = 'rejected' AND doc_id IN (SELECT unnest($ids))",
        {"ids": list(doc_ids)},
    )
    return len(found) == len(set(doc_ids))


def quarantine(
    connection: duckdb.DuckDBPyConnection, stage: str, expectation: str, *, limit: int, offset: int
) -> tuple[int, pl.DataFrame]:
    """Return how many records are in quarantine, and `limit` of them from `offset` on, the latest first.

    `stage` and `expectation` filter them unless empty. Records that a later run retried are left out. Columns: doc_id,
    uri, record, stage, expectation, detail, size (in bytes, null if they were not kept), started_at of the run.
    """
    where = (
        "WHERE state = 'rejected' AND ($stage = '' OR stage = $stage) "
        "AND ($expectation = '' OR expectation = $expectation)"
    )
    given = {"stage": stage, "expectation": expectation}
    n = rows(connection, f"SELECT count(*) AS n FROM quarantine {where}", given)["n"][0]
    found = rows(
        connection,
        "SELECT q.doc_id, q.uri, q.record, q.stage, q.expectation, q.detail, octet_length(q.payload) AS size, "
        f"    r.started_at FROM (SELECT * FROM quarantine {where}) AS q LEFT JOIN runs AS r USING (run_id) "
        "ORDER BY r.started_at DESC NULLS LAST, q.uri, q.record, q.doc_id LIMIT $limit OFFSET $offset",
        given | {"limit": limit, "offset": offset},
    )
    return n, found


def reasons(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return how many records each expectation rejected: stage, expectation, n."""
    return rows(
        connection,
        "SELECT stage, expectation, count(*) AS n FROM quarantine WHERE state = 'rejected' "
        "GROUP BY ALL ORDER BY n DESC, 1, 2",
    )
