"""Synthetic news over many runs, through the real dedupe stage into a real warehouse.

Cleaning and tagging are left out: documents of ../shared/eval/dedup/gen_corpus.py are staged as if they were clean.
"""

import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.dedupe_peers import own_peak
from copydesk.expectations.verdict import FAILURES, QUALITY, REJECTED
from copydesk.flows.io.warehouse import writing
from copydesk.flows.settings import Settings, read_settings
from copydesk.flows.stages import dedupe
from copydesk.flows.staging.folder import Staging
from copydesk.flows.staging.frames import OLD
from copydesk.transforms.contract import (
    ALIASES,
    CLEAN,
    EDITS,
    ENTITIES,
    MENTIONS,
    NAMES,
    QUARANTINE,
    RAW,
    RETRIED,
    SOURCE_LINES,
    SOURCE_RUNS,
    STAND_INS,
    STORY_DOCUMENTS,
    TERMS,
    conform,
    empty,
)
from copydesk.transforms.text.words import WORD
from copydesk.warehouse.publish import publish

_BATCH = 20_000
_STAGES = {
    "stage": pl.String,
    "n_in": pl.Int64,
    "n_out": pl.Int64,
    "n_quarantined": pl.Int64,
    "seconds": pl.Float64,
}


class Feed:
    """A home into which documents are loaded, one run at a time. `peak` is the peak memory of the dedupe stage in GB;
    with `apart` the stage runs in a process of its own, and `peak` is that of this process.
    """

    def __init__(self, home: Path, *, apart: bool = True) -> None:
        self._apart = apart
        self.settings: Settings = read_settings(home=home)
        self._runs = 0
        self.peak = 0.0
        home.mkdir(parents=True, exist_ok=True)
        with writing(self.settings):
            pass

    def run(self, documents: pl.DataFrame) -> float:
        """Load documents (id, outlet, text) in one run; return the CPU seconds of the dedupe stage."""
        self._runs += 1
        staging = Staging(self.settings.staging / f"run-{self._runs:05}")
        clean = to_clean(documents)
        staging.write("clean", "rejected", pl.DataFrame(schema=REJECTED))
        batches = [f"{number:05}" for number in range(-(-len(clean) // _BATCH))]
        for number, part in zip(batches, clean.iter_slices(_BATCH), strict=True):
            staging.write("clean", "clean", part, number)
        if self._apart:
            with ProcessPoolExecutor(1, get_context("spawn")) as process:
                seconds, peak = process.submit(run_dedupe, self.settings, staging, batches).result()
        else:
            seconds, peak = run_dedupe(self.settings, staging, batches)
        self.peak = max(self.peak, peak)
        with writing(self.settings) as warehouse:
            publish(
                warehouse,
                _staged(staging, clean),
                _run_row(f"run-{self._runs:05}"),
                lambda _: pl.DataFrame(schema=QUALITY),
            )
        staging.clear()
        return seconds


def run_dedupe(settings: Settings, staging: Staging, batches: list[str]) -> tuple[float, float]:
    """Run the tasks of the dedupe stage, one after the other; return CPU seconds and peak memory in GB."""
    began = time.process_time()
    for number in [*batches, OLD]:
        dedupe.signature_batch(settings, staging, number)
    dedupe.update_index(settings)
    for band in dedupe.band_names(staging):
        dedupe.pair_band(settings, staging, band)
    dedupe.dedupe_run(settings, staging)
    return time.process_time() - began, own_peak() / 1e6


def to_clean(documents: pl.DataFrame) -> pl.DataFrame:
    """Return documents (id, outlet, text) as CLEAN; the doc_id is the id in 32 digits."""
    nothing = {name: pl.lit(None) for name in CLEAN}
    return conform(
        documents.with_columns(
            **nothing
            | {
                "doc_id": pl.col("id").cast(pl.String).str.zfill(32),
                "source": pl.col("outlet"),
                "text": pl.col("text"),
                "n_words": pl.col("text").str.count_matches(WORD),
                "kept_share": pl.lit(1.0),
            }
        ),
        CLEAN,
    )


def _staged(staging: Staging, clean: pl.DataFrame) -> dict[str, pl.DataFrame]:
    uri = pl.format("feed:{}", "doc_id")
    records = clean.select("doc_id", uri=uri, record=pl.lit(0, pl.Int64), is_primary=pl.lit(value=True))
    blank = {name: pl.lit("") for name in ("media_type", "charset", "raw_text", "fault")}
    blank |= {name: pl.lit(0) for name in ("record", "record_start", "record_end")}
    blank |= {name: pl.lit(None) for name in RAW if name not in blank and name not in ("doc_id", "source")}
    return {
        "raw": conform(clean.select("doc_id", "source").with_columns(**blank).with_columns(uri=uri), RAW),
        "records": records,
        "clean": clean,
        "edits": empty(EDITS),
        "source_lines": empty(SOURCE_LINES),
        "signatures": staging.read_all("dedupe", "signatures"),
        "texts": staging.read("dedupe", "texts"),
        "overlaps": staging.read("dedupe", "overlaps"),
        "duplicates": staging.read("dedupe", "duplicates"),
        "decided": staging.read("dedupe", "decided"),
        "mentions": empty(MENTIONS),
        "tagged": pl.DataFrame(schema={"doc_id": pl.String, "tagged_by": pl.String}),
        "entities": empty(ENTITIES),
        "entity_names": empty(NAMES),
        "stand_ins": empty(STAND_INS),
        "entity_moves": pl.DataFrame(schema=dict.fromkeys(("old_id", "entity_id"), pl.String)),
        "entity_rules": empty(ALIASES),
        "story_documents": empty(STORY_DOCUMENTS),
        "story_terms": empty(TERMS),
        "story_changes": pl.DataFrame(
            schema=dict.fromkeys(("doc_id", "old_story_id", "new_story_id", "kind"), pl.String)
        ),
        "quarantine": empty(QUARANTINE),
        "retried": empty(RETRIED),
        "stages": pl.DataFrame(schema=_STAGES),
        "results": pl.DataFrame(schema=QUALITY),
        "failures": pl.DataFrame(schema=FAILURES | {"uri": pl.String}),
        "source_runs": empty(SOURCE_RUNS),
    }


def _run_row(run_id: str) -> dict[str, Any]:
    counts = dict.fromkeys(("n_records", "n_known", "n_loaded", "n_duplicates", "n_quarantined"), 0)
    moment = "2026-01-01T00:00:00+00:00"
    return counts | {
        "run_id": run_id,
        "started_at": moment,
        "finished_at": moment,
        "state": "completed",
        "code_version": "benchmark",
        "settings": "{}",
    }
