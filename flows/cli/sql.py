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
from copydesk.flows.console import out, print_data
from copydesk.flows.errors import UsageError
from copydesk.flows.io.warehouse import reading
from copydesk.flows.settings import Settings


class Format(StrEnum):
    """How `copydesk sql` prints rows."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"


@with_settings()
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
    with reading(settings) as warehouse:
        try:
            statements = duckdb.extract_statements(query)
            if len(statements) != 1:
                raise UsageError(f"one SQL statement at a time, please; this is {len(statements)}")
            warehouse.execute("SET enable_external_access = false; SET lock_configuration = true")
            relation = warehouse.sql(query)
            if relation is None:
                raise UsageError("this statement returns no rows; the warehouse is open read-only")
            _print_rows(relation, format, exact=exact)
        except duckdb.Error as error:
            raise UsageError(f"sql: {' '.join(str(error).split())}") from error


def _print_rows(relation: duckdb.DuckDBPyRelation, format: Format, *, exact: bool) -> None:
    if format is Format.TABLE:
        relation.show(max_width=out.width if out.is_terminal else 160, max_rows=100)
        return
    if format is Format.JSON:
        rows = [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
        print_data(json.dumps(rows, ensure_ascii=False, default=str, indent=1) + "\n")
        return
    frame = relation.pl()
    if format is Format.CSV:
        flat = _flatten(frame)
        print_data((flat if exact else guard(flat)).write_csv())
    elif sys.stdout.isatty():
        raise UsageError(
            "parquet is binary: send it to a file, as in: copydesk sql QUERY --format parquet > rows.parquet"
        )
    else:
        file = io.BytesIO()
        frame.write_parquet(file)
        print_data(file.getvalue())


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
