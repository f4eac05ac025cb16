"""Publication: everything a run staged becomes visible in one transaction, or nothing does."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import duckdb
import polars as pl

from warehouse.schema import transaction

type Staged = Mapping[str, pl.DataFrame | list[str]]
"""By table name: a frame, or the Parquet files that hold one (never an empty list)."""


def publish(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    run: dict[str, Any],
    check: Callable[[duckdb.DuckDBPyConnection], pl.DataFrame],
) -> None:
    """Load `staged` in one transaction: insert, check, commit; then checkpoint.

    `run` is the row of `runs`. `check` sees the open transaction; it returns its quality results, or raises to
    roll everything back. Raises what `check` raises, and duckdb.Error.
    """
    with transaction(connection):
        for name, content in staged.items():
            _stage(connection, name, content)
        _insert_run(connection, run)
        _execute(connection, _STATEMENTS, run["run_id"])
        results = check(connection)
        connection.register("results_of_load", results.to_arrow())
        connection.execute(_RESULTS.format(source="results_of_load"), {"run": run["run_id"]})
    connection.execute("CHECKPOINT")


def record_failure(
    connection: duckdb.DuckDBPyConnection,
    run: dict[str, Any],
    results: pl.DataFrame | None = None,
    failures: pl.DataFrame | None = None,
) -> None:
    """Record a run that published nothing, with the quality results and failures that it had."""
    with transaction(connection):
        _insert_run(connection, run)
        if results is not None and failures is not None:
            _stage(connection, "results", results)
            _stage(connection, "failures", failures)
            _execute(connection, (_RESULTS.format(source="staged_results"), _FAILURES), run["run_id"])


def replace_names(
    connection: duckdb.DuckDBPyConnection,
    names: pl.DataFrame,
    entities: pl.DataFrame,
    moves: pl.DataFrame,
    rules: pl.DataFrame,
) -> None:
    """Load NAMES that were decided anew outside a run, with their ENTITIES, moves and the ALIASES made by hand."""
    staged = {"entity_names": names, "entities": entities, "entity_moves": moves, "hand_rules": rules}
    with transaction(connection):
        for name, frame in staged.items():
            _stage(connection, name, frame)
        connection.execute("DELETE FROM entity_rules WHERE made_by = 'hand'")
        connection.execute(
            "INSERT INTO entity_rules BY NAME SELECT *, 'hand' AS made_by FROM staged_hand_rules"
        )
        _execute(connection, _NAMES, "by hand")
    connection.execute("CHECKPOINT")


def _execute(connection: duckdb.DuckDBPyConnection, statements: Iterable[str], run_id: str) -> None:
    for statement in statements:
        connection.execute(statement, {"run": run_id} if "$run" in statement else None)


def _stage(connection: duckdb.DuckDBPyConnection, name: str, content: pl.DataFrame | list[str]) -> None:
    if isinstance(content, pl.DataFrame):
        connection.register(f"staged_{name}", content.to_arrow())
    else:
        files = ", ".join("'" + path.replace("'", "''") + "'" for path in content)
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW staged_{name} AS SELECT * FROM read_parquet([{files}])"
        )


def _insert_run(connection: duckdb.DuckDBPyConnection, run: dict[str, Any]) -> None:
    columns = [row[0] for row in connection.execute("SELECT column_name FROM (DESCRIBE runs)").fetchall()]
    connection.execute("DELETE FROM runs WHERE run_id = ?", [run["run_id"]])
    marks = ", ".join("?" for _ in columns)
    values = [
        value.isoformat() if isinstance(value := run.get(column), datetime) else value for column in columns
    ]
    connection.execute(f"INSERT INTO runs VALUES ({marks})", values)


_RESULTS = "INSERT INTO quality_results BY NAME SELECT *, $run AS run_id FROM {source}"
_FAILURES = "INSERT INTO quality_failures BY NAME SELECT *, $run AS run_id FROM staged_failures"

#: What follows when names were decided anew: their mentions, their entities and the entities' counts.
_NAMES = (
    """
    MERGE INTO entity_names AS e USING staged_entity_names AS s ON (e.kind, e."key") = (s.kind, s."key")
    WHEN MATCHED THEN UPDATE SET
        block = s.block, n_documents = s.n_documents, written = s.written, label = s.label, entity_id = s.entity_id,
        resolved_by = s.resolved_by, score = s.score
    WHEN NOT MATCHED THEN INSERT BY NAME
    """,
    # What the user says of a name wins over the longer name that it stood for in its document.
    """
    UPDATE mentions SET "key" = own_key, resolved_by = 'alias', score = 1
    FROM staged_entity_names AS s
    WHERE
        mentions.kind = s.kind AND mentions.own_key = s."key" AND mentions."key" <> mentions.own_key
        AND s.resolved_by = 'alias'
    """,
    """
    UPDATE mentions SET entity_id = s.entity_id
    FROM staged_entity_names AS s
    WHERE mentions.kind = s.kind AND mentions."key" = s."key" AND mentions.entity_id <> s.entity_id
    """,
    "INSERT INTO entity_changes SELECT $run, old_id, entity_id FROM staged_entity_moves",
    """
    MERGE INTO entities AS e USING staged_entities AS s ON e.entity_id = s.entity_id
    WHEN MATCHED THEN UPDATE SET name = s.name, label = s.label, country_code = s.country_code, kb_id = s.kb_id
    WHEN NOT MATCHED THEN INSERT VALUES (
        s.entity_id, s.label, s.name, s.country_code, s.kb_id, 0, NULL, NULL, 0
    )
    """,
    """
    DELETE FROM entities
    WHERE
        entity_id IN (SELECT old_id FROM staged_entity_moves UNION ALL SELECT entity_id FROM staged_entities)
        AND entity_id NOT IN (SELECT entity_id FROM mentions)
    """,
    """
    UPDATE entities SET
        n_documents = f.n_documents, first_seen = f.first_seen, last_seen = f.last_seen, n_sources = f.n_sources
    FROM (
        SELECT
            m.entity_id, count(DISTINCT m.doc_id) AS n_documents, count(DISTINCT d.source) AS n_sources,
            min(coalesce(d.published_at, r.fetched_at)) AS first_seen,
            max(coalesce(d.published_at, r.fetched_at)) AS last_seen
        FROM mentions AS m
        SEMI JOIN (
            SELECT entity_id FROM staged_entities UNION ALL SELECT old_id FROM staged_entity_moves
        ) AS s ON s.entity_id = m.entity_id
        INNER JOIN documents AS d USING (doc_id)
        INNER JOIN (SELECT doc_id, min(fetched_at) AS fetched_at FROM raw_documents GROUP BY doc_id) AS r USING (doc_id)
        GROUP BY m.entity_id
    ) AS f
    WHERE entities.entity_id = f.entity_id
    """,
)

# Inserts are ordered by doc_id: neighbouring texts of one document compress well and a lookup reads one row group.
_STATEMENTS = (
    """
    INSERT INTO raw_documents
    SELECT doc_id, uri, record, source, media_type, charset, record_start, record_end, fetched_at, raw_text, $run
    FROM staged_raw SEMI JOIN staged_records USING (doc_id, uri, record)
    ORDER BY doc_id, uri, record
    """,
    """
    INSERT INTO documents BY NAME
    SELECT
        c.*, p.uri, t.tagged_by, $run AS run_id,
        (
            SELECT max_by(o.doc_id, (r.started_at, o.doc_id))
            FROM documents AS o INNER JOIN runs AS r ON r.run_id = o.run_id
            WHERE o.uri = p.uri
        ) AS revision_of,
        document_fingerprint(
            doc_id, p.uri, c.source, title, byline, credit, published_at, lang, lang_confidence,
            text, n_words, kept_share, agency, dateline, published_from, url, site
        ) AS fingerprint
    FROM staged_clean AS c
    INNER JOIN (SELECT doc_id, uri FROM staged_records WHERE is_primary) AS p USING (doc_id)
    LEFT JOIN staged_tagged AS t USING (doc_id)
    ORDER BY doc_id
    """,
    """
    UPDATE documents SET tagged_by = t.tagged_by
    FROM staged_tagged AS t
    WHERE documents.doc_id = t.doc_id AND documents.tagged_by IS NULL AND t.tagged_by IS NOT NULL
    """,
    """
    INSERT INTO edits
    SELECT doc_id, start, "end", rule, replacement, score, evidence
    FROM staged_edits SEMI JOIN (SELECT doc_id FROM staged_records WHERE is_primary) USING (doc_id)
    ORDER BY doc_id, start
    """,
    """
    MERGE INTO source_lines AS l USING staged_source_lines AS s ON l.source = s.source AND l."key" = s."key"
    WHEN MATCHED THEN UPDATE SET n_seen = s.n_seen, n_documents = s.n_documents
    WHEN NOT MATCHED THEN INSERT VALUES (s.source, s."key", s.n_seen, s.n_documents)
    """,
    "INSERT INTO signatures BY NAME SELECT * FROM staged_signatures ORDER BY doc_id",
    """
    DELETE FROM duplicates
    WHERE doc_id <> canonical_doc_id AND doc_id IN (SELECT doc_id FROM staged_decided)
    """,
    """
    INSERT INTO duplicates
    SELECT
        s.doc_id, s.canonical_doc_id, s.kind, s.similarity, s.containment, d.uri, r.record, $run, s.keeper_containment,
        s.text_key, s.canonical_key
    FROM staged_duplicates AS s
    INNER JOIN documents AS d USING (doc_id)
    INNER JOIN (SELECT doc_id, uri, min(record) AS record FROM raw_documents GROUP BY doc_id, uri) AS r
        ON r.doc_id = s.doc_id AND r.uri = d.uri
    ORDER BY s.doc_id
    """,
    """
    INSERT INTO duplicates
    SELECT doc_id, doc_id, 'exact', 1, 1, uri, record, $run, 1, NULL, NULL
    FROM staged_records WHERE NOT is_primary ORDER BY doc_id, uri, record
    """,
    """
    DELETE FROM text_overlaps USING staged_texts AS t
    WHERE text_overlaps.text_key = t.text_key AND coalesce(t.canonical_key = text_overlaps.other_key, true)
    """,
    """
    DELETE FROM text_overlaps USING staged_texts AS t
    WHERE text_overlaps.other_key = t.text_key AND t.canonical_key IS NOT NULL
    """,
    """
    INSERT INTO text_overlaps
    SELECT text_key, canonical_key, kind, similarity, containment, keeper_containment
    FROM staged_overlaps AS s
    WHERE NOT EXISTS (
        SELECT 1 FROM text_overlaps AS t WHERE t.text_key = s.text_key AND t.other_key = s.canonical_key
    )
    ORDER BY text_key, canonical_key
    """,
    "INSERT INTO mentions BY NAME SELECT * FROM staged_mentions ORDER BY doc_id, start",
    """
    MERGE INTO entity_stand_ins AS e USING staged_stand_ins AS s
    ON (e.kind, e."key", e."full", e.rule) = (s.kind, s."key", s."full", s.rule)
    WHEN MATCHED THEN UPDATE SET n_documents = e.n_documents + s.n_documents
    WHEN NOT MATCHED THEN INSERT BY NAME
    """,
    "DELETE FROM entity_rules WHERE made_by = 'file'",
    "INSERT INTO entity_rules BY NAME SELECT *, 'file' AS made_by FROM staged_entity_rules",
    *_NAMES,
    "INSERT INTO story_changes SELECT $run, doc_id, old_story_id, new_story_id, kind FROM staged_story_changes",
    """
    CREATE OR REPLACE TEMP TABLE touched_stories AS
    SELECT story_id FROM staged_story_documents UNION SELECT old_story_id FROM staged_story_changes
    """,
    """
    DELETE FROM story_documents WHERE doc_id IN (
        SELECT doc_id FROM staged_story_documents UNION ALL SELECT doc_id FROM staged_story_changes
    )
    """,
    "INSERT INTO story_documents BY NAME SELECT * FROM staged_story_documents ORDER BY doc_id",
    "DELETE FROM stories WHERE story_id IN (SELECT story_id FROM touched_stories)",
    """
    INSERT INTO stories
    WITH touched AS (
        SELECT s.* FROM story_documents AS s SEMI JOIN touched_stories USING (story_id)
    ), read AS (  -- a document counts for every outlet that printed it, or a copy of it
        SELECT DISTINCT doc_id, source FROM raw_documents
    ), printed AS (
        SELECT doc_id, source FROM read
        UNION ALL
        SELECT u.canonical_doc_id, r.source
        FROM (SELECT DISTINCT doc_id, canonical_doc_id FROM duplicates) AS u INNER JOIN read AS r USING (doc_id)
    ), sources AS (
        SELECT s.story_id, count(DISTINCT p.source) AS n_sources
        FROM touched AS s LEFT JOIN printed AS p USING (doc_id) GROUP BY s.story_id
    ), told AS (
        SELECT
            s.story_id, s."at", s.score, s.doc_id, d.title IS NOT NULL AS has_title,
            CASE
                WHEN d.title IS NOT NULL THEN d.title
                WHEN length(d.text) <= 80 THEN d.text
                ELSE regexp_replace(left(d.text, 80), '\\s+\\S*$', '') || '…'
            END AS label
        FROM touched AS s INNER JOIN documents AS d USING (doc_id)
    )
    SELECT
        t.story_id, max_by(t.label, (t.has_title, t.score, -epoch_us(t."at"), t.doc_id)), min(t."at"), max(t."at"),
        count(*), any_value(o.n_sources)
    FROM told AS t INNER JOIN sources AS o USING (story_id)
    GROUP BY t.story_id
    """,
    "INSERT INTO story_terms SELECT doc_id, terms, weights FROM staged_story_terms ORDER BY doc_id",
    """
    DELETE FROM story_terms WHERE doc_id NOT IN (
        SELECT doc_id FROM story_documents WHERE greatest("at", fetched_at) > (
            SELECT max(greatest("at", fetched_at)) - INTERVAL 28 DAY FROM story_documents
        )
    )
    """,
    """
    UPDATE quarantine SET state = 'retried', retried_by = $run
    FROM staged_retried AS s
    WHERE
        quarantine.doc_id = s.doc_id AND quarantine.uri = s.uri AND quarantine.record = s.record
        AND quarantine.run_id = s.run_id AND quarantine.state = 'rejected'
    """,
    """
    INSERT INTO quarantine BY NAME
    SELECT *, $run AS run_id, 'rejected' AS state FROM staged_quarantine ORDER BY uri, record
    """,
    "INSERT INTO stages SELECT $run, stage, n_in, n_out, n_quarantined, seconds FROM staged_stages",
    "INSERT INTO source_runs BY NAME SELECT *, $run AS run_id FROM staged_source_runs ORDER BY source",
    _RESULTS.format(source="staged_results"),
    _FAILURES,
)
