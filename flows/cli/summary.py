"""What a run says when it has ended: what its gates found, what it left untagged, where everything lies."""

import shutil
import sys
from pathlib import Path

from rich.table import Table
from rich.text import Text

from copydesk.flows.console import out, short
from copydesk.flows.io.warehouse import reading
from copydesk.flows.run.pipeline import RunResult
from copydesk.flows.settings import Settings
from copydesk.transforms.text.printable import escape_invisible

QUERIES = (
    "SELECT source, title, n_words, n_duplicates FROM articles ORDER BY n_words DESC LIMIT 10",
    "SELECT rule, n_edits, n_documents, example FROM boilerplate_rules ORDER BY n_edits DESC LIMIT 10",
    "SELECT name, label, n_documents FROM entities ORDER BY n_documents DESC, name LIMIT 10",
)


def print_gate_summary(settings: Settings, run_id: str) -> None:
    """Say which expectations were not met, and what was seen."""
    with reading(settings) as warehouse:
        rows = warehouse.execute(
            "SELECT severity, stage, expectation, observed FROM quality_results WHERE run_id = ? AND NOT success "
            "ORDER BY severity DESC, list_position(['ingest', 'clean', 'dedupe', 'tag', 'load'], stage), expectation",
            [run_id],
        ).fetchall()
    for severity, stage, expectation, observed in rows:
        look = "yellow" if severity == "warning" else "cyan"
        line = Text.assemble(
            (f"{severity:<10} ", look), escape_invisible(f"{stage}: {expectation}: {observed}")
        )
        out.print(line, soft_wrap=True)


def print_untagged(settings: Settings, run_id: str) -> None:
    """Say which articles of a run stay untagged, because no model is of their language."""
    with reading(settings) as warehouse:
        rows = warehouse.execute(
            "SELECT coalesce(d.lang, 'unknown'), count(*) FROM articles AS a INNER JOIN documents AS d USING (doc_id) "
            "WHERE d.tagged_by IS NULL AND d.run_id = ? GROUP BY ALL ORDER BY 2 DESC, 1",
            [run_id],
        ).fetchall()
    if rows:
        languages = ", ".join(f"{lang} {count}" for lang, count in rows)
        out.print(
            f"untagged   {languages}: no model for the language; name more with --model A,B",
            highlight=False,
            soft_wrap=True,
        )


def print_locations(settings: Settings) -> None:
    """Say where the warehouse and the report lie, and what to ask next."""
    home = "" if settings.is_at_usual_home else f" --home {short(settings.home)}"
    out.print(
        f"warehouse  {short(settings.warehouse)}\nreport     {short(settings.reports / 'index.html')}",
        highlight=False,
        soft_wrap=True,
    )
    program = "copydesk" if shutil.which("copydesk") else short(Path(sys.argv[0]).absolute())
    out.print("\nThree queries to try next:", highlight=False)
    for query in QUERIES:
        out.print(f'  {program}{home} sql "{query}"', highlight=False, soft_wrap=True)


def closing_table(outcome: RunResult) -> Table:
    """Return the one table that a run ends in."""
    table = Table(
        title=f"run {outcome.run_id}" + (" (resumed)" if outcome.resumed else ""), title_justify="left"
    )
    for column in ("stage", "in", "quarantined", "out", "seconds"):
        table.add_column(column, justify="left" if column == "stage" else "right")
    for summary in outcome.summaries:
        cells = (summary.n_in, summary.n_quarantined, summary.n_out)
        table.add_row(summary.stage, *map(str, cells), f"{summary.seconds:.1f}")
    table.add_section()
    parts = (
        ("read", outcome.n_records),
        ("known from earlier runs", outcome.n_known),
        ("quarantined", outcome.n_quarantined),
        ("duplicates", outcome.n_duplicates),
        ("loaded", outcome.n_loaded),
    )
    for name, count in parts:
        table.add_row(name, "", "", str(count), f"{outcome.seconds:.1f}" if name == "loaded" else "")
    return table
