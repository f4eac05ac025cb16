"""The run: stages in order, each done once, gated, and published in one transaction.

Everything between two stages lies in the staging folder, so a run that was killed goes on where it stopped:
the same inputs lead to the same folder.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, Protocol

import duckdb
import polars as pl

from flows import duplicates, entities, stages, stories
from flows.errors import GateFailed
from flows.inputs import list_files
from flows.publication import STAGES, counts, final_records, load_run, passed, record_failed, run_row, since
from flows.seeds import read_vocabulary
from flows.settings import VERSION, Settings
from flows.staging import Staging, Summary
from flows.store import run_lock, writing
from warehouse import queries
from warehouse.load import record_failure


class Runner(Protocol):
    """How stages are executed: here and now (Direct), or as Prefect tasks (flows.orchestrate)."""

    def call(self, name: str, function: Callable[..., Any], *arguments: Any) -> Any:
        """Run one function and return its result."""

    def map(self, name: str, function: Callable[..., Any], items: list[tuple[Any, ...]]) -> None:
        """Run one function over many argument tuples, in any order; raise what any of them raised."""

    def stage_done(self, summary: Summary) -> None:
        """Take note of a finished stage."""


@dataclass(frozen=True)
class Outcome:
    """What a run came to, in records."""

    run_id: str
    summaries: tuple[Summary, ...]
    n_records: int
    n_known: int
    n_quarantined: int
    n_duplicates: int
    n_loaded: int
    seconds: float
    resumed: bool = False


def run_pipeline(inputs: list[str], settings: Settings, runner: Runner) -> Outcome:
    """Run ingest to load over `inputs`.

    Raises UsageError for unreadable input, Busy while another run holds the home, GateFailed when a critical
    expectation stopped the run: then nothing was published, and the warehouse says why.
    """
    began = time.monotonic()
    with run_lock(settings):
        listing = list_files(inputs)
        with writing(settings) as warehouse:
            previous = queries.last_run(warehouse)
            finished = _finish_published(settings, warehouse, listing)
            staging = Staging(settings.staging / _key(previous, listing, settings))
            _mark_killed(settings, warehouse, staging)
        if finished is not None:
            return finished
        resumed = staging.noted("run") is not None
        if not resumed:
            staging.note(
                "run", {"started_at": datetime.now(UTC).isoformat(), "listing": _listing_key(listing)}
            )
        try:
            summaries = _stages(settings, staging, listing, previous, runner)
        except GateFailed:
            record_failed(settings, staging)
            staging.clear()
            raise
        outcome = _outcome(staging, summaries, time.monotonic() - began, resumed=resumed)
        staging.clear()
        return outcome


def _stages(
    settings: Settings, staging: Staging, listing: pl.DataFrame, previous: str | None, runner: Runner
) -> tuple[Summary, ...]:
    batches = _batches(listing, settings)
    steps: dict[str, Callable[[], Summary]] = {
        "ingest": lambda: _ingest(settings, staging, batches, previous, runner),
        "clean": lambda: _clean(settings, staging, list(batches), runner),
        "dedupe": lambda: _dedupe(settings, staging, list(batches), runner),
        "tag": lambda: _tag(settings, staging, list(batches), runner),
        "load": lambda: _load(settings, staging, runner),
    }
    summaries = []
    for stage in STAGES:
        summary = staging.finished(stage) or staging.finish(steps[stage]())
        runner.stage_done(summary)
        summaries.append(summary)
    return tuple(summaries)


def _ingest(
    settings: Settings,
    staging: Staging,
    batches: dict[str, list[dict[str, Any]]],
    previous: str | None,
    runner: Runner,
) -> Summary:
    began = time.monotonic()
    todo = staging.missing("ingest", "read", batches)
    runner.map(
        "ingest", stages.ingest_batch, [(settings, staging, number, batches[number]) for number in todo]
    )
    read = runner.call("sift", stages.sift_records, settings, staging)
    runner.call("gate ingest", stages.pass_gate, settings, staging, "ingest")
    stages.accept_records(settings, staging)
    staging.note("identity", {"run_id": _run_id(previous, staging.read("ingest", "read"), settings)})
    n_read, n_known, n_out = read["n_records"], read["n_known"], len(staging.read("ingest", "records"))
    return Summary("ingest", n_read, n_out, n_read - n_known - n_out, since(began), n_known)


def _clean(settings: Settings, staging: Staging, batches: list[str], runner: Runner) -> Summary:
    began = time.monotonic()
    todo = staging.missing("clean", "keys", batches)
    runner.map("lines", stages.key_batch, [(staging, number) for number in todo])
    if not staging.has("clean", "source_lines"):
        runner.call("template", stages.count_source_lines, settings, staging)
    todo = staging.missing("clean", "clean", batches)
    runner.map("clean", stages.clean_batch, [(settings, staging, number) for number in todo])
    runner.call("gate clean", stages.pass_gate, settings, staging, "clean")
    n_in, n_out = len(staging.read("ingest", "records")), len(final_records(staging))
    return Summary("clean", n_in, n_out, n_in - n_out, since(began))


def _dedupe(settings: Settings, staging: Staging, batches: list[str], runner: Runner) -> Summary:
    began = time.monotonic()
    todo = staging.missing("dedupe", "signatures", [*batches, duplicates.OLD])
    runner.map("sign", duplicates.sign_batch, [(settings, staging, number) for number in todo])
    todo = staging.missing("dedupe", "met", duplicates.band_names(staging))
    runner.map("candidates", duplicates.meet_band, [(settings, staging, band) for band in todo])
    runner.call("dedupe", duplicates.dedupe_run, settings, staging, batches)
    runner.call("gate dedupe", stages.pass_gate, settings, staging, "dedupe")
    return passed(staging, "dedupe", began)


def _tag(settings: Settings, staging: Staging, batches: list[str], runner: Runner) -> Summary:
    began = time.monotonic()
    todo = staging.missing("tag", "measures", [*batches, "reopened"])
    runner.map("tag", stages.tag_batch, [(settings, staging, number) for number in todo])
    todo = staging.missing("tag", "terms", [*batches, "reopened"])
    runner.map("describe", stories.describe_batch, [(settings, staging, number) for number in todo])
    runner.call("stories", stories.link_stories, settings, staging)
    runner.call("entities", entities.resolve_entities, settings, staging)
    runner.call("gate tag", stages.pass_gate, settings, staging, "tag")
    return passed(staging, "tag", began)


def _load(settings: Settings, staging: Staging, runner: Runner) -> Summary:
    began = time.monotonic()
    runner.call("load", load_run, settings, staging, began)
    return passed(staging, "load", began)


def _outcome(staging: Staging, summaries: tuple[Summary, ...], seconds: float, *, resumed: bool) -> Outcome:
    parts = counts(staging, final_records(staging))
    identity = staging.noted("identity") or {}
    return Outcome(run_id=identity["run_id"], summaries=summaries, seconds=seconds, resumed=resumed, **parts)


def _mark_killed(settings: Settings, warehouse: duckdb.DuckDBPyConnection, current: Staging) -> None:
    """Record the runs that ended without a word and that this one does not resume, and remove what they staged."""
    for folder in sorted(settings.staging.glob("*")) if settings.staging.is_dir() else ():
        if folder != current.folder:
            staging = Staging(folder)
            if staging.noted("run") is not None:
                record_failure(warehouse, run_row(staging, "killed", settings), None)
            staging.clear()


def _finish_published(
    settings: Settings, warehouse: duckdb.DuckDBPyConnection, listing: pl.DataFrame
) -> Outcome | None:
    """Return the outcome of a run over this listing that was killed after it was published, before it could say so."""
    last = queries.last_run(warehouse)
    for folder in sorted(settings.staging.glob("*")) if settings.staging.is_dir() else ():
        staging = Staging(folder)
        run, identity = staging.noted("run"), staging.noted("identity")
        if run is None or identity is None or identity["run_id"] != last:
            continue
        summaries = tuple(found for stage in STAGES if (found := staging.finished(stage)))
        outcome = _outcome(staging, summaries, 0.0, resumed=True)
        staging.clear()
        if run["listing"] == _listing_key(listing):
            return outcome
    return None


def _batches(listing: pl.DataFrame, settings: Settings) -> dict[str, list[dict[str, Any]]]:
    """Spread the files over batches of about `batch_mb`, by the hash of their uri: neither order nor time matters."""
    n = max(1, round(int(listing["size"].sum()) / (settings.batch_mb * stages.MEGABYTE)))
    batches: dict[str, list[dict[str, Any]]] = {f"{number:05}": [] for number in range(n)}
    for file in listing.iter_rows(named=True):
        batches[f"{int(_hash(file['uri']), 16) % n:05}"].append(file)
    return batches


def _listing_key(listing: pl.DataFrame) -> str:
    return _hash(listing.write_csv())


def _key(previous: str | None, listing: pl.DataFrame, settings: Settings) -> str:
    """Return the name of the staging folder: the same for the same inputs on the same warehouse."""
    rules = read_vocabulary(settings.rules) if settings.rules.exists() else ""
    return _hash(json.dumps([previous, _listing_key(listing), settings.shaping(), rules, VERSION]))


def _run_id(previous: str | None, read: pl.DataFrame, settings: Settings) -> str:
    return _hash(json.dumps([previous, read.write_csv(), settings.shaping(), VERSION]))


def _hash(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()
