"""Recording a run that a gate stopped, and adding every run to the Data Docs."""

from datetime import datetime
from typing import Any

import polars as pl

from copydesk.expectations.verdict import QUALITY
from copydesk.flows.io.warehouse import writing
from copydesk.flows.settings import Settings
from copydesk.flows.stages.load import failures_of, run_id_of, run_row
from copydesk.flows.staging import STAGES, Staging
from copydesk.warehouse.publish import record_failure


def record_failed(settings: Settings, staging: Staging) -> str:
    """Record a run that a gate stopped, with the results of the gates it reached; return how to query them."""
    results = [staging.read(stage, "results") for stage in STAGES if staging.has(stage, "results")]
    with writing(settings) as warehouse:
        record_failure(
            warehouse,
            run_row(staging, "failed", settings),
            pl.concat([pl.DataFrame(schema=QUALITY), *results]),
            failures_of(staging),
        )
    where = f"run_id = '{run_id_of(staging)}' AND severity = 'critical'"
    return f'nothing was published; see: {settings.command} sql "FROM quality_failures WHERE {where}"'


def write_docs(settings: Settings, staging: Staging) -> None:
    """Add the results of Great Expectations for this run to its Data Docs."""
    from copydesk.expectations.data_docs.site import build_site

    outcomes: dict[str, Any] = {}
    for stage in STAGES:
        outcomes |= staging.noted(f"{stage}-outcomes") or {}
    started = datetime.fromisoformat((staging.noted("run") or {})["started_at"])
    build_site(outcomes, settings.reports / "expectations", run_id_of(staging), started)
