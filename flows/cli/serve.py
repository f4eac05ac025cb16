"""`copydesk serve`: scheduled runs."""

from typing import Annotated

import typer

from copydesk.flows.cli.options import with_settings
from copydesk.flows.settings import Settings


@with_settings()
def serve(
    settings: Settings,
    inputs: Annotated[list[str], typer.Argument(help="What each run reads, as for copydesk run.")],
    cron: Annotated[str, typer.Option(help="Schedule in five fields: minute hour day month weekday.")],
) -> None:
    """Run on a schedule until stopped, one run at a time, with a Prefect server and a process worker."""
    from copydesk.flows.orchestration.schedule import serve as serve_runs
    from copydesk.flows.orchestration.server import keep_prefect_at_home

    keep_prefect_at_home(settings.home)
    serve_runs(inputs, cron, settings)
