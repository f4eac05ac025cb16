"""What a run prints at its end: its table, unmet expectations, untagged languages, where files are, next queries."""

import shlex
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from copydesk.flows.console import out, short
from copydesk.flows.io.warehouse import reading
from copydesk.flows.settings import Settings
from copydesk.transforms.text.printable import escape_invisible
from copydesk.warehouse.queries.summary import unmet_expectations, untagged_languages

if TYPE_CHECKING:
    from copydesk.flows.run.pipeline import RunResult

QUERIES = (
    "SELECT source, title, n_words, n_duplicates FROM articles ORDER BY n_words DESC LIMIT 10",
    "SELECT rule, n_edits, n_documents, example FROM boilerplate_rules ORDER BY n_edits DESC LIMIT 10",
    "SELECT name, label, n_documents FROM entities ORDER BY n_documents DESC, name LIMIT 10",
)

_LINKS = 10  # printed at most


def print_gate_summary(settings: Settings, run_id: str) -> None:
    """Print the expectations that the run did not meet, with what was observed."""
    with reading(settings) as warehouse:
        unmet = unmet_expectations(warehouse, run_id)
    for severity, stage, expectation, observed in unmet.iter_rows():
        style = "yellow" if severity == "warning" else "cyan"
        line = escape_invisible(f"{stage}: {expectation}: {observed}")
        out.print(Text.assemble((f"{severity:<10} ", style), line), soft_wrap=True)


def print_links(links: Sequence[str]) -> None:
    """Print which links led out of a given folder, or back to a folder that was read already."""
    for link in links[:_LINKS]:
        out.print(f"link       {link}", highlight=False, soft_wrap=True, markup=False)
    if len(links) > _LINKS:
        out.print(f"link       and {len(links) - _LINKS} more like these", highlight=False)


def print_untagged(settings: Settings, run_id: str) -> None:
    """Print how many articles of the run stay untagged because no model covers their language."""
    with reading(settings) as warehouse:
        untagged = untagged_languages(warehouse, run_id)
    if len(untagged):
        languages = ", ".join(f"{lang} {count}" for lang, count in untagged.iter_rows())
        out.print(
            f"untagged   {languages}: no model for the language; add one with --model A,B",
            highlight=False,
            soft_wrap=True,
        )


def print_locations(settings: Settings) -> None:
    """Print where the warehouse and the report are, and three queries to try."""
    home = "" if settings.is_at_usual_home else f" --home {shlex.quote(short(settings.home))}"
    out.print(
        f"warehouse  {short(settings.warehouse)}\nreport     {short(settings.reports / 'index.html')}",
        highlight=False,
        soft_wrap=True,
    )
    program = "copydesk" if shutil.which("copydesk") else shlex.quote(short(Path(sys.argv[0]).absolute()))
    out.print("\nThree queries to try next:", highlight=False)
    for query in QUERIES:
        out.print(f'  {program}{home} sql "{query}"', highlight=False, soft_wrap=True)


def closing_table(result: "RunResult") -> Table:
    """Return the table that a run ends with."""
    table = Table(
        title=f"run {result.run_id}" + (" (resumed)" if result.resumed else ""), title_justify="left"
    )
    for column in ("stage", "in", "quarantined", "out", "seconds"):
        table.add_column(column, justify="left" if column == "stage" else "right")
    for summary in result.summaries:
        cells = (summary.n_in, summary.n_quarantined, summary.n_out)
        table.add_row(summary.stage, *map(str, cells), f"{summary.seconds:.1f}")
    table.add_section()
    parts = (
        ("read", result.n_records),
        ("known from earlier runs", result.n_known),
        ("quarantined", result.n_quarantined),
        ("duplicates", result.n_duplicates),
        ("loaded", result.n_loaded),
    )
    for name, count in parts:
        table.add_row(name, "", "", str(count), f"{result.seconds:.1f}" if name == "loaded" else "")
    return table
