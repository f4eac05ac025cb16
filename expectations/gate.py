"""The gate: checks the suite of a stage over its measures, and decides which rows are rejected.

Great Expectations reads narrow tables of ids, numbers and flags, never text: a million rows take less than a second.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from copydesk.expectations.learned import judge_by_history
from copydesk.expectations.results import open_source, read_finding, validate
from copydesk.expectations.suite import SCOPES, SUITES, Expectation, apply_limits, read_suite
from copydesk.expectations.verdict import QUALITY, Verdict, to_failures, to_flagged, to_rejected


@dataclass(frozen=True)
class Measures:
    """What a gate checks.

    `documents` has one row per document: doc_id, source and measures. `sources` has one row per source: source, n_new
    and measures. `run` has measures in one row. `history` has the rows of `sources` of earlier runs, with `at` and
    `flagged` (the names of the expectations that the source failed then).
    """

    documents: pl.DataFrame
    sources: pl.DataFrame | None = None
    run: pl.DataFrame | None = None
    history: pl.DataFrame | None = None


def judge_measures(
    stage: str,
    measures: Measures,
    folder: Path = SUITES,
    limits: Mapping[str, Mapping[str, Mapping[str, Any]]] | None = None,
) -> Verdict:
    """Check the suite of `stage`, with the `limits` of sources instead of the suite's, in a separate database.

    A document that fails several expectations is rejected by the first of them. All documents of a source are
    rejected if the source fails an expectation with the severity warning. Raises ValueError for an invalid suite, and
    RuntimeError when an expectation could not be checked: a misspelt column must not look like bad data.
    """
    suite = apply_limits(read_suite(stage, folder), limits or {})
    with duckdb.connect() as connection:
        connection.register("documents", measures.documents.to_arrow())
        if measures.run is not None:
            connection.register("run", measures.run.with_columns(doc_id=pl.lit("run")).to_arrow())
        if measures.sources is not None:
            judged = judge_by_history(suite, measures.sources, measures.history)
            connection.register("sources", judged.with_columns(doc_id="source").to_arrow())
        tables = {scope for scope in SCOPES if getattr(measures, scope) is not None}
        return _judge(stage, suite, connection, measures.documents, {scope: scope for scope in tables})


def judge_table(
    stage: str, connection: duckdb.DuckDBPyConnection, table: str, folder: Path = SUITES
) -> Verdict:
    """Check the suite of `stage` over a table or view of `connection` with a doc_id, inside its open transaction."""
    documents = connection.sql(f"SELECT doc_id FROM {table}").pl()
    return _judge(
        stage, apply_limits(read_suite(stage, folder), {}), connection, documents, {"documents": table}
    )


def _judge(
    stage: str,
    suite: tuple[Expectation, ...],
    connection: duckdb.DuckDBPyConnection,
    documents: pl.DataFrame,
    tables: Mapping[str, str],
) -> Verdict:
    """Check the expectations of `suite` that have a table, through one view per group over the same rows."""
    groups: dict[tuple[str, str | None, tuple[str, ...]], list[Expectation]] = {}
    for expectation in suite:
        if expectation.over in tables:
            groups.setdefault((expectation.over, expectation.only, expectation.but), []).append(expectation)
    outcomes: dict[str, dict[str, Any]] = {}
    findings = []
    source = open_source(connection) if groups else None
    for number, ((over, only, but), group) in enumerate(groups.items()):
        view = f"{stage}_{over}_{number}"
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW {view} AS SELECT * FROM {tables[over]} {_where(only, but)}"
        )
        outcome = validate(group, source, view)
        outcomes[" ".join([stage, over, *([only] if only else [])])] = outcome
        by_name = {result["expectation_config"]["meta"]["name"]: result for result in outcome["results"]}
        findings += [read_finding(stage, each, by_name[each.name], connection) for each in group]
    order = {(each.name, each.only): place for place, each in enumerate(suite)}
    findings.sort(key=lambda finding: order[finding.expectation.name, finding.expectation.only])
    return Verdict(
        pl.DataFrame([finding.result(stage) for finding in findings], schema=QUALITY, orient="row"),
        to_failures(stage, findings, documents),
        to_rejected(stage, findings, documents),
        to_flagged(findings),
        tuple(finding.line for finding in findings if finding.stops),
        outcomes,
    )


def _where(only: str | None, but: tuple[str, ...]) -> str:
    """Return the condition for the rows of one source, or of all sources but some."""
    if only is not None:
        return f"WHERE source = {_quoted(only)}"
    return f"WHERE source IS NULL OR source NOT IN ({', '.join(map(_quoted, but))})" if but else ""


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
