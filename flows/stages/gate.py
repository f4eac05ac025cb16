"""The gates between the stages: collect what a gate checks, run its suite and act on the verdict."""

from datetime import datetime
from typing import Any

import polars as pl

from copydesk.expectations.gate import Measures, judge_measures
from copydesk.flows.errors import GateFailed, UsageError
from copydesk.flows.io.limits import read_limits
from copydesk.flows.io.warehouse import reading
from copydesk.flows.settings import Settings
from copydesk.flows.staging.folder import Staging
from copydesk.flows.staging.frames import RECORD
from copydesk.transforms.contract import SOURCE_RUNS, empty
from copydesk.transforms.quality.source_measures import (
    clean_sources,
    dedupe_sources,
    ingest_sources,
    tag_sources,
)
from copydesk.warehouse.queries import run_history


def pass_gate(settings: Settings, staging: Staging, stage: str) -> None:
    """Run the suite of `stage` over its measures; stage what the gate found and the documents it rejected.

    Raises GateFailed, in one line, when a critical expectation failed, and UsageError for one that cannot be checked.
    """
    now = datetime.fromisoformat(_noted(staging)["started_at"])
    limits = read_limits(settings)
    documents = _documents(staging, stage, now)
    history = limits.forget(_history(settings, staging))
    sources = _sources(staging, stage, documents, history, now)
    missing = pl.DataFrame({"n_missing": [_count_missing(staging, stage, documents)]})
    measures = Measures(documents, sources, missing, history)
    try:
        verdict = judge_measures(stage, measures, settings.suites, limits.by_source)
    except RuntimeError as error:
        raise UsageError(f"suite {error}") from error
    staging.write(stage, "results", verdict.results)
    staging.write(stage, "failures", verdict.failures)
    staging.write(stage, "rejected", verdict.rejected)
    staging.write(stage, "flagged", verdict.flagged)
    if sources is not None:
        staging.write(stage, "sources", sources)
    staging.note(f"{stage}-outcomes", verdict.outcomes)
    if verdict.critical:
        raise GateFailed(f"the gate after {stage} stopped the run: {verdict.critical[0]}")


def source_runs(staging: Staging, stages: tuple[str, ...]) -> pl.DataFrame:
    """Return the SOURCE_RUNS of the run: what the gates of `stages` measured and flagged; none in a retry."""
    if _is_retry(staging):
        return empty(SOURCE_RUNS)
    rows = staging.read(stages[0], "sources")
    for stage in stages[1:]:
        rows = rows.join(staging.read(stage, "sources").drop("n_new", strict=False), on="source", how="left")
    flagged = pl.concat([staging.read(stage, "flagged") for stage in stages])
    names = flagged.group_by("source").agg(flagged=pl.col("expectation").sort())
    rows = rows.join(names, on="source", how="left").with_columns(pl.col("flagged").fill_null([]))
    return rows.select(pl.col(name).cast(dtype) for name, dtype in SOURCE_RUNS.items()).sort("source")


def _documents(staging: Staging, stage: str, now: datetime) -> pl.DataFrame:
    """Return the measures of a stage with each document's source and, if it has a time, the hours ahead of `now`."""
    documents = staging.read_all(stage, "measures")
    if "source" not in documents.columns:
        source = staging.read_all("clean", "measures", columns=["doc_id", "source"])
        documents = documents.join(source, on="doc_id", how="left", maintain_order="left")
    if "stamp" in documents.columns:
        hours = (pl.col("stamp") - pl.lit(now)).dt.total_seconds() / 3600
        documents = documents.with_columns(hours_ahead=hours)
    return documents


def _sources(
    staging: Staging, stage: str, documents: pl.DataFrame, history: pl.DataFrame, now: datetime
) -> pl.DataFrame | None:
    """Return a stage's measures per source with n_new; None in a retry, which is not a delivery of any source."""
    if _is_retry(staging):
        return None
    if stage == "ingest":
        return ingest_sources(staging.read("ingest", "read"), history, now)
    known = documents.filter(pl.col("source").is_not_null())
    if stage == "clean":
        figures = clean_sources(known, history)
    elif stage == "dedupe":
        figures = dedupe_sources(_copies(staging))
    else:
        figures = tag_sources(known)
    return figures.join(
        staging.read("ingest", "sources", columns=["source", "n_new"]), on="source", how="left"
    )


def _count_missing(staging: Staging, stage: str, documents: pl.DataFrame) -> int:
    """Return how many records the previous stage passed on that are missing after this one."""
    if stage == "ingest":
        return (
            int(_noted(staging)["n_files"])
            - staging.read("ingest", "read", columns=["uri"])["uri"].n_unique()
        )
    if stage == "clean":
        return staging.count("ingest", "primary") - len(documents)
    cleaned = staging.read_all("clean", "measures", columns=["doc_id", "lang"])
    passed = cleaned.join(staging.read("clean", "rejected", columns=["doc_id"]), on="doc_id", how="anti")
    if stage == "dedupe":
        signed = staging.read_all("dedupe", "signatures", columns=["doc_id"])
        return len(passed.join(signed, on="doc_id", how="anti"))
    merged = staging.read("dedupe", "duplicates", columns=["doc_id"])
    articles = passed.join(merged, on="doc_id", how="anti")
    spoken = articles.join(documents, on="doc_id", how="semi")["lang"].unique()
    return len(
        articles.filter(pl.col("lang").is_in(spoken.implode())).join(documents, on="doc_id", how="anti")
    )


def _copies(staging: Staging) -> pl.DataFrame:
    """Return source and is_copy of every accepted record."""
    merged = staging.read("dedupe", "duplicates", columns=["doc_id"])["doc_id"]
    read = staging.read("ingest", "read", columns=[*RECORD, "source"])
    return (
        staging.read("ingest", "records")
        .join(read, on=RECORD, how="left")
        .select("source", is_copy=~pl.col("is_primary") | pl.col("doc_id").is_in(merged.implode()))
    )


def _history(settings: Settings, staging: Staging) -> pl.DataFrame:
    """Return SOURCE_RUNS of earlier runs of the sources that this run reads, with `at`, when each began.

    The first gate queries the warehouse and stages the answer for the others.
    """
    if not staging.has("ingest", "history"):
        names = staging.read("ingest", "read", columns=["source"]).unique()
        with reading(settings) as warehouse:
            staging.write("ingest", "history", run_history.source_history(warehouse, names))
    return staging.read("ingest", "history")


def _noted(staging: Staging) -> dict[str, Any]:
    noted = staging.noted("run")
    assert noted is not None, "a run notes itself before its first stage"  # noqa: S101
    return noted


def _is_retry(staging: Staging) -> bool:
    return staging.count("ingest", "retried") > 0
