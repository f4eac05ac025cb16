"""`copydesk show`: the proof sheet of one document."""

from pathlib import Path
from typing import Annotated

import duckdb
import typer

from copydesk.flows.cli.options import DOCUMENT_HELP, with_settings
from copydesk.flows.console import make_console, out, short
from copydesk.flows.errors import UsageError
from copydesk.flows.io.files import exported_files
from copydesk.flows.io.warehouse import reading
from copydesk.flows.settings import Settings
from copydesk.transforms.text.printable import escape_invisible


@with_settings()
def show(
    settings: Settings,
    document: Annotated[str, typer.Argument(metavar="DOC", help=DOCUMENT_HELP)],
    full: Annotated[bool, typer.Option("--full", help="Show long runs of removed lines in full.")] = False,
    diff: Annotated[
        bool,
        typer.Option(
            "--diff",
            help="Show the differences from its canonical document, or from the documents merged into it.",
        ),
    ] = False,
    html: Annotated[
        Path | None, typer.Option(help="Write the proof sheet to this file as an HTML page.")
    ] = None,
    color: Annotated[
        bool | None,
        typer.Option("--color/--no-color", help="Colours and strike-through (default: only in a terminal)."),
    ] = None,
) -> None:
    """Show the proof sheet of a document: removed text with its rule in the margin, repairs, entities."""
    from copydesk.flows.proof.export import read_sheet
    from copydesk.flows.proof.page import to_page
    from copydesk.flows.proof.terminal import render_differences, render_terminal

    with reading(settings) as warehouse:
        sheet = read_sheet(settings, warehouse, _find(warehouse, document))
    if html is not None:
        try:
            with exported_files():
                html.write_text(to_page(sheet), encoding="utf-8")
        except OSError as error:
            raise UsageError(f"cannot write {html}: {error.strerror}") from error
        out.print(f"proof sheet  {short(html.absolute())}", highlight=False, soft_wrap=True, markup=False)
        return
    console = out if color is None else make_console(force_terminal=color, width=out.width)
    if diff:
        console.print(render_differences(sheet, styled=console.is_terminal))
        return
    console.print(render_terminal(sheet, console.width, full=full, styled=console.is_terminal))


def _find(warehouse: duckdb.DuckDBPyConnection, wanted: str) -> str:
    """Return the doc_id that `wanted` means. Raises UsageError where it means none, or several."""
    from copydesk.flows.run.selection import find_documents

    found = find_documents(warehouse, wanted)
    ids = found["doc_id"].unique(maintain_order=True)
    if ids.is_empty():
        raise UsageError(
            f"no document {escape_invisible(wanted)!r} in this warehouse; find one with: "
            'copydesk sql "SELECT doc_id, title, uri FROM documents"'
        )
    if len(ids) > 1:
        rows = [f"  {doc_id[:12]}  {escape_invisible(uri)}" for doc_id, uri in found.head(10).iter_rows()]
        more = [f"  and {len(found) - 10} more"] if len(found) > 10 else []
        raise UsageError(
            "\n".join(
                [
                    f"{escape_invisible(wanted)!r} may be {len(ids)} documents; name one by its id:",
                    *rows,
                    *more,
                ]
            )
        )
    return str(ids[0])
