"""Killed runs: which staging folder a command resumes, and what becomes of the others."""

import duckdb
import polars as pl

from copydesk.flows.io.fingerprint import Fingerprint, digest
from copydesk.flows.settings import Settings
from copydesk.flows.stages.load import run_row
from copydesk.flows.staging.damage import discard_damaged
from copydesk.flows.staging.folder import DISCARDED, Staging, list_staged
from copydesk.flows.staging.sealed import remove
from copydesk.warehouse.publish import record_failure
from copydesk.warehouse.queries import run_history


def staging_of(
    settings: Settings, warehouse: duckdb.DuckDBPyConnection, listing: pl.DataFrame, made_with: Fingerprint
) -> Staging:
    """Return the staging folder of a run: the same for the same inputs, settings and code after the same last run and
    the same changes by hand.
    """
    before = (run_history.last_run(warehouse), run_history.changes_by_hand(warehouse))
    return Staging(settings.staging / digest(*before, listing.write_csv(), made_with))


def take_published(
    settings: Settings, warehouse: duckdb.DuckDBPyConnection, request_key: str
) -> Staging | None:
    """Return the staging of the last published run if it was killed before it could report, for the same request.

    Staging of such a run for another request is removed: nothing of it is missing from the warehouse.
    """
    last = run_history.last_run(warehouse)
    for staging in list_staged(settings.staging):
        run, identity = staging.noted("run"), staging.noted("identity")
        if run is None or identity is None or identity["run_id"] != last:
            continue
        if run.get("request_key") == request_key:
            return staging
        staging.clear()
    return None


def mark_killed(settings: Settings, warehouse: duckdb.DuckDBPyConnection, current: Staging) -> None:
    """Record as killed every staged run that `current` does not resume, and remove its staging folder.

    A damaged folder is removed without a record: it does not say for sure which run it was.
    """
    for staging in list_staged(settings.staging):
        if staging != current:
            discard_damaged(staging)
            if staging.noted("run") is not None:
                record_failure(warehouse, run_row(staging, "killed"))
            staging.clear()
    for left in settings.staging.glob(f"{DISCARDED}*"):
        remove(left)
    if settings.staging.exists() and not settings.staging.is_dir():
        remove(settings.staging)
