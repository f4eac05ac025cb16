"""The command line."""

import io
import json
import os
import shutil
import sys
import tempfile
import traceback
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import duckdb
import polars as pl
import typer
from rich.console import Console
from rich.table import Table

from flows.errors import CopydeskError, GateFailed, UsageError
from flows.server import keep_prefect_at_home, server_for_run
from flows.settings import VERSION, Settings, read_settings
from flows.store import reading

app = typer.Typer(
    name="copydesk",
    help="A copy desk for scraped news text: strips boilerplate, merges repeats, tags entities, explains every change.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
quarantine_app = typer.Typer(help="Records that a gate rejected, each with its reason.", no_args_is_help=True)
app.add_typer(quarantine_app, name="quarantine")
out = Console()
if not out.is_terminal:
    out.width = 120  # a file or a pipe has no width of its own

QUERIES = (
    "SELECT source, title, n_words, n_duplicates FROM articles ORDER BY n_words DESC LIMIT 10",
    "SELECT rule, n_edits, n_documents, example FROM boilerplate_rules ORDER BY n_edits DESC LIMIT 10",
    "SELECT name, label, n_documents FROM entities ORDER BY n_documents DESC, name LIMIT 10",
)


class Format(StrEnum):
    """How `copydesk sql` prints rows."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"


def _version(show: bool) -> None:
    if show:
        out.print(f"copydesk {VERSION}")
        raise typer.Exit


@app.callback()
def _settings(
    context: typer.Context,
    home: Annotated[
        Path | None,
        typer.Option(
            help="Where the warehouse, staging and reports lie. [default: ./data, or COPYDESK_HOME]"
        ),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    del version
    context.obj = home


def _read(context: typer.Context, **flags: object) -> Settings:
    return read_settings(home=context.obj, **flags)


@app.command(epilog="Example: copydesk run articles/ 'more/**/*.txt' s3://bucket/news/")
def run(
    context: typer.Context,
    inputs: Annotated[
        list[str],
        typer.Argument(help="Files, directories or globs, here or on any file system fsspec knows."),
    ],
    direct: Annotated[bool, typer.Option("--direct", help="Call the stages without Prefect.")] = False,
    rules: Annotated[Path | None, typer.Option(help="Another vocabulary of boilerplate.")] = None,
    model: Annotated[str | None, typer.Option(help="Another spaCy model: a package or a path.")] = None,
    batch_mb: Annotated[float | None, typer.Option(help="Megabytes of raw text in a batch.")] = None,
) -> None:
    """Ingest, clean, dedupe, tag and load; a second run over the same input loads nothing."""
    from flows.display import Display, closing_table
    from flows.report import write_report

    settings = _read(context, rules=rules, model=model, batch_mb=batch_mb)
    with Display().shown() as display:
        if direct:
            from flows.direct import Direct
            from flows.pipeline import run_pipeline

            outcome = run_pipeline(inputs, settings, Direct(display))
        else:
            keep_prefect_at_home(settings)
            with server_for_run(settings.home) as (ready, retries):
                from flows.orchestrate import run_with_prefect

                outcome = run_with_prefect(inputs, settings, display, ready, retries)
        report = write_report(settings)
    out.print(closing_table(outcome))
    if outcome.n_records == outcome.n_known:
        out.print(f"Nothing new: all {outcome.n_known} records were read by earlier runs. 0 loaded.")
    _say_where(settings, report)


def _say_where(settings: Settings, report: Path) -> None:
    home = "" if settings.home == Path("data").absolute() else f" --home {_short(settings.home)}"
    out.print(
        f"warehouse  {_short(settings.warehouse)}\nreport     {_short(report)}",
        highlight=False,
        soft_wrap=True,
    )
    program = "copydesk" if shutil.which("copydesk") else _short(Path(sys.argv[0]).absolute())
    out.print("\nThree queries to try next:", highlight=False)
    for query in QUERIES:
        out.print(f'  {program}{home} sql "{query}"', highlight=False, soft_wrap=True)


def _short(path: Path) -> str:
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


@app.command(epilog='Example: copydesk sql "SELECT title, n_duplicates FROM articles" --format csv')
def sql(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="One SQL statement.")],
    format: Annotated[Format, typer.Option(help="How to print the rows.")] = Format.TABLE,
) -> None:
    """Ask the warehouse, read-only."""
    with reading(_read(context)) as warehouse:
        try:
            statements = duckdb.extract_statements(query)
            if len(statements) != 1:
                raise UsageError(f"one SQL statement at a time, please; this is {len(statements)}")
            warehouse.execute("SET enable_external_access = false; SET lock_configuration = true")
            relation = warehouse.sql(query)
            if relation is None:
                raise UsageError("this statement returns no rows; the warehouse is open read-only")
            _print_rows(relation, format)
        except duckdb.Error as error:
            raise UsageError(f"sql: {' '.join(str(error).split())}") from error


def _print_rows(relation: duckdb.DuckDBPyRelation, format: Format) -> None:
    if format is Format.TABLE:
        relation.show(max_width=out.width if out.is_terminal else 160, max_rows=100)
        return
    if format is Format.JSON:
        rows = [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
        sys.stdout.write(json.dumps(rows, ensure_ascii=False, default=str, indent=1) + "\n")
        return
    frame = relation.pl()
    if format is Format.CSV:
        flat = [pl.col(name).cast(pl.String) for name, dtype in frame.schema.items() if dtype.is_nested()]
        text = frame.with_columns(flat).write_csv()
        sys.stdout.write(text)
    elif sys.stdout.isatty():
        raise UsageError(
            "parquet is binary: send it to a file, as in: copydesk sql QUERY --format parquet > rows.parquet"
        )
    else:
        file = io.BytesIO()
        frame.write_parquet(file)
        sys.stdout.buffer.write(file.getvalue())


@app.command(epilog="Example: copydesk audit")
def audit(context: typer.Context) -> None:
    """Prove from the warehouse alone that nothing was lost; exit 1 where it does not hold."""
    from warehouse.audit import audit as prove

    with reading(_read(context)) as warehouse:
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


@app.command(epilog="Example: copydesk --home news status")
def status(context: typer.Context) -> None:
    """Show runs, sizes, versions, and where everything lies."""
    settings = _read(context)
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


@quarantine_app.command("list", epilog="Example: copydesk quarantine list")
def quarantine_list(
    context: typer.Context,
    limit: Annotated[int, typer.Option(help="How many to show.", min=1)] = 100,
) -> None:
    """List rejected records: where they lay, which expectation they failed, what was seen."""
    with reading(_read(context)) as warehouse:
        rows = warehouse.execute(
            "SELECT stage, expectation, detail, uri, octet_length(payload) FROM quarantine ORDER BY uri, record"
        ).fetchall()
    if not rows:
        out.print("The quarantine is empty.")
        return
    table = Table(title=f"{len(rows)} in quarantine", title_justify="left")
    for column in ("stage", "expectation", "seen", "where", "bytes kept"):
        table.add_column(column, overflow="fold")
    for stage, expectation, detail, uri, size in rows[:limit]:
        table.add_row(stage, expectation, detail, _short(Path(uri.removeprefix("file://"))), str(size or 0))
    out.print(table)
    if len(rows) > limit:
        out.print(f"{len(rows) - limit} more: copydesk quarantine list --limit {len(rows)}")


@app.command(epilog="Example: copydesk serve --cron '0 * * * *' articles/")
def serve(
    context: typer.Context,
    inputs: Annotated[list[str], typer.Argument(help="What each run reads, as for copydesk run.")],
    cron: Annotated[str, typer.Option(help="When to run: minute hour day month weekday.")],
) -> None:
    """Run on a schedule until stopped: one run at a time, through a Prefect server and a process worker."""
    settings = _read(context)
    keep_prefect_at_home(settings)
    from flows.schedule import serve as serve_runs

    serve_runs(inputs, cron, settings)


def main() -> None:
    """Run the command line; every foreseen end is one line on stderr and an exit code."""
    err = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        app()
    except CopydeskError as error:
        err.print("copydesk:", str(error), markup=False)
        sys.exit(error.code)
    except KeyboardInterrupt:
        err.print("copydesk: interrupted; run the same command again to go on")
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        log = Path(tempfile.gettempdir()) / "copydesk-crash.log"
        log.write_text(traceback.format_exc(), encoding="utf-8")
        err.print(
            f"copydesk: a fault in copydesk itself: {type(error).__name__}: {error}".split("\n")[0],
            markup=False,
        )
        err.print(f"copydesk: please report it with {log}; the warehouse is as it was", markup=False)
        sys.exit(1)
