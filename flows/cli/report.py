"""`copydesk report`: the data-quality report."""

from typing import Annotated

import typer

from copydesk.flows.cli.options import with_settings
from copydesk.flows.console import out, short
from copydesk.flows.settings import Settings


@with_settings()
def report(
    settings: Settings,
    opened: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Write the data-quality report again and print its path. Every run writes it too."""
    from copydesk.flows.report.write import write_report

    path = write_report(settings)
    out.print(f"report     {short(path)}", highlight=False, soft_wrap=True, markup=False)
    if opened:
        typer.launch(path.as_uri())
