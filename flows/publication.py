"""What a run comes to: its counts, its row of `runs`, its quarantine, and the one transaction that makes it public."""

import json
import time
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import duckdb
import polars as pl

from expectations.gate import FAILURES, QUALITY, judge_table
from flows.errors import GateFailed
from flows.gates import source_runs
from flows.settings import VERSION, Settings
from flows.staging import Staging, Summary
from flows.store import writing
from transforms.contract import CLEAN, QUARANTINE, SIGNATURES, conform, empty
from transforms.decode import encode
from warehouse.audit import run_checks
from warehouse.load import publish, record_failure

#: What the tag stage leaves for the load, besides its batches.
_TAGGED = (
    *("story_documents", "story_terms", "story_changes"),
    *("mentions", "entity_names", "stand_ins", "entities", "entity_moves", "entity_rules"),
)
STAGES = ("ingest", "clean", "dedupe", "tag", "load")


def load_run(settings: Settings, staging: Staging, began: float) -> dict[str, Any]:
    """Publish what `staging` holds in one transaction, with the load suite inside it; `began` is its clock."""
    records = final_records(staging)
    documents = records.filter("is_primary")["doc_id"]
    keep = pl.col("doc_id").is_in(documents.implode())
    summaries = [*(found for stage in STAGES[:-1] if (found := staging.finished(stage)))]
    summaries.append(passed(staging, "load", began))
    staged: dict[str, pl.DataFrame | list[str]] = {
        "raw": staging.files("ingest", "raw"),
        "records": records,
        "clean": staging.read_all("clean", "clean", CLEAN).filter(keep),
        "edits": staging.files("clean", "edits"),
        "source_lines": staging.read("clean", "source_lines"),
        "signatures": staging.read_all("dedupe", "signatures", SIGNATURES),
        "texts": staging.read("dedupe", "texts"),
        "overlaps": staging.read("dedupe", "overlaps"),
        "duplicates": staging.read("dedupe", "duplicates"),
        "decided": staging.read("dedupe", "decided"),
        "tagged": staging.read_all("tag", "tagged", {}),
        **{name: staging.read("tag", name) for name in _TAGGED},
        "quarantine": _quarantine(staging),
        "retried": staging.read("ingest", "retried"),
        "stages": pl.DataFrame([asdict(summary) for summary in summaries]),
        "results": pl.concat([staging.read(stage, "results") for stage in STAGES[:-1]]),
        "failures": _failures(staging),
        "source_runs": source_runs(staging, STAGES[:-1]),
    }
    run = run_row(staging, "completed", settings) | counts(staging, records)

    def check(warehouse: duckdb.DuckDBPyConnection) -> pl.DataFrame:
        laws = run_checks(warehouse, run["run_id"]).select(doc_id="check", n_broken="n_broken")
        warehouse.register("laws", laws.to_arrow())
        verdict = judge_table("load", warehouse, "laws", settings.suites)
        staging.note("load-outcomes", verdict.outcomes)
        if verdict.critical:
            broken = laws.filter(pl.col("n_broken") > 0)["doc_id"].to_list()
            staging.write("load", "results", verdict.results)
            staging.write("load", "failures", verdict.failures)
            raise GateFailed(f"load stopped the run: {', '.join(broken)}: {verdict.critical[0]}")
        return verdict.results

    with writing(settings) as warehouse:
        publish(warehouse, staged, run, check)
    return {"run_id": run["run_id"], "n_loaded": run["n_loaded"]}


def _failures(staging: Staging) -> pl.DataFrame:
    """Return what failed in the gates that the run came to (FAILURES), with the uri of each record."""
    found = [staging.read(stage, "failures") for stage in STAGES if staging.has(stage, "failures")]
    failures = pl.concat([pl.DataFrame(schema=FAILURES), *found])
    read = staging.read("ingest", "read").group_by("doc_id").agg(pl.col("uri").min())
    return failures.join(read, on="doc_id", how="left", maintain_order="left")


