"""The gate: runs a stage's suite over its measures and says which rows may not pass.

Great Expectations sees narrow tables of ids, numbers and flags, never text: a million rows take it under a second so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from expectations.findings import SHOWN, Finding, read_finding, validate
from expectations.suite import SCOPES, SUITES, Expectation, apply_limits, read_suite
from transforms.history import find_usual

#: What one gate leaves in the warehouse's table quality_results, but for the run.
QUALITY: dict[str, pl.DataType | type[pl.DataType]] = {
    "stage": pl.String,
    "suite": pl.String,
    "expectation": pl.String,
    "severity": pl.String,
    "success": pl.Boolean,
    "observed": pl.String,
    "n_unexpected": pl.Int64,
    "doc_ids": pl.List(pl.String),
    "n_checked": pl.Int64,
    "over": pl.String,
    "source": pl.String,
    "because": pl.String,
    "asks": pl.String,
}
#: What it leaves in quality_failures: a row that failed; doc_id is null where the row was a source or the run.
FAILURES: dict[str, pl.DataType | type[pl.DataType]] = {
    "stage": pl.String,
    "expectation": pl.String,
    "severity": pl.String,
    "doc_id": pl.String,
    "source": pl.String,
    "seen": pl.String,
}
REJECTED: dict[str, pl.DataType | type[pl.DataType]] = {
    "doc_id": pl.String,
    "stage": pl.String,
    "expectation": pl.String,
    "detail": pl.String,
}


@dataclass(frozen=True)
class Measures:
    """What a gate looks at.

    `documents` has doc_id, source and measures, a row a document; `sources` has source, n_new and measures, a row a
    source; `run` has measures in one row. `history` has what `sources` of earlier runs had, with `at` and `flagged`
    (names of the expectations that the source failed then).
    """

    documents: pl.DataFrame
    sources: pl.DataFrame | None = None
    run: pl.DataFrame | None = None
    history: pl.DataFrame | None = None


@dataclass(frozen=True)
class Verdict:
    """What a gate found.

    `results` (QUALITY, a row an expectation), `failures` (FAILURES, up to 20 rows an expectation), `rejected`
    (REJECTED, a row a document that goes to quarantine), `flagged` (source, expectation: what each source failed),
    `critical` (a line for each expectation that must stop the run), and `outcomes`: Great Expectations' validation
    results as JSON dicts, by the rows that they are over ("clean documents"), their lists cut to 20 items.
    """

    results: pl.DataFrame
    failures: pl.DataFrame
    rejected: pl.DataFrame
    flagged: pl.DataFrame
    critical: tuple[str, ...] = ()
    outcomes: dict[str, dict[str, Any]] = field(default_factory=dict)


def judge_measures(
    stage: str,
    measures: Measures,
    folder: Path = SUITES,
    limits: Mapping[str, Mapping[str, Mapping[str, Any]]] | None = None,
) -> Verdict:
    """Run the suite of `stage`, with the `limits` of sources over its own, in a database of its own.

    A document that fails several expectations is rejected by the first of them; a source that fails one with the
    severity warning has all its documents rejected. Raises ValueError for a wrong suite, and RuntimeError where an
    expectation could not be checked at all: a suite that names a column wrongly must not look like bad data.
    """
    suite = apply_limits(read_suite(stage, folder), limits or {})
    with duckdb.connect() as connection:
        connection.register("documents", measures.documents.to_arrow())
        if measures.run is not None:
            connection.register("run", measures.run.with_columns(doc_id=pl.lit("run")).to_arrow())
        if measures.sources is not None:
            judged = _judge_by_history(suite, measures.sources, measures.history)
            connection.register("sources", judged.with_columns(doc_id="source").to_arrow())
        tables = {scope for scope in SCOPES if getattr(measures, scope) is not None}
        return _judge(stage, suite, connection, measures.documents, {scope: scope for scope in tables})


def judge_table(
    stage: str, connection: duckdb.DuckDBPyConnection, table: str, folder: Path = SUITES
) -> Verdict:
    """Run the suite of `stage` over a table or view of `connection` (with a doc_id), seeing its open transaction."""
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
    """Check what of `suite` there is a table for, a view for each group that looks at the same rows."""
    groups: dict[tuple[str, str | None, tuple[str, ...]], list[Expectation]] = {}
    for expectation in suite:
        if expectation.over in tables:
            groups.setdefault((expectation.over, expectation.only, expectation.but), []).append(expectation)
    outcomes: dict[str, dict[str, Any]] = {}
    findings = []
    for number, ((over, only, but), group) in enumerate(groups.items()):
        view = f"{stage}_{over}_{number}"
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW {view} AS SELECT * FROM {tables[over]} {_where(only, but)}"
        )
        outcome = validate(group, connection, view)
        outcomes[" ".join([stage, over, *([only] if only else [])])] = outcome
        by_name = {result["expectation_config"]["meta"]["name"]: result for result in outcome["results"]}
        findings += [read_finding(stage, each, by_name[each.name], connection) for each in group]
    order = {(each.name, each.only): place for place, each in enumerate(suite)}
    findings.sort(key=lambda finding: order[finding.expectation.name, finding.expectation.only])
    return Verdict(
        pl.DataFrame([finding.result(stage) for finding in findings], schema=QUALITY, orient="row"),
        _failures(stage, findings, documents),
        _rejected(stage, findings, documents),
        _flagged(findings),
        tuple(finding.line for finding in findings if finding.stops),
        outcomes,
    )


def _where(only: str | None, but: tuple[str, ...]) -> str:
    """Return the condition for the rows of a source, or of all but some."""
    if only is not None:
        return f"WHERE source = {_quoted(only)}"
    return f"WHERE source IS NULL OR source NOT IN ({', '.join(map(_quoted, but))})" if but else ""


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _failures(stage: str, findings: list[Finding], documents: pl.DataFrame) -> pl.DataFrame:
    """Return FAILURES: the first rows that failed each expectation."""
    rows = [pl.DataFrame(schema=FAILURES)]
    for finding in findings:
        shown = finding.failing.sort("row").head(SHOWN)
        if finding.expectation.over == "documents":
            sources = documents.select(
                "doc_id", pl.col("source") if "source" in documents.columns else pl.lit(None).alias("source")
            )
            shown = shown.rename({"row": "doc_id"}).join(sources.unique("doc_id"), on="doc_id", how="left")
        else:
            is_source = finding.expectation.over == "sources"
            shown = shown.with_columns(
                doc_id=pl.lit(None), source=pl.col("row") if is_source else pl.lit(None)
            )
        named = shown.with_columns(
            stage=pl.lit(stage),
            expectation=pl.lit(finding.expectation.name),
            severity=pl.lit(finding.expectation.severity),
        )
        rows.append(named.select(pl.col(name).cast(dtype) for name, dtype in FAILURES.items()))
    return pl.concat(rows)


def _rejected(stage: str, findings: list[Finding], documents: pl.DataFrame) -> pl.DataFrame:
    """Return REJECTED: what failed a warning; of a source that did, every document."""
    rows = [pl.DataFrame(schema=REJECTED)]
    for finding in findings:
        expectation, failing = finding.expectation, finding.failing
        if expectation.severity != "warning" or expectation.over == "run":
            continue
        if expectation.over == "sources":
            failing = documents.join(failing, left_on="source", right_on="row").select("doc_id", "seen")
        else:
            failing = failing.rename({"row": "doc_id"})
        rows.append(
            failing.select(
                "doc_id",
                stage=pl.lit(stage),
                expectation=pl.lit(expectation.name),
                detail=pl.col("seen") + pl.lit(f": {expectation.because}"),
            )
        )
    return pl.concat(rows).unique("doc_id", keep="first", maintain_order=True)


def _flagged(findings: list[Finding]) -> pl.DataFrame:
    """Return source and expectation: which sources failed which of their own expectations."""
    rows = [
        (source, finding.expectation.name)
        for finding in findings
        if finding.expectation.over == "sources"
        for source in finding.failing["row"]
    ]
    return pl.DataFrame(rows, schema={"source": pl.String, "expectation": pl.String}, orient="row").unique(
        maintain_order=True
    )


def _judge_by_history(
    suite: tuple[Expectation, ...], sources: pl.DataFrame, history: pl.DataFrame | None
) -> pl.DataFrame:
    """Give `sources` a flag for each learned expectation, by its name, and a sentence that says what is usual."""
    flags: dict[str, list[pl.DataFrame]] = {}
    for expectation in suite:
        if expectation.learned is None:
            continue
        if history is None:
            past = sources.clear().with_columns(at=pl.lit(None, pl.Int64), flagged=pl.lit(value=False))
        else:
            past = history.with_columns(flagged=pl.col("flagged").list.contains(expectation.name))
        usual = find_usual(past, sources.filter(_concerns(expectation)), expectation.learned)
        said = pl.format("{} = {}, usual {}", pl.lit(expectation.column), _figure("value"), _range())
        flags.setdefault(expectation.name, []).append(usual.select("source", flag="is_usual", said=said))
    for name, parts in flags.items():
        named = pl.concat(parts).select(
            "source", pl.col("flag").alias(name), pl.col("said").alias(f"{name} said")
        )
        sources = sources.join(named, on="source", how="left", maintain_order="left")
    return sources


def _concerns(expectation: Expectation) -> pl.Expr:
    """Say of a source whether an expectation is for it."""
    if expectation.only is not None:
        return pl.col("source") == expectation.only
    return ~pl.col("source").is_in(list(expectation.but))


def _figure(name: str) -> pl.Expr:
    """Write a figure with as many digits as tell something."""
    value = pl.col(name)
    whole = value.round(0).cast(pl.Int64, strict=False).cast(pl.String)
    is_whole = (value.abs() >= 20) | (value == value.round(0))
    return pl.when(is_whole).then(whole).otherwise(value.round(2).cast(pl.String))


def _range() -> pl.Expr:
    low, high = _figure("low"), _figure("high")
    return (
        pl.when(pl.col("low").is_null())
        .then(pl.lit("at most ") + high)
        .when(pl.col("high").is_null())
        .then(pl.lit("at least ") + low)
        .otherwise(low + pl.lit(" to ") + high)
    )
