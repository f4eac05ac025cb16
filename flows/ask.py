"""The commands that ask the warehouse and change nothing."""

import io
import json
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import duckdb
import polars as pl
import polars.selectors as cs
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.csv_guard import guard
from flows.errors import GateFailed, UsageError
from flows.settings import VERSION, Settings, read_settings
from flows.store import reading
from transforms.printable import visible

out = Console()
if not out.is_terminal:
    out.width = 120  # a file or a pipe has no width of its own


class Format(StrEnum):
    """How `copydesk sql` prints rows."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"


def settings_of(context: typer.Context, **flags: object) -> Settings:
    """Return the settings of one call of the command line; `flags` that are None count as not given."""
    return read_settings(home=context.obj, **flags)


def short(path: Path) -> str:
    """Return `path` as seen from here."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


def sql(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="One SQL statement.")],
    format: Annotated[Format, typer.Option(help="How to print the rows.")] = Format.TABLE,
    exact: Annotated[
        bool,
        typer.Option(
            "--exact",
            help="CSV for machines, cells as they are; else text that a spreadsheet may run as a formula "
            "(=, +, -, @ in front) gets an apostrophe.",
        ),
    ] = False,
) -> None:
    """Ask the warehouse, read-only."""
    with reading(settings_of(context)) as warehouse:
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


def show(
    context: typer.Context,
    document: Annotated[
        str,
        typer.Argument(
            metavar="DOC", help="A doc_id, the start of one, a file that was read, or the end of its path."
        ),
    ],
    full: Annotated[bool, typer.Option("--full", help="Unfold long runs of removed lines.")] = False,
    diff: Annotated[
        bool,
        typer.Option(
            "--diff", help="What differs from its keeper, or from what was merged into it, instead."
        ),
    ] = False,
    html: Annotated[Path | None, typer.Option(help="Write the sheet to this file as a page instead.")] = None,
    color: Annotated[
        bool | None, typer.Option("--color/--no-color", help="Colours and strokes (default: in a terminal).")
    ] = None,
) -> None:
    """Draw a document's proof sheet: what was removed and repaired, by which rule, and who is named."""
    from flows.draw import draw, draw_differences
    from flows.proof import to_page
    from flows.proofs import read_sheet

    settings = settings_of(context)
    with reading(settings) as warehouse:
        sheet = read_sheet(settings, warehouse, _find(warehouse, document))
    if html is not None:
        try:
            html.write_text(to_page(sheet), encoding="utf-8")
        except OSError as error:
            raise UsageError(f"cannot write {html}: {error.strerror}") from error
        out.print(f"proof sheet  {short(html.absolute())}", highlight=False, soft_wrap=True, markup=False)
        return
    console = out if color is None else Console(force_terminal=color, width=out.width)
    if diff:
        console.print(draw_differences(sheet, styled=console.is_terminal))
        return
    console.print(draw(sheet, console.width, full=full, styled=console.is_terminal))


def _find(warehouse: duckdb.DuckDBPyConnection, wanted: str) -> str:
    """Return the doc_id that `wanted` means. Raises UsageError where it means none, or several."""
    from flows.choice import find_documents

    found = find_documents(warehouse, wanted)
    ids = found["doc_id"].unique(maintain_order=True)
    if ids.is_empty():
        raise UsageError(
            f"no document {visible(wanted)!r} in this warehouse; find one with: "
            'copydesk sql "SELECT doc_id, title, uri FROM documents"'
        )
    if len(ids) > 1:
        rows = [f"  {doc_id[:12]}  {visible(uri)}" for doc_id, uri in found.head(10).iter_rows()]
        more = [f"  and {len(found) - 10} more"] if len(found) > 10 else []
        raise UsageError(
            "\n".join([f"{visible(wanted)!r} may be {len(ids)} documents; name one by its id:", *rows, *more])
        )
    return str(ids[0])


def audit(context: typer.Context) -> None:
    """Prove from the warehouse alone that nothing was lost; exit 1 where it does not hold."""
    from warehouse.audit import audit as prove

    with reading(settings_of(context)) as warehouse:
        laws = prove(warehouse)
    table = Table(title="the conservation law", title_justify="left")
    for column in ("check", "rows that break it", "for example"):
        table.add_column(column)
    for check, n_broken, example in laws.iter_rows():
        table.add_row(
            check.replace("_", " "), f"[red]{n_broken}[/]" if n_broken else "[green]0[/]", example or ""
        )
    out.print(table)
    broken = laws.filter(pl.col("n_broken") > 0)
    if len(broken):
        raise GateFailed(
            f"the audit failed: {', '.join(broken['check'])}; see the table above for a row of each"
        )