def final_records(staging: Staging) -> pl.DataFrame:
    """Return the records that passed every gate: doc_id, uri, record, is_primary."""
    rejected = staging.read("clean", "rejected")
    return staging.read("ingest", "records").join(rejected, on="doc_id", how="anti")


def _quarantine(staging: Staging) -> pl.DataFrame:
    """Return the QUARANTINE rows of a run: every record of a rejected document, with its bytes."""
    rejected = pl.concat([staging.read(stage, "rejected") for stage in ("ingest", "clean")])
    new = staging.read("ingest", "read").filter(~pl.col("is_known"))
    rows = [empty(QUARANTINE)]
    for file in staging.files("ingest", "raw"):
        raw = pl.scan_parquet(file, glob=False).join(rejected.lazy(), on="doc_id").collect()
        raw = raw.join(new, on=["doc_id", "uri", "record"], how="semi")
        # A loop over the few rejected records: each is written back in its own encoding.
        texts = raw.select("raw_text", "charset").iter_rows()
        encoded = pl.Series(
            [None if text is None else encode(text, charset) for text, charset in texts], dtype=pl.Binary
        )
        because = (
            pl.when(pl.col("fault").is_null())
            .then("detail")
            .otherwise(pl.col("detail") + " (" + pl.col("fault") + ")")
        )
        rows.append(
            conform(raw.with_columns(payload=pl.coalesce("payload", encoded), detail=because), QUARANTINE)
        )
    return pl.concat(rows)


def counts(staging: Staging, records: pl.DataFrame) -> dict[str, int]:
    """Return the run's counts in records, by their names in `runs`."""
    read = staging.read("ingest", "read")
    n_known = int(read["is_known"].sum())
    merged = staging.read("dedupe", "duplicates")["doc_id"]
    n_loaded = len(records.filter(pl.col("is_primary") & ~pl.col("doc_id").is_in(merged.implode())))
    return {
        "n_records": len(read),
        "n_known": n_known,
        "n_quarantined": len(read) - n_known - len(records),
        "n_duplicates": len(records) - n_loaded,
        "n_loaded": n_loaded,
    }


def run_row(staging: Staging, state: str, settings: Settings) -> dict[str, Any]:
    """Return the row of `runs` but for its counts, which are 0 until the run is published."""
    started = (staging.noted("run") or {}).get("started_at") or datetime.now(UTC).isoformat()
    zeros = dict.fromkeys(("n_records", "n_known", "n_loaded", "n_duplicates", "n_quarantined"), 0)
    return zeros | {
        "run_id": run_id_of(staging),
        "started_at": started,
        "finished_at": datetime.now(UTC).isoformat(),
        "state": state,
        "code_version": VERSION,
        "settings": json.dumps(settings.shaping(), sort_keys=True),
    }


def run_id_of(staging: Staging) -> str:
    """Return the run's id; before ingest has read everything, the name of its staging folder."""
    return str((staging.noted("identity") or {"run_id": staging.folder.name})["run_id"])


def record_failed(settings: Settings, staging: Staging) -> str:
    """Record a run that a gate stopped, with the results of the gates it came to; return how to look at them."""
    results = [staging.read(stage, "results") for stage in STAGES if staging.has(stage, "results")]
    with writing(settings) as warehouse:
        record_failure(
            warehouse,
            run_row(staging, "failed", settings),
            pl.concat([pl.DataFrame(schema=QUALITY), *results]),
            _failures(staging),
        )
    where = f"run_id = '{run_id_of(staging)}' AND severity = 'critical'"
    return f'nothing was published; look: {settings.command} sql "FROM quality_failures WHERE {where}"'


def passed(staging: Staging, stage: str, began: float) -> Summary:
    """Return the summary of a stage whose gate quarantines nothing."""
    n = len(final_records(staging))
    return Summary(stage, n, n, 0, since(began))


def since(began: float) -> float:
    """Return the seconds since `began`, a time of the monotonic clock."""
    return round(time.monotonic() - began, 3)
