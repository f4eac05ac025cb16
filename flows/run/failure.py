"""Record a run that a gate stopped."""

import polars as pl

from copydesk.expectations.verdict import QUALITY
from copydesk.flows.io.warehouse import writing
from copydesk.flows.settings import Settings
from copydesk.flows.stages.load import failures_of, run_id_of, run_row
from copydesk.flows.staging.folder import Staging
from copydesk.flows.staging.frames import STAGES
from copydesk.warehouse.publish import record_failure


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