def status(context: typer.Context) -> None:
    """Show runs, sizes, versions, and where everything lies."""
    settings = settings_of(context)
    with reading(settings) as warehouse:
        runs = warehouse.execute(
            "SELECT run_id, strftime(started_at, '%Y-%m-%d %H:%M:%S'), state, n_records, n_known, n_quarantined, "
            "n_duplicates, n_loaded FROM runs ORDER BY started_at DESC LIMIT 10"
        ).fetchall()
        counts = warehouse.execute(
            "SELECT table_name, estimated_size FROM duckdb_tables() ORDER BY table_name"
        ).fetchall()
    table = Table(title="latest runs", title_justify="left")
    for column in ("run", "started (UTC)", "state", "read", "known", "quarantined", "duplicates", "loaded"):
        table.add_column(column)
    for row in runs:
        table.add_row(*map(str, row))
    out.print(table)
    out.print("rows       " + ", ".join(f"{name} {count}" for name, count in counts), highlight=False)
    size = settings.warehouse.stat().st_size / 1e6
    waiting = [folder.name for folder in settings.staging.glob("*")] if settings.staging.is_dir() else []
    for name, value in (
        ("home", settings.home),
        ("warehouse", f"{settings.warehouse} ({size:.1f} MB)"),
        (
            "staging",
            f"{settings.staging} ({len(waiting)} run{'' if len(waiting) == 1 else 's'} not published)",
        ),
        ("reports", settings.reports),
        ("versions", f"copydesk {VERSION}, duckdb {duckdb.__version__}, polars {pl.__version__}"),
    ):
        out.print(f"{name:<10} {value}", highlight=False, soft_wrap=True)


_Label = Annotated[
    str | None, typer.Option(help="For names of this label alone: PERSON, ORG, GPE, ... [default: of any]")
]


def entities_merge(
    context: typer.Context,
    alias: Annotated[str, typer.Argument(help="The name that is another's, as texts write it.")],
    name: Annotated[str, typer.Argument(help="Whose name it is.")],
    label: _Label = None,
) -> None:
    """Take one name for another's, in what is loaded and in every later run."""
    from flows.entities import rule_by_hand

    moves = rule_by_hand(settings_of(context), alias, name, label, apart=False)
    _say_moved(len(moves), f"{alias} is {name}")


def entities_split(
    context: typer.Context,
    alias: Annotated[str, typer.Argument(help="The name that is an entity of its own.")],
    label: _Label = None,
) -> None:
    """Make a name an entity of its own, in what is loaded and in every later run."""
    from flows.entities import rule_by_hand

    moves = rule_by_hand(settings_of(context), alias, alias, label, apart=True)
    _say_moved(len(moves), f"{alias} is itself alone")


def _say_moved(n: int, what: str) -> None:
    changed = f"{n} {'entity' if n == 1 else 'entities'} changed" if n else "no name that is loaded changes"
    out.print(f"{what}: {changed}; later runs follow", markup=False, highlight=False)


def entities_list(
    context: typer.Context,
    words: Annotated[str, typer.Argument(help="Part of a name; of any of its spellings.")] = "",
    limit: Annotated[int, typer.Option(help="How many to show.", min=1)] = 30,
) -> None:
    """List entities with their spellings, and how each spelling was told."""
    with reading(settings_of(context)) as warehouse:
        rows = warehouse.execute(
            "SELECT e.label, e.name, e.country_code, e.kb_id, e.n_documents, "
            "    string_agg("
            "        n.written || CASE WHEN n.resolved_by = 'exact' THEN '' ELSE ' (' || n.resolved_by || ')' END, "
            "        ', ' ORDER BY n.n_documents DESC, n.written"
            "    ) "
            "FROM entities AS e INNER JOIN entity_names AS n USING (entity_id) GROUP BY ALL "
            "HAVING bool_or(contains(lower(strip_accents(n.written)), lower(strip_accents($words)))) "
            "    OR contains(lower(strip_accents(e.name)), lower(strip_accents($words))) "
            "ORDER BY e.n_documents DESC, e.name LIMIT $limit",
            {"words": words, "limit": limit},
        ).fetchall()
    if not rows:
        out.print(f"No entity is called {visible(words)!r}.", markup=False)
        return
    table = Table()
    for column in ("label", "name", "country", "id", "documents", "spellings"):
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(visible(str(value))) if value is not None else Text("") for value in row))
    out.print(table)
