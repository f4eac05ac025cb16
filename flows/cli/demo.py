"""`copydesk demo`: the sample articles through the whole pipeline, and one of them shown."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from copydesk.flows import shipped
from copydesk.flows.cli.options import with_settings
from copydesk.flows.cli.run import run_and_report
from copydesk.flows.console import out, short
from copydesk.flows.io.warehouse import reading
from copydesk.flows.settings import Settings

#: The sample that is shown: short, with menus, teasers, damaged quotes and a copyright line.
ARTICLE = "northern-post/school-library-reopens.txt"


@with_settings()
def demo(
    settings: Settings,
    opened: Annotated[bool, typer.Option("--open", help="Open the proof sheet in the browser.")] = False,
) -> None:
    """Run the 25 sample articles that ship with copydesk, and show what happened to one of them.

    Without --home, a new temporary folder is used. Nothing is read from the network.
    """
    from copydesk.flows.proof.export import read_sheet
    from copydesk.flows.proof.page import to_page
    from copydesk.flows.proof.terminal import render_terminal
    from copydesk.flows.run.selection import find_documents

    if not settings.home_is_given:
        settings = settings.model_copy(update={"home": Path(tempfile.mkdtemp(prefix="copydesk-demo-"))})
    run_and_report([str(shipped.SAMPLES)], settings, direct=True)
    with reading(settings) as warehouse:
        sheet = read_sheet(settings, warehouse, find_documents(warehouse, ARTICLE)["doc_id"][0])
    page = settings.home / "reports" / "demo.html"
    page.write_text(to_page(sheet), encoding="utf-8")
    out.print(
        f"\nOne of them, with every removed line and its rule (copydesk show {ARTICLE}):\n", highlight=False
    )
    out.print(render_terminal(sheet, out.width, full=False, styled=out.is_terminal))
    out.print(f"\nproof sheet {short(page)}", highlight=False, soft_wrap=True)
    if opened:
        typer.launch(page.as_uri())
