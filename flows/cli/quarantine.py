"""`copydesk quarantine list` and `export`; `copydesk quarantine retry` is a run: see copydesk.flows.cli.run."""

import re
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from typing import Annotated

import duckdb
import polars as pl
import typer
from rich.table import Table
from rich.text import Text

from copydesk.flows.cli.csv_safety import guard
from copydesk.flows.cli.options import DOCUMENT_HELP, with_settings
from copydesk.flows.console import out, short
from copydesk.flows.errors import UsageError
from copydesk.flows.io.files import exported_files
from copydesk.flows.io.warehouse import reading
from copydesk.flows.run.selection import QuarantineFilter, select_quarantined
from copydesk.flows.settings import Settings
from copydesk.transforms.text.printable import escape_invisible
from copydesk.warehouse.queries import quarantine

Documents = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="DOC",
        show_default="all",
        help=DOCUMENT_HELP,
    ),
]
Stage = Annotated[str | None, typer.Option(help="Only records that the gate after this stage rejected.")]
Expectation = Annotated[str | None, typer.Option(help="Only records that failed this expectation.")]
_LISTED = ["file", "uri", "record", "doc_id", "stage", "expectation", "detail"]


def to_filter(documents: list[str] | None, stage: str | None, expectation: str | None) -> QuarantineFilter:
    """Return the filter that a command line describes."""
    return QuarantineFilter(tuple(documents or ()), stage, expectation)


@with_settings()
def list_rejected(
    settings: Settings,
    documents: Documents = None,
    stage: Stage = None,
    expectation: Expectation = None,
    limit: Annotated[int, typer.Option(help="Maximum number of records.", min=1)] = 100,
) -> None:
    """List quarantined records with their location, the expectation they failed and the observed value."""
    selection = to_filter(documents, stage, expectation)
    with reading(settings) as warehouse:
        rows = select_quarantined(warehouse, selection)
    if rows.is_empty():
        out.print(
            "The quarantine is empty."
            if selection == QuarantineFilter()
            else "None of these is in quarantine."
        )
        return
    table = Table(title=f"{len(rows)} in quarantine", title_justify="left")
    for column in ("doc", "stage", "expectation", "seen", "where", "bytes kept"):
        table.add_column(column, overflow="fold", no_wrap=column == "doc")
    for row in rows.head(limit).iter_rows(named=True):
        where = short(Path(row["uri"].removeprefix("file://")))
        names = (row["doc_id"][:8], row["stage"], row["expectation"])
        table.add_row(
            *names,
            *(Text(escape_invisible(text)) for text in (row["detail"], where)),
            str(row["n_bytes"] or 0),
        )
    out.print(table)
    if len(rows) > limit:
        out.print(f"{len(rows) - limit} more: {settings.command} quarantine list --limit {len(rows)}")


@with_settings()
def export(
    settings: Settings,
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR", help="Folder to write to; created if it does not exist.", show_default=False
        ),
    ],
    documents: Documents = None,
    stage: Stage = None,
    expectation: Expectation = None,
) -> None:
    """Write the bytes of quarantined records to files, with quarantine.csv as their index."""
    with reading(settings) as warehouse:
        rows = select_quarantined(warehouse, to_filter(documents, stage, expectation))
        if rows.is_empty():
            out.print("Nothing to export: no such record is in quarantine.")
            return
        names = [_name(*row) for row in rows.select("uri", "record", "doc_id").iter_rows()]
        kept = pl.col("n_bytes").is_not_null()
        rows = rows.with_columns(file=pl.when(kept).then(pl.Series(names)))
        try:
            with exported_files():
                _write(warehouse, rows, folder)
        except OSError as error:
            raise UsageError(f"cannot write to {folder}: {error.strerror or error}") from error
    n_kept = len(rows.filter(kept))
    out.print(
        f"{n_kept} {'file' if n_kept == 1 else 'files'} and quarantine.csv  {short(folder.absolute())}",
        highlight=False,
        soft_wrap=True,
        markup=False,
    )
    if len(rows) > n_kept:
        out.print(
            f"{len(rows) - n_kept} without bytes: they were never read; quarantine.csv has their location"
        )


def _write(warehouse: duckdb.DuckDBPyConnection, rows: pl.DataFrame, folder: Path) -> None:
    """Write the files and quarantine.csv; raise UsageError, with nothing written, if one exists with other content."""
    files = rows.filter(pl.col("file").is_not_null())
    listing = folder / "quarantine.csv"
    text = guard(rows.select(_LISTED)).write_csv().encode()
    there = files.filter(pl.Series([(folder / name).exists() for name in files["file"]], dtype=pl.Boolean))
    others = [
        path
        for name, payload in zip(there["file"], quarantine.payloads(warehouse, there), strict=True)
        if (path := folder / name).read_bytes() != payload
    ]
    others += [listing] if listing.exists() and listing.read_bytes() != text else []
    if others:
        raise UsageError(
            f"{short(others[0].absolute())} already exists with different content; choose an empty folder"
        )
    folder.mkdir(parents=True, exist_ok=True)
    new = files.join(there, on="file", how="anti", maintain_order="left")
    for name, payload in zip(new["file"], quarantine.payloads(warehouse, new), strict=True):
        with (folder / name).open("xb") as file:
            file.write(payload or b"")
    if not listing.exists():
        with listing.open("xb") as file:
            file.write(text)


def _name(uri: str, record: int, doc_id: str) -> str:
    """Return a file name that is valid on all systems, shows the original name, and is unique to the record."""
    path = PurePosixPath(uri)
    stem = re.sub(r"[^\w]+", "-", path.stem).strip("-_")[:40] or "record"
    suffix = path.suffix if re.fullmatch(r"\.[A-Za-z0-9]{1,10}", path.suffix) else ""
    key = blake2b(f"{doc_id} {record} {uri}".encode(), digest_size=6).hexdigest()
    return f"{stem}-{key}{suffix}"
