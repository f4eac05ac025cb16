"""The run: list the inputs, run the stages in order, each gated, and publish the result in one transaction.

Everything between two stages is in the staging folder, so a killed run can be resumed by the same command.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

import polars as pl

from copydesk.flows.errors import GateFailed
from copydesk.flows.io.files import private_files
from copydesk.flows.io.fingerprint import Fingerprint, digest, fingerprint
from copydesk.flows.io.inputs import list_inputs
from copydesk.flows.io.limits import read_limits
from copydesk.flows.io.warehouse import reading, run_lock, writing
from copydesk.flows.run.failure import explaining, record_failed
from copydesk.flows.run.free_space import check_free_space
from copydesk.flows.run.outcomes import write_outcomes
from copydesk.flows.run.recovery import mark_killed, staging_of, take_published
from copydesk.flows.run.runner import Runner
from copydesk.flows.run.selection import QuarantineFilter, select_quarantined
from copydesk.flows.run.steps import Batches, ReadBatch, run_stages
from copydesk.flows.settings import MEGABYTE, Settings
from copydesk.flows.stages.entities import apply_pending_rule
from copydesk.flows.stages.ingest import ingest_batch
from copydesk.flows.stages.load import run_id_of
from copydesk.flows.stages.retry import list_rejected, retry_batch
from copydesk.flows.staging.damage import discard_damaged
from copydesk.flows.staging.folder import Staging, Summary
from copydesk.flows.staging.frames import STAGES
from copydesk.transforms.contract import RETRIED, conform, empty
from copydesk.warehouse.queries import run_history

#: What is done with a published run before its staging folder is removed.
type Report = Callable[[Settings], object]


@dataclass(frozen=True)
class RunResult:
    """The result of a run: how many records went which way, in all and per stage, and the links that it met."""

    run_id: str
    summaries: tuple[Summary, ...]
    n_records: int
    n_known: int
    n_quarantined: int
    n_duplicates: int
    n_loaded: int
    seconds: float
    resumed: bool = False
    links: tuple[str, ...] = ()


@dataclass(frozen=True)
class RunRequest:
    """What a run reads: one row of `listing` per file (LISTING) or per rejected record (copydesk.flows.stages.retry).

    `request_key` is equal for equal inputs and settings, `made_with` is the fingerprint of the settings; `read` reads
    one batch of the listing; `retried` (RETRIED) are the records that the run takes out of quarantine; `links` are
    those of copydesk.flows.io.inputs.Inputs.
    """

    listing: pl.DataFrame
    request_key: str
    made_with: Fingerprint
    read: ReadBatch = ingest_batch
    retried: pl.DataFrame = field(default_factory=lambda: empty(RETRIED))
    links: tuple[str, ...] = ()


@private_files()
@explaining
def start(what: list[str] | QuarantineFilter, settings: Settings, runner: Runner) -> RunResult | None:
    """Run the pipeline over inputs, or retry a selection of rejected records, then write the report.

    Returns None when there is nothing to retry. The report includes a run that a gate stopped. Raises what
    :func:`run_pipeline` raises, and MachineFailed for a full disk or the like.
    """
    from copydesk.flows.report.write import write_report

    try:
        if isinstance(what, QuarantineFilter):
            return retry_quarantined(what, settings, runner, write_report)
        return run_pipeline(what, settings, runner, write_report)
    except GateFailed:
        write_report(settings)
        raise


def run_pipeline(
    inputs: list[str], settings: Settings, runner: Runner, report: Report | None = None
) -> RunResult:
    """Run ingest to load over `inputs`: files, folders or globs, local or on any file system that fsspec knows.

    `report` is called when the run is published; a run that is killed before it returns is reported by the same
    command, and not run again. Raises UsageError for unreadable input, Busy while another run holds the home,
    GateFailed when a critical expectation stopped the run: then nothing was published, and the warehouse says why.
    """
    began = time.monotonic()
    read_limits(settings)  # a wrong file stops a run before it reads anything
    with run_lock(settings):
        found = list_inputs(inputs, follow=settings.follow)
        check_free_space(settings, found.files)
        made_with = fingerprint(settings)
        request_key = digest(found.files.write_csv(), made_with)
        request = RunRequest(found.files, request_key, made_with, links=found.links)
        return _run(request, settings, runner, began, report)


def retry_quarantined(
    selection: QuarantineFilter, settings: Settings, runner: Runner, report: Report | None = None
) -> RunResult | None:
    """Run ingest to load over the selected records in quarantine; return None if none is selected.

    Each is loaded or quarantined again by this run; its old row names the run that retried it. Raises UsageError for
    a selection of something unknown (see :func:`copydesk.flows.run.selection.select_quarantined`), and what
    :func:`run_pipeline` raises.
    """
    began = time.monotonic()
    read_limits(settings)
    with reading(settings) as warehouse:
        select_quarantined(warehouse, selection)
    made_with = fingerprint(settings)
    request_key = digest(asdict(selection), made_with)
    with run_lock(settings):
        with writing(settings) as warehouse:
            published = take_published(settings, warehouse, request_key)
            selected = select_quarantined(warehouse, selection)
        if published is not None:
            return _conclude(settings, published, 0.0, report, resumed=True)
        if selected.is_empty():
            return None
        listing = list_rejected(selected, follow=settings.follow)
        retried = conform(selected, RETRIED)
        request = RunRequest(listing, request_key, made_with, retry_batch, retried)
        return _run(request, settings, runner, began, report)


def _run(
    request: RunRequest, settings: Settings, runner: Runner, began: float, report: Report | None
) -> RunResult:
    with writing(settings) as warehouse:
        apply_pending_rule(settings, warehouse)
        previous = run_history.last_run(warehouse)
        published = take_published(settings, warehouse, request.request_key)
        staging = published or staging_of(settings, warehouse, request.listing, request.made_with)
        mark_killed(settings, warehouse, staging)
    if published is not None:
        return _conclude(settings, published, 0.0, report, resumed=True)
    discard_damaged(staging)
    resumed = staging.noted("run") is not None
    if not resumed:
        staging.write("ingest", "retried", request.retried)
        note = {"started_at": now().isoformat(), "n_files": request.listing["uri"].n_unique()}
        note |= {"request_key": request.request_key, "made_with": request.made_with, "links": request.links}
        staging.note("run", note)
    batches = _batches(request.listing, settings)
    try:
        run_stages(settings, staging, batches, request.read, previous, runner)
    except GateFailed as stopped:
        hint = record_failed(settings, staging)
        write_outcomes(settings, staging)
        staging.clear()
        raise GateFailed(f"{stopped}; {hint}") from stopped
    return _conclude(settings, staging, time.monotonic() - began, report, resumed=resumed)


def now() -> datetime:
    """Return the time at which a run begins; its gates compare dates and the silence of sources with it."""
    return datetime.now(UTC)


def _conclude(
    settings: Settings, staging: Staging, seconds: float, report: Report | None, *, resumed: bool
) -> RunResult:
    """Report a published run, remove its staging folder, and return its result as the warehouse has it."""
    run_id = run_id_of(staging)
    links = tuple((staging.noted("run") or {}).get("links", ()))
    write_outcomes(settings, staging)
    with reading(settings) as warehouse:
        parts, stages = run_history.run_counts(warehouse, run_id), run_history.run_stages(warehouse, run_id)
    if report is not None:
        report(settings)
    staging.clear()
    known = {STAGES[0]: parts["n_known"]}
    summaries = tuple(
        Summary(**stage, n_known=known.get(stage["stage"], 0)) for stage in stages.iter_rows(named=True)
    )
    return RunResult(
        run_id=run_id, summaries=summaries, seconds=seconds, resumed=resumed, links=links, **parts
    )


def _batches(listing: pl.DataFrame, settings: Settings) -> Batches:
    """Spread the files over batches of about `batch_mb`, by the hash of their uri: neither order nor time matters."""
    n = max(1, round(int(listing["size"].sum()) / (settings.batch_mb * MEGABYTE)))
    batches: Batches = {f"{number:05}": [] for number in range(n)}
    for file in listing.iter_rows(named=True):
        batches[f"{int(digest(file['uri']), 16) % n:05}"].append(file)
    return batches
