"""`copydesk sql`: query the warehouse, read-only."""

import io
import sys
from enum import StrEnum
from typing import Annotated

import duckdb
import typer

from copydesk.flows.cli.csv_safety import guard
from copydesk.flows.cli.options import with_settings
from copydesk.flows.cli.row_forms import plain, to_json
from copydesk.flows.console import out, print_data
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
    excel: Annotated[
        bool,
        typer.Option("--excel", help="Write CSV with a byte-order mark, so that Excel reads it as UTF-8."),
    ] = False,
) -> None:
    """Query the warehouse, read-only.

    Times are in UTC and look the same in every text format: 2026-03-09 06:30:00.
    """
    if excel and format is not Format.CSV:
        raise UsageError("--excel is for CSV: add --format csv")
    rows = run_query(settings, query)
    with duckdb.connect() as printer:
        printer.execute("SET TimeZone = 'UTC'")
        _print_rows(printer.from_arrow(rows), format, exact=exact, excel=excel)


def _print_rows(relation: duckdb.DuckDBPyRelation, format: Format, *, exact: bool, excel: bool) -> None:
    if format is Format.TABLE:
        plain(relation).show(max_width=out.width if out.is_terminal else 160, max_rows=100)
    elif format is Format.JSON:
        print_data(to_json(relation))
    elif format is Format.CSV:
        frame = plain(relation).pl()
        mark = "\ufeff" if excel and not sys.stdout.isatty() else ""
        print_data(mark + (frame if exact else guard(frame)).write_csv())
    elif sys.stdout.isatty():
        raise UsageError(
            "parquet is binary: send it to a file, as in: copydesk sql QUERY --format parquet > rows.parquet"
        )
    else:
        file = io.BytesIO()
        relation.pl().write_parquet(file)
        print_data(file.getvalue())
