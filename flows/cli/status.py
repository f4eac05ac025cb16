"""`copydesk status` and `copydesk audit`."""

import duckdb
import polars as pl
import typer
from rich.table import Table

from copydesk.flows.cli.options import settings_of
from copydesk.flows.console import out
from copydesk.flows.errors import GateFailed
from copydesk.flows.io.warehouse import reading
from copydesk.flows.settings import VERSION


def audit(context: typer.Context) -> None:
    """Prove from the warehouse alone that nothing was lost; exit 1 where it does not hold."""
    from copydesk.warehouse.audit import audit as prove

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
        ("settings", settings.config_file or "no copydesk.toml"),
        ("warehouse", f"{settings.warehouse} ({size:.1f} MB)"),
        (
            "staging",
            f"{settings.staging} ({len(waiting)} run{'' if len(waiting) == 1 else 's'} not published)",
        ),
        ("reports", settings.reports),
        ("versions", f"copydesk {VERSION}, duckdb {duckdb.__version__}, polars {pl.__version__}"),
    ):
        out.print(f"{name:<10} {value}", highlight=False, soft_wrap=True)
