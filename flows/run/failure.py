"""Runs that do not reach their end: one that a gate stopped is recorded, one that the machine stopped is explained."""

from collections.abc import Callable
from datetime import UTC, datetime

import duckdb
import polars as pl

from copydesk.expectations.verdict import QUALITY
from copydesk.flows.errors import CopydeskError, MachineFailed
from copydesk.flows.io.faults import refusal
from copydesk.flows.io.warehouse import reading, writing
from copydesk.flows.run.runner import Runner
from copydesk.flows.settings import Settings
from copydesk.flows.stages.load import failures_of, run_id_of, run_row
from copydesk.flows.staging.folder import Staging, list_staged
from copydesk.flows.staging.frames import STAGES
from copydesk.warehouse.publish import record_failure
from copydesk.warehouse.queries import run_history


def record_failed(settings: Settings, staging: Staging) -> str:
    """Record a run that a gate stopped, with the results of the gates it reached; return how to query them."""
    results = [staging.read(stage, "results") for stage in STAGES if staging.has(stage, "results")]
    with writing(settings) as warehouse:
        record_failure(
            warehouse,
            run_row(staging, "failed"),
            pl.concat([pl.DataFrame(schema=QUALITY), *results]),
            failures_of(staging),
        )
    where = f"run_id = '{run_id_of(staging)}' AND severity = 'critical'"
    return f'nothing was published; see: {settings.command} sql "FROM quality_failures WHERE {where}"'


def explaining[T, R](run: Callable[[T, Settings, Runner], R]) -> Callable[[T, Settings, Runner], R]:
    """Return `run` so that it raises MachineFailed, which says what was published, where the machine refused."""

    def explained(what: T, settings: Settings, runner: Runner) -> R:
        began = datetime.now(UTC)
        try:
            return run(what, settings, runner)
        except CopydeskError:
            raise
        except BaseException as error:
            if (refused := refusal(error)) is None:
                raise
            happened, remedy = refused
            state = published(settings, began)
            raise MachineFailed(f"{happened}; {state}; {remedy}, then run the same command again") from error

    explained.__doc__ = run.__doc__
    return explained


def published(settings: Settings, began: datetime) -> str:
    """Say what the run that began at `began`, or the one that it resumed, has published."""
    try:
        if not settings.warehouse.exists():
            return "nothing was published"
        staged = [noted for each in list_staged(settings.staging) if (noted := each.noted("identity"))]
        with reading(settings) as warehouse:
            found = run_history.published_since(warehouse, began, [each["run_id"] for each in staged])
    except (CopydeskError, OSError, ValueError, duckdb.Error):
        return f"what was published is not known: {settings.command} status says it"
    if found is None:
        return "nothing was published"
    return f"run {found[0]} is published ({found[1]} loaded), only its report is missing"
