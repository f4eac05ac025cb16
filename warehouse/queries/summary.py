"""Short answers for the command line: runs, sizes, unmet expectations, entities by name."""

import duckdb
import polars as pl


def latest_runs(connection: duckdb.DuckDBPyConnection, limit: int = 10) -> pl.DataFrame:
    """Return the latest runs, newest first: run_id, started (UTC, text), state and counts of records."""
    return connection.execute(
        "SELECT run_id, strftime(started_at, '%Y-%m-%d %H:%M:%S') AS started, state, n_records, n_known, "
        "n_quarantined, n_duplicates, n_loaded FROM runs ORDER BY started_at DESC LIMIT ?",
        [limit],
    ).pl()


def table_sizes(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return table_name and n_rows of every table."""
    return connection.execute(
        "SELECT table_name, estimated_size AS n_rows FROM duckdb_tables() ORDER BY table_name"
    ).pl()


def unmet_expectations(connection: duckdb.DuckDBPyConnection, run_id: str) -> pl.DataFrame:
    """Return severity, stage, expectation and observed of each expectation that a run did not meet."""
    return connection.execute(
        "SELECT severity, stage, expectation, observed FROM quality_results WHERE run_id = ? AND NOT success "
        "ORDER BY severity DESC, list_position(['ingest', 'clean', 'dedupe', 'tag', 'load'], stage), expectation",
        [run_id],
    ).pl()


def untagged_languages(connection: duckdb.DuckDBPyConnection, run_id: str) -> pl.DataFrame:
    """Return lang and n_articles of the articles of a run that no model tagged, most first."""
    return connection.execute(
        "SELECT coalesce(d.lang, 'unknown') AS lang, count(*) AS n_articles "
        "FROM articles AS a INNER JOIN documents AS d USING (doc_id) "
        "WHERE d.tagged_by IS NULL AND d.run_id = ? GROUP BY ALL ORDER BY n_articles DESC, lang",
        [run_id],
    ).pl()


def search_entities(connection: duckdb.DuckDBPyConnection, words: str, limit: int) -> pl.DataFrame:
    """Return the entities that have `words` in their name or in a spelling, most documents first.

    Columns: label, name, country_code, kb_id, n_documents and spellings, each with how it was resolved.
    """
    return connection.execute(
        "SELECT e.label, e.name, e.country_code, e.kb_id, e.n_documents, "
        "    string_agg("
        "        n.written || CASE WHEN n.resolved_by = 'exact' THEN '' ELSE ' (' || n.resolved_by || ')' END, "
        "        ', ' ORDER BY n.n_documents DESC, n.written"
        "    ) AS spellings "
        "FROM entities AS e INNER JOIN entity_names AS n USING (entity_id) GROUP BY ALL "
        "HAVING bool_or(contains(lower(strip_accents(n.written)), lower(strip_accents($words)))) "
        "    OR contains(lower(strip_accents(e.name)), lower(strip_accents($words))) "
        "ORDER BY e.n_documents DESC, e.name LIMIT $limit",
        {"words": words, "limit": limit},
    ).pl()
