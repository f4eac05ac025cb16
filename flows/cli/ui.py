"""`copydesk ui`; the web server is imported when the command is called."""

from typing import Annotated

import typer

from copydesk.flows.cli.options import with_settings
from copydesk.flows.errors import needing
from copydesk.flows.settings import Settings


@with_settings()
def ui(
    settings: Settings,
    port: Annotated[
        int, typer.Option(help="Port on this machine; 0 picks a free one.", min=0, max=65535)
    ] = 8642,
    opened: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Start a local web UI (127.0.0.1 only) for articles, stories, entities and the quarantine."""
    with needing("ui", "copydesk ui"):
        from copydesk.flows.ui.serve import serve

    serve(settings, port, opened=opened)
