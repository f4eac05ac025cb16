"""The run: stages in order, each done once, gated, and published in one transaction.

Everything between two stages lies in the staging folder, so a run that was killed goes on where it stopped:
the same inputs lead to the same folder.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, Protocol

import duckdb
import polars as pl

from copydesk.flows.errors import GateFailed
from copydesk.flows.io.fingerprint import digest, fingerprint
from copydesk.flows.io.inputs import list_files
from copydesk.flows.io.limits import read_limits
from copydesk.flows.io.warehouse import reading, run_lock, writing
from copydesk.flows.run.failure import record_failed
from copydesk.flows.run.outcomes import write_outcomes
from copydesk.flows.run.selection import QuarantineFilter, select_quarantined
from copydesk.flows.settings import MEGABYTE, Settings
from copydesk.flows.stages import clean, dedupe, entities, gate, ingest, stories, tag
from copydesk.flows.stages.load import counts, final_records, load_run, passed, run_row
from copydesk.flows.stages.retry import list_rejected, retry_batch
from copydesk.flows.staging import STAGES, Staging, Summary, since
from copydesk.transforms.contract import RETRIED, conform, empty
from copydesk.warehouse.publish import record_failure
from copydesk.warehouse.queries import run_history


class Runner(Protocol):
    """How stages are executed: here and now (Direct), or as Prefect tasks (copydesk.flows.orchestration.flow)."""

    def call(self, name: str, function: Callable[..., Any], *arguments: Any) -> Any:
        """Run one function and return its result."""

    def map(self, name: str, function: Callable[..., Any], items: list[tuple[Any, ...]]) -> None:
        """Run one function over many argument tuples, in any order; raise what any of them raised."""

    def stage_done(self, summary: Summary) -> None:
        """Take note of a finished stage."""


@dataclass(frozen=True)
class RunResult:
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


@dataclass(frozen=True)
class RunRequest:
    """What a run reads: `listing`, a row a file (LISTING) or rejected record
    (copydesk.flows.stages.retry), by batches through `read`.

    `asked` is the same whenever the same is asked for; `retried` (RETRIED) is what the run takes up from quarantine.
    """

    listing: pl.DataFrame
    asked: str
    read: Callable[..., dict[str, Any]] = ingest.ingest_batch
    retried: pl.DataFrame = field(default_factory=lambda: empty(RETRIED))


def start(what: list[str] | QuarantineFilter, settings: Settings, runner: Runner) -> RunResult | None:
    """Run the pipeline over inputs, or retry a choice of rejected records, then write the report.

    Returns None where there is nothing to retry. A run that a gate stopped is in the report too.
    """
    from copydesk.flows.report.write import write_report

    try:
        outcome: RunResult | None
        if isinstance(what, QuarantineFilter):
            outcome = retry_quarantined(what, settings, runner)
        else:
            outcome = run_pipeline(what, settings, runner)
    except GateFailed:
        write_report(settings)
        raise
    if outcome is not None:
        write_report(settings)
    return outcome


def run_pipeline(inputs: list[str], settings: Settings, runner: Runner) -> RunResult:
    """Run ingest to load over `inputs`.

    Raises UsageError for unreadable input, Busy while another run holds the home, GateFailed when a critical
    expectation stopped the run: then nothing was published, and the warehouse says why.
    """
    began = time.monotonic()
    read_limits(settings)  # a wrong file stops a run before it reads anything
    with run_lock(settings):
        listing = list_files(inputs)
        return _run(
            RunRequest(listing, digest(listing.write_csv(), fingerprint(settings))), settings, runner, began
        )


def retry_quarantined(choice: QuarantineFilter, settings: Settings, runner: Runner) -> RunResult | None:
    """Run ingest to load over the chosen records in quarantine; return None where it holds none of them.

    Each is loaded or quarantined anew by this run; its old row says which run took it up. Raises UsageError for a
    choice of what there is not (see :func:`copydesk.flows.run.selection.select_quarantined`), and what
    :func:`run_pipeline` raises.
    """
    began = time.monotonic()
    read_limits(settings)
    with reading(settings) as warehouse:
        select_quarantined(warehouse, choice)
    asked = digest(asdict(choice), fingerprint(settings))
    with run_lock(settings):
        with writing(settings) as warehouse:
            finished = _finish_published(settings, warehouse, asked)
            chosen = select_quarantined(warehouse, choice)
        if finished is not None or chosen.is_empty():
            return finished
        work = RunRequest(list_rejected(chosen), asked, retry_batch, conform(chosen, RETRIED))
        return _run(work, settings, runner, began)


def _run(work: RunRequest, settings: Settings, runner: Runner, began: float) -> RunResult:
    with writing(settings) as warehouse:
        previous = run_history.last_run(warehouse)
        finished = _finish_published(settings, warehouse, work.asked)
        staging = Staging(settings.staging / _key(previous, work.listing, settings))
        _mark_killed(settings, warehouse, staging)
    if finished is not None:
        return finished
    resumed = staging.noted("run") is not None
    if not resumed:
        staging.write("ingest", "retried", work.retried)
        n_files = work.listing["uri"].n_unique()
        staging.note("run", {"started_at": now().isoformat(), "asked": work.asked, "n_files": n_files})
    try:
        summaries = _stages(settings, staging, work, previous, runner)
    except GateFailed as stopped:
        hint = record_failed(settings, staging)
        write_outcomes(settings, staging)
        staging.clear()
        raise GateFailed(f"{stopped}; {hint}") from stopped
    write_outcomes(settings, staging)
    outcome = _outcome(staging, summaries, time.monotonic() - began, resumed=resumed)
    staging.clear()
    return outcome


def now() -> datetime:
    """Return the time that a run begins at; its gates measure what is ahead of it, and how long a source is silent."""
    return datetime.now(UTC)


def _stages(
    settings: Settings, staging: Staging, work: RunRequest, previous: str | None, runner: Runner
) -> tuple[Summary, ...]:
    batches = _batches(work.listing, settings)
    steps: dict[str, Callable[[], Summary]] = {
        "ingest": lambda: _ingest(settings, staging, work.read, batches, previous, runner),
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
    read_batch: Callable[..., dict[str, Any]],
    batches: dict[str, list[dict[str, Any]]],
    previous: str | None,
    runner: Runner,
) -> Summary:
    began = time.monotonic()
    todo = staging.missing("ingest", "read", batches)
    runner.map("ingest", read_batch, [(settings, staging, number, batches[number]) for number in todo])
    read = runner.call("sift", ingest.sift_records, settings, staging)
    runner.call("gate ingest", gate.pass_gate, settings, staging, "ingest")
    runner.call("accept", ingest.accept_records, settings, staging)
    staging.note("identity", {"run_id": _run_id(previous, staging, settings)})
    n_read, n_known, n_out = read["n_records"], read["n_known"], len(staging.read("ingest", "records"))
    return Summary("ingest", n_read, n_out, n_read - n_known - n_out, since(began), n_known)


def _clean(settings: Settings, staging: Staging, batches: list[str], runner: Runner) -> Summary:
    began = time.monotonic()
    todo = staging.missing("clean", "keys", batches)
    runner.map("lines", clean.key_batch, [(staging, number) for number in todo])
    if not staging.has("clean", "source_lines"):
        runner.call("template", clean.count_source_lines, settings, staging)
    todo = staging.missing("clean", "clean", batches)
    runner.map("clean", clean.clean_batch, [(settings, staging, number) for number in todo])
    runner.call("gate clean", gate.pass_gate, settings, staging, "clean")
    n_in, n_out = len(staging.read("ingest", "records")), len(final_records(staging))
    return Summary("clean", n_in, n_out, n_in - n_out, since(began))


def _dedupe(settings: Settings, staging: Staging, batches: list[str], runner: Runner) -> Summary:
    began = time.monotonic()
    todo = staging.missing("dedupe", "signatures", [*batches, dedupe.OLD])
    runner.map("sign", dedupe.signature_batch, [(settings, staging, number) for number in todo])
    runner.call("index", dedupe.update_index, settings)
    todo = staging.missing("dedupe", "met", dedupe.band_names(staging))
    runner.map("candidates", dedupe.pair_band, [(settings, staging, band) for band in todo])
    runner.call("dedupe", dedupe.dedupe_run, settings, staging)
    runner.call("gate dedupe", gate.pass_gate, settings, staging, "dedupe")
    return passed(staging, "dedupe", began)


def _tag(settings: Settings, staging: Staging, batches: list[str], runner: Runner) -> Summary:
    began = time.monotonic()
    todo = staging.missing("tag", "measures", [*batches, "reopened"])
    runner.map("tag", tag.tag_batch, [(settings, staging, number) for number in todo])
    todo = staging.missing("tag", "terms", [*batches, "reopened"])
    runner.map("describe", stories.describe_batch, [(settings, staging, number) for number in todo])
    runner.call("stories", stories.link_stories, settings, staging)
    runner.call("entities", entities.resolve_entities, settings, staging)
    runner.call("gate tag", gate.pass_gate, settings, staging, "tag")
    return passed(staging, "tag", began)


def _load(settings: Settings, staging: Staging, runner: Runner) -> Summary:
    began = time.monotonic()
    runner.call("load", load_run, settings, staging, began)
    return passed(staging, "load", began)


def _outcome(staging: Staging, summaries: tuple[Summary, ...], seconds: float, *, resumed: bool) -> RunResult:
    parts = counts(staging, final_records(staging))
    identity = staging.noted("identity") or {}
    return RunResult(
        run_id=identity["run_id"], summaries=summaries, seconds=seconds, resumed=resumed, **parts
    )


def _mark_killed(settings: Settings, warehouse: duckdb.DuckDBPyConnection, current: Staging) -> None:
    """Record the runs that ended without a word and that this one does not resume, and remove what they staged."""
    for folder in sorted(settings.staging.glob("*")) if settings.staging.is_dir() else ():
        if folder != current.folder:
            staging = Staging(folder)
            if staging.noted("run") is not None:
                record_failure(warehouse, run_row(staging, "killed", settings))
            staging.clear()


def _finish_published(
    settings: Settings, warehouse: duckdb.DuckDBPyConnection, asked: str
) -> RunResult | None:
    """Return the outcome of the same run, killed after it was published and before it could say so."""
    last = run_history.last_run(warehouse)
    for folder in sorted(settings.staging.glob("*")) if settings.staging.is_dir() else ():
        staging = Staging(folder)
        run, identity = staging.noted("run"), staging.noted("identity")
        if run is None or identity is None or identity["run_id"] != last:
            continue
        summaries = tuple(found for stage in STAGES if (found := staging.finished(stage)))
        outcome = _outcome(staging, summaries, 0.0, resumed=True)
        staging.clear()
        if run.get("asked") == asked:
            return outcome
    return None


def _batches(listing: pl.DataFrame, settings: Settings) -> dict[str, list[dict[str, Any]]]:
    """Spread the files over batches of about `batch_mb`, by the hash of their uri: neither order nor time matters."""
    n = max(1, round(int(listing["size"].sum()) / (settings.batch_mb * MEGABYTE)))
    batches: dict[str, list[dict[str, Any]]] = {f"{number:05}": [] for number in range(n)}
    for file in listing.iter_rows(named=True):
        batches[f"{int(_hash(file['uri']), 16) % n:05}"].append(file)
    return batches


def _key(previous: str | None, listing: pl.DataFrame, settings: Settings) -> str:
    """Return the name of the staging folder: the same for the same inputs and settings on the same warehouse."""
    return digest(previous, listing.write_csv(), fingerprint(settings))


def _run_id(previous: str | None, staging: Staging, settings: Settings) -> str:
    read, retried = (staging.read("ingest", name).write_csv() for name in ("read", "retried"))
    return digest(previous, read, retried, fingerprint(settings))


def _hash(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()
