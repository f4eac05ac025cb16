"""Digests: what every run wrote, as order-free sums of row hashes, so that the audit finds rows that anything else
changed.

A run enters in `run_digests` what it adds to a table less what it takes away; the sums over all runs are those of the
table. Only the rows that a run inserts or may change are hashed, so the cost follows the new input (docs/adr/0020).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import duckdb

#: Every table that a run writes, with what is hashed of its rows. Long texts are under hashes already: raw_text and
#: payload under doc_id, text under the fingerprint of its document.
DIGESTED = {
    "documents": "* EXCLUDE (text)",
    "duplicates": "*",
    "edits": "*",
    "entities": "*",
    "entity_changes": "*",
    "entity_names": "*",
    "entity_rules": "*",
    "entity_stand_ins": "*",
    "mentions": "*",
    "quality_failures": "*",
    "quality_results": "*",
    "quarantine": "* REPLACE (payload IS NOT NULL AS payload)",
    "raw_documents": "* EXCLUDE (raw_text)",
    "runs": "*",
    "signatures": "*",
    "source_lines": "*",
    "source_runs": "*",
    "stages": "*",
    "stories": "*",
    "story_changes": "*",
    "story_documents": "*",
    "story_terms": "*",
    "text_overlaps": "*",
}
#: The rows of a table that a run may change besides adding some. A row too many costs time only.
type Changes = Mapping[str, str]

_THIS_RUN = "run_id = getvariable('digested_run')"
_ENTITIES: dict[str, str] = {
    "entities": "entity_id IN (SELECT entity_id FROM staged_entities UNION ALL SELECT old_id FROM staged_entity_moves)",
    "entity_names": '"key" IN (SELECT "key" FROM staged_entity_names)',
    # as joins: with one million mentions they take a fifth of the time of two EXISTS (0.05 CPU-seconds)
    "mentions": """rowid IN (
        SELECT m.rowid FROM mentions AS m
        INNER JOIN staged_entity_names AS s ON s.kind = m.kind AND s."key" = m.own_key
        WHERE s.resolved_by = 'alias' AND m."key" <> m.own_key
        UNION ALL
        SELECT m.rowid FROM mentions AS m
        INNER JOIN staged_entity_names AS s ON s.kind = m.kind AND s."key" = m."key"
        WHERE s.entity_id <> m.entity_id
    )""",
    "entity_rules": "true",
}
PUBLISHED: Changes = _ENTITIES | {
    "runs": _THIS_RUN,
    "documents": "tagged_by IS NULL AND doc_id IN (SELECT doc_id FROM staged_tagged)",
    "source_lines": '"key" IN (SELECT "key" FROM staged_source_lines)',
    "duplicates": "doc_id IN (SELECT doc_id FROM staged_decided)",
    "text_overlaps": (
        "text_key IN (SELECT text_key FROM staged_texts) OR other_key IN (SELECT text_key FROM staged_texts)"
    ),
    "entity_stand_ins": (
        '(kind, "key", "full", rule) IN (SELECT (kind, "key", "full", rule) FROM staged_stand_ins)'
    ),
    "stories": (
        "story_id IN ("
        "SELECT story_id FROM staged_story_documents UNION ALL SELECT old_story_id FROM staged_story_changes)"
    ),
    "story_documents": (
        "doc_id IN (SELECT doc_id FROM staged_story_documents UNION ALL SELECT doc_id FROM staged_story_changes)"
    ),
    # those that may be too old now: the time that counts is that of the newest article, the run's own included
    "story_terms": """
        doc_id NOT IN (
            SELECT doc_id FROM story_documents WHERE greatest("at", fetched_at) > (
                SELECT max(greatest("at", fetched_at)) - INTERVAL 28 DAY FROM (
                    SELECT "at", fetched_at FROM story_documents
                    UNION ALL
                    SELECT "at", fetched_at FROM staged_story_documents
                )
            )
        ) OR doc_id IN (SELECT doc_id FROM staged_story_documents UNION ALL SELECT doc_id FROM staged_story_changes)
    """,
    "quarantine": "(doc_id, uri, record, run_id) IN (SELECT (doc_id, uri, record, run_id) FROM staged_retried)",
}
FAILED: Changes = {"runs": _THIS_RUN, "quality_results": _THIS_RUN, "quality_failures": _THIS_RUN}
BY_HAND: Changes = _ENTITIES
#: Tables that a run only adds rows to.
_ADDED_TO = (
    *("raw_documents", "edits", "signatures", "stages", "source_runs"),
    *("quality_results", "quality_failures", "story_changes", "entity_changes"),
)


@contextmanager
def digested(connection: duckdb.DuckDBPyConnection, run_id: str, changes: Changes) -> Iterator[None]:
    """Enter in run_digests what the block changes, in the transaction that is open.

    `changes` are PUBLISHED, FAILED or BY_HAND; rows that are added to the tables named there and in _ADDED_TO are
    found by themselves. Raises duckdb.Error.
    """
    connection.execute("SET VARIABLE digested_run = ?", [run_id])
    last, before = {}, {}
    for table in (*changes, *(table for table in _ADDED_TO if table not in changes)):
        (last[table],) = connection.execute(f"SELECT coalesce(max(rowid), -1) FROM {table}").fetchone() or (
            -1,
        )
        if table in changes:
            connection.execute(
                f"CREATE OR REPLACE TEMP TABLE digested_{table} AS SELECT rowid AS place FROM {table} AS t "
                f"WHERE {changes[table]}"
            )
        before[table] = _touched(connection, table, changes)
    yield
    for table, end in last.items():
        added, kept = sum_rows(connection, table, f"rowid > {end}"), _touched(connection, table, changes)
        n, digest = (new + now - was for new, now, was in zip(added, kept, before[table], strict=True))
        if (n, digest) != (0, 0):
            connection.execute("INSERT INTO run_digests VALUES (?, ?, ?, ?)", [run_id, table, n, digest])


def start_digests(connection: duckdb.DuckDBPyConnection) -> None:
    """Enter all rows that are there as those of an upgrade: a migration may have changed any of them."""
    connection.execute("DELETE FROM run_digests")
    for table in DIGESTED:
        n, digest = sum_rows(connection, table)
        if n:
            connection.execute("INSERT INTO run_digests VALUES ('upgrade', ?, ?, ?)", [table, n, digest])


def changed_tables(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Return the tables whose rows are not those that the runs wrote, each with what is different."""
    query = "SELECT table_name, sum(n_rows), sum(digest) FROM run_digests GROUP BY table_name"
    written = {table: (int(n), int(digest)) for table, n, digest in connection.execute(query).fetchall()}
    found = []
    for table in sorted({*DIGESTED, *written}):
        there = sum_rows(connection, table) if table in DIGESTED else (0, 0)
        n, digest = written.get(table, (0, 0))
        if there[0] != n:
            found.append((table, f"has {there[0]} rows, {n} were written"))
        elif there[1] != digest:
            found.append((table, "a row was changed"))
    return found


def sum_rows(connection: duckdb.DuckDBPyConnection, table: str, where: str = "true") -> tuple[int, int]:
    """Return the number of rows of a table that meet a condition, and the sum of their hashes."""
    # md5 of the row as JSON: DuckDB's own hash() may be another one in its next version.
    query = (
        "SELECT count(*), coalesce(sum(md5_number_lower(to_json(r)::VARCHAR)::HUGEINT), 0) "
        f"FROM (SELECT {DIGESTED[table]} FROM {table} WHERE {where}) AS r"
    )
    n, digest = connection.execute(query).fetchone() or (0, 0)
    return int(n), int(digest)


def _touched(connection: duckdb.DuckDBPyConnection, table: str, changes: Changes) -> tuple[int, int]:
    if table not in changes:
        return 0, 0
    return sum_rows(connection, table, f"rowid IN (SELECT place FROM digested_{table})")
