"""`copydesk status` and `copydesk audit`."""

import shlex

import duckdb
import polars as pl
from rich.table import Table
from rich.text import Text

from copydesk.flows.cli.options import with_settings
from copydesk.flows.console import out
from copydesk.flows.errors import GateFailed
from copydesk.flows.io.warehouse import reading
from copydesk.flows.settings import VERSION, Settings
from copydesk.flows.staging.folder import list_staged
from copydesk.transforms.text.printable import escape_invisible
from copydesk.warehouse.queries.summary import latest_runs, table_sizes


@with_settings()
def audit(settings: Settings) -> None:
    """Check the conservation law: every input byte is accounted for. Exits with 1 if it does not hold."""
    from copydesk.flows.stages.entities import lost_rule
    from copydesk.warehouse.audit import audit as run_audit

    with reading(settings) as warehouse:
        checks = run_audit(warehouse)
        lost = lost_rule(settings, warehouse)
    table = Table(title="the conservation law", title_justify="left")
    for column in ("check", "rows that break it", "for example"):
        table.add_column(column)
    for check, n_broken, example in checks.iter_rows():
        count = Text(str(n_broken), style="red" if n_broken else "green")
        table.add_row(check.replace("_", " "), count, escape_invisible(example or ""))
    out.print(table)
    broken = checks.filter(pl.col("n_broken") > 0)["check"]
    if len(broken):
        raise GateFailed(f"the audit failed: {', '.join(broken)}; the table above names a row of each")
    if lost is not None:
        raise GateFailed(f"a command was killed before it was done; give it again: {lost}")


@with_settings()
def status(settings: Settings) -> None:
    """Show the latest runs, table sizes, versions and where files are."""
    with reading(settings) as warehouse:
        runs, sizes = latest_runs(warehouse), table_sizes(warehouse)
    table = Table(title="latest runs", title_justify="left")
    for column in ("run", "started (UTC)", "state", "read", "known", "quarantined", "duplicates", "loaded"):
        table.add_column(column)
    for row in runs.iter_rows():
        table.add_row(*map(str, row))
    out.print(table)
    if settings.home.stat().st_mode & 0o077:
        others = f"chmod -R go= {shlex.quote(str(settings.home))}"
        out.print(f"Other users of this machine may read this home; to close it: {others}", soft_wrap=True)
    size = settings.warehouse.stat().st_size / 1e6
    n_waiting = len(list_staged(settings.staging))
    waiting = f"{n_waiting} unpublished run{'' if n_waiting == 1 else 's'}"
    for name, value in (
        ("rows", ", ".join(f"{name} {n}" for name, n in sizes.iter_rows())),
        ("home", settings.home),
        ("settings", settings.config_file or "no copydesk.toml"),
        ("warehouse", f"{settings.warehouse} ({size:.1f} MB)"),
        ("staging", f"{settings.staging} ({waiting})"),
        ("reports", settings.reports),
        ("versions", f"copydesk {VERSION}, duckdb {duckdb.__version__}, polars {pl.__version__}"),
    ):
        out.print(f"{name:<10} {value}", highlight=False, soft_wrap=True)
