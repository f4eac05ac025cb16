"""`copydesk run` and `copydesk quarantine retry`: both are runs of the pipeline."""

from typing import TYPE_CHECKING, Annotated

import typer

from copydesk.flows.cli.options import FOLLOW, RUN_OPTIONS, with_settings
from copydesk.flows.cli.quarantine import Documents, Expectation, Stage, to_filter
from copydesk.flows.cli.summary import (
    closing_table,
    print_gate_summary,
    print_links,
    print_locations,
    print_untagged,
)
from copydesk.flows.console import out
from copydesk.flows.io.inputs import portable
from copydesk.flows.io.warehouse import reading
from copydesk.flows.run.selection import QuarantineFilter, select_quarantined
from copydesk.flows.settings import Settings
from copydesk.flows.staging.folder import list_staged

if TYPE_CHECKING:
    from copydesk.flows.run.pipeline import RunResult

Direct = Annotated[bool, typer.Option("--direct", help="Run in this process, without Prefect.")]
_NOTHING_TO_RETRY = "Nothing to retry: no such record is in quarantine."


@with_settings(**RUN_OPTIONS, follow=FOLLOW)
def run(
    settings: Settings,
    inputs: Annotated[
        list[str],
        typer.Argument(
            help="Files, directories or globs; local, or on any file system that fsspec supports."
        ),
    ],
    direct: Direct = False,
) -> None:
    """Ingest, clean, deduplicate, tag and load. Running again on the same input loads nothing."""
    run_and_report([portable(given) for given in inputs], settings, direct=direct)


@with_settings(**RUN_OPTIONS)
def retry(
    settings: Settings,
    documents: Documents = None,
    stage: Stage = None,
    expectation: Expectation = None,
    direct: Direct = False,
) -> None:
    """Re-run the pipeline on quarantined records.

    Reads their stored bytes or, if none were stored, the original files. Records that pass are loaded; the others
    return to quarantine.
    """
    selection = to_filter(documents, stage, expectation)
    with reading(settings) as warehouse:
        nothing = select_quarantined(warehouse, selection).is_empty()
    if nothing and not list_staged(settings.staging):  # staging may hold a retry that was killed
        out.print(_NOTHING_TO_RETRY)
        return
    run_and_report(selection, settings, direct=direct)


def run_and_report(what: list[str] | QuarantineFilter, settings: Settings, *, direct: bool) -> None:
    """Run over inputs or quarantined records, and print the result."""
    result = _execute(what, settings, direct=direct)
    if result is None:
        out.print(_NOTHING_TO_RETRY)
        return
    out.print(closing_table(result))
    if isinstance(what, QuarantineFilter):
        passed = result.n_loaded + result.n_duplicates
        known = f", {result.n_known} already read by earlier runs" if result.n_known else ""
        out.print(f"Retried: {passed} passed, {result.n_quarantined} returned to quarantine{known}.")
    elif result.n_records == result.n_known:
        out.print(f"Nothing new: all {result.n_known} records were read by earlier runs. 0 loaded.")
    print_links(result.links)
    print_gate_summary(settings, result.run_id)
    print_untagged(settings, result.run_id)
    print_locations(settings)


def _execute(what: list[str] | QuarantineFilter, settings: Settings, *, direct: bool) -> "RunResult | None":
    from copydesk.flows.run.interrupt import answering_ctrl_c
    from copydesk.flows.run.progress import Display

    with Display().shown() as display, answering_ctrl_c(display.warn):
        if direct:
            from copydesk.flows.run.local_runner import LocalRunner
            from copydesk.flows.run.pipeline import start

            return start(what, settings, LocalRunner(display))
        from copydesk.flows.orchestration.server import keep_prefect_at_home, server_for_run

        keep_prefect_at_home(settings.home)
        server = server_for_run(settings.home)  # starts beside the imports of Prefect
        from copydesk.flows.orchestration.flow import run_with_prefect

        return run_with_prefect(what, settings, display, server)
