"""`copydesk sql`: query the warehouse, read-only."""

import io
import json
import sys
from enum import StrEnum
from typing import Annotated

import duckdb
import polars as pl
import polars.selectors as cs
import typer

from copydesk.flows.cli.csv_safety import guard
from copydesk.flows.cli.options import with_settings
from copydesk.flows.console import out
from copydesk.flows.errors import UsageError
from copydesk.flows.io.query import query as run_query
from copydesk.flows.settings import Settings


class Format(StrEnum):
    """How `copydesk sql` prints rows."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"


_LIMITS = {
    "query_seconds": Annotated[float | None, typer.Option("--seconds", help="Seconds that it may take.")],
    "query_mb": Annotated[float | None, typer.Option("--mb", help="Megabytes of memory that it may use.")],
    "query_rows": Annotated[int | None, typer.Option("--rows", help="Rows that it may return.")],
}


@with_settings(**_LIMITS)
def sql(
    settings: Settings,
    query: Annotated[str, typer.Argument(help="One SQL statement.")],
    format: Annotated[Format, typer.Option(help="Output format.")] = Format.TABLE,
    exact: Annotated[
        bool,
        typer.Option(
            "--exact",
            help="Write CSV unchanged. By default, cells that a spreadsheet would run as a formula get an "
            "apostrophe in front.",
        ),
    ] = False,
) -> None:
    """Query the warehouse, read-only."""
    rows = run_query(settings, query)
    with duckdb.connect() as printer:
        printer.execute("SET TimeZone = 'UTC'")
        _print_rows(printer.from_arrow(rows), format, exact=exact)


def _print_rows(relation: duckdb.DuckDBPyRelation, format: Format, *, exact: bool) -> None:
    if format is Format.TABLE:
        relation.show(max_width=out.width if out.is_terminal else 160, max_rows=100)
        return
    if format is Format.JSON:
        rows = [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
        sys.stdout.write(json.dumps(rows, ensure_ascii=False, default=str, indent=1) + "\n")
        return
    frame = relation.pl()
    if format is Format.CSV:
        flat = _flatten(frame)
        sys.stdout.write((flat if exact else guard(flat)).write_csv())
    elif sys.stdout.isatty():
        raise UsageError(
            "parquet is binary: send it to a file, as in: copydesk sql QUERY --format parquet > rows.parquet"
        )
    else:
        file = io.BytesIO()
        frame.write_parquet(file)
        sys.stdout.buffer.write(file.getvalue())


def _flatten(frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` with lists and structs as JSON and bytes in hex, as CSV can hold them."""
    nested = [
        pl.Series(
            name, [json.dumps(value, ensure_ascii=False, default=str) for value in frame[name].to_list()]
        )
        for name, dtype in frame.schema.items()
        if dtype.is_nested()
    ]
    return frame.with_columns(nested).with_columns(cs.binary().bin.encode("hex"))
