"""The load stage: publish the staged run in one transaction, with its counts, its quarantine and its row of `runs`."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import duckdb
import polars as pl

from copydesk.expectations.gate import judge_table
from copydesk.expectations.verdict import FAILURES
from copydesk.flows.errors import GateFailed
from copydesk.flows.io.warehouse import writing
from copydesk.flows.settings import VERSION, Settings
from copydesk.flows.stages.gate import source_runs
from copydesk.flows.staging.folder import Staging, Summary, since
from copydesk.flows.staging.frames import RECORD, STAGES
from copydesk.transforms.contract import QUARANTINE, conform, empty
from copydesk.transforms.text.encoding import encode
from copydesk.warehouse.audit import run_checks
from copydesk.warehouse.publish import publish

#: The frames that the tag stage writes once for the load.
_TAGGED = (
    *("story_documents", "story_terms", "story_changes"),
    *("mentions", "entity_names", "stand_ins", "entities", "entity_moves", "entity_rules"),
)


def load_run(settings: Settings, staging: Staging, began: float) -> None:
    """Publish the staged frames in one transaction, with the load suite inside it.

    `began` is when the stage began, by the monotonic clock. Raises GateFailed, with nothing published, when a law of
    the warehouse would not hold.
    """
    records = final_records(staging)
    staged = _staged(staging, records, began)
    run = run_row(staging, "completed") | counts(staging, records)

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


def _staged(staging: Staging, records: pl.DataFrame, began: float) -> dict[str, pl.DataFrame | list[str]]:
    """Return what :func:`copydesk.warehouse.publish.publish` loads: frames, or the files that hold one, by name."""
    documents = records.filter("is_primary")["doc_id"]
    keep = pl.col("doc_id").is_in(documents.implode())
    summaries = [*(found for stage in STAGES[:-1] if (found := staging.finished(stage)))]
    summaries.append(passed(staging, "load", began))
    return {
        "raw": staging.files("ingest", "raw"),
        "records": records,
        "clean": staging.read_all("clean", "clean").filter(keep),
        "edits": staging.files("clean", "edits"),
        "source_lines": staging.read("clean", "source_lines"),
        "signatures": staging.read_all("dedupe", "signatures"),
        "texts": staging.read("dedupe", "texts"),
        "overlaps": staging.read("dedupe", "overlaps"),
        "duplicates": staging.read("dedupe", "duplicates"),
        "decided": staging.read("dedupe", "decided"),
        "tagged": staging.read_all("tag", "tagged"),
        **{name: staging.read("tag", name) for name in _TAGGED},
        "quarantine": _quarantine(staging),
        "retried": staging.read("ingest", "retried"),
        "stages": pl.DataFrame([asdict(summary) for summary in summaries]),
        "results": pl.concat([staging.read(stage, "results") for stage in STAGES[:-1]]),
        "failures": failures_of(staging),
        "source_runs": source_runs(staging, STAGES[:-1]),
    }


def failures_of(staging: Staging) -> pl.DataFrame:
    """Return what failed in the gates that the run reached (FAILURES), with the uri of each record."""
    found = [staging.read(stage, "failures") for stage in STAGES if staging.has(stage, "failures")]
    failures = pl.concat([pl.DataFrame(schema=FAILURES), *found])
    read = (
        staging.read("ingest", "read", columns=["doc_id", "uri"]).group_by("doc_id").agg(pl.col("uri").min())
    )
    return failures.join(read, on="doc_id", how="left", maintain_order="left")


def final_records(staging: Staging) -> pl.DataFrame:
    """Return the records that passed every gate: doc_id, uri, record, is_primary."""
    rejected = staging.read("clean", "rejected", columns=["doc_id"])
    return staging.read("ingest", "records").join(rejected, on="doc_id", how="anti")


def _quarantine(staging: Staging) -> pl.DataFrame:
    """Return the QUARANTINE rows of a run: every record of a rejected document, with its bytes."""
    rejected = pl.concat([staging.read(stage, "rejected") for stage in ("ingest", "clean")])
    new = staging.read("ingest", "read").filter(~pl.col("is_known"))
    rows = [empty(QUARANTINE)]
    for file in staging.files("ingest", "raw"):
        raw = pl.scan_parquet(file, glob=False).join(rejected.lazy(), on="doc_id").collect()
        raw = raw.join(new, on=RECORD, how="semi")
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
    is_known = staging.read("ingest", "read", columns=["is_known"])["is_known"]
    n_records, n_known = len(is_known), int(is_known.sum())
    merged = staging.read("dedupe", "duplicates", columns=["doc_id"])["doc_id"]
    n_loaded = len(records.filter(pl.col("is_primary") & ~pl.col("doc_id").is_in(merged.implode())))
    return {
        "n_records": n_records,
        "n_known": n_known,
        "n_quarantined": n_records - n_known - len(records),
        "n_duplicates": len(records) - n_loaded,
        "n_loaded": n_loaded,
    }


def run_row(staging: Staging, state: str) -> dict[str, Any]:
    """Return the row of `runs`, with the settings the run began with; its counts are 0 until it is published."""
    noted = staging.noted("run") or {}
    zeros = dict.fromkeys(("n_records", "n_known", "n_loaded", "n_duplicates", "n_quarantined"), 0)
    return zeros | {
        "run_id": run_id_of(staging),
        "started_at": noted.get("started_at") or datetime.now(UTC).isoformat(),
        "finished_at": datetime.now(UTC).isoformat(),
        "state": state,
        "code_version": VERSION,
        "settings": json.dumps(noted.get("made_with", {}), sort_keys=True),
    }


def run_id_of(staging: Staging) -> str:
    """Return the run's id; until ingest has read all inputs, the name of the staging folder."""
    return str((staging.noted("identity") or {"run_id": staging.folder.name})["run_id"])


def passed(staging: Staging, stage: str, began: float) -> Summary:
    """Return the summary of a stage whose gate quarantines nothing."""
    n = len(final_records(staging))
    return Summary(stage, n, n, 0, since(began))
