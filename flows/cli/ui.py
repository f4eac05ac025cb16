"""The command `copydesk ui`; the server is imported when it is called."""

from typing import Annotated

import typer

from copydesk.flows.cli.options import settings_of
from copydesk.flows.errors import needing


def ui(
    context: typer.Context,
    port: Annotated[
        int, typer.Option(help="Where to listen on this machine; 0: any port that is free.", min=0, max=65535)
    ] = 8642,
    opened: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Browse the warehouse: articles, stories, entities, the quarantine; for this machine alone."""
    with needing("ui", "copydesk ui"):
        from copydesk.flows.ui.serve import serve

    serve(settings_of(context), port, opened=opened)
