"""The verdict of a gate: results, failures, rejected documents and flagged sources."""

from dataclasses import dataclass, field
from typing import Any

import polars as pl

from copydesk.expectations.results import SHOWN, Finding

#: One row: one expectation that a gate checked. The table quality_results has the run too.
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


#: One row: one row of measures that failed an expectation, as in the table quality_failures; doc_id is null for a
#: source and for the run.
FAILURES: dict[str, pl.DataType | type[pl.DataType]] = {
    "stage": pl.String,
    "expectation": pl.String,
    "severity": pl.String,
    "doc_id": pl.String,
    "source": pl.String,
    "seen": pl.String,
}


#: One row: one document that goes to quarantine, with the first expectation that it failed.
REJECTED: dict[str, pl.DataType | type[pl.DataType]] = {
    "doc_id": pl.String,
    "stage": pl.String,
    "expectation": pl.String,
    "detail": pl.String,
}


@dataclass(frozen=True)
class Verdict:
    """The verdict of one gate.

    `results` (QUALITY, one row per expectation), `failures` (FAILURES, up to 20 rows per expectation), `rejected`
    (REJECTED, one row per document that goes to quarantine), `flagged` (source, expectation: what each source failed),
    `critical` (a line for each expectation that must stop the run), and `outcomes`: what Great Expectations itself
    says, by scope.
    """

    results: pl.DataFrame
    failures: pl.DataFrame
    rejected: pl.DataFrame
    flagged: pl.DataFrame
    critical: tuple[str, ...] = ()
    outcomes: dict[str, dict[str, Any]] = field(default_factory=dict)


def to_failures(stage: str, findings: list[Finding], documents: pl.DataFrame) -> pl.DataFrame:
    """Return the FAILURES: of each expectation the first rows that failed it."""
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


def to_rejected(stage: str, findings: list[Finding], documents: pl.DataFrame) -> pl.DataFrame:
    """Return the REJECTED documents: those that failed a warning, and all of each source that failed one."""
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


def to_flagged(findings: list[Finding]) -> pl.DataFrame:
    """Return which sources failed which source expectations: source, expectation."""
    rows = [
        (source, finding.expectation.name)
        for finding in findings
        if finding.expectation.over == "sources"
        for source in finding.failing["row"]
    ]
    return pl.DataFrame(rows, schema={"source": pl.String, "expectation": pl.String}, orient="row").unique(
        maintain_order=True
    )
