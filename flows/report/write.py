"""Writing the report: asks the warehouse, draws, renders, and puts proof sheets beside it."""

from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from copydesk.flows.io.files import write_whole
from copydesk.flows.io.resources import load_cleaning_resources
from copydesk.flows.io.warehouse import reading
from copydesk.flows.proof.export import write_proofs
from copydesk.flows.report.section import Section
from copydesk.flows.report.sections import CHAPTERS
from copydesk.flows.settings import Settings
from copydesk.flows.web.render import render, script, script_hash
from copydesk.transforms.text.printable import escape_invisible
from copydesk.warehouse.queries import browse

#: The numbers at the top: label, and name in the counts of the UI's start page.
_NUMBERS = {
    "articles": "articles",
    "merged records": "merged",
    "in quarantine": "quarantined",
    "stories": "stories",
    "entities": "entities",
}
_LATEST = """
    SELECT
        r.run_id, r.state, strftime(r.started_at, '%Y-%m-%d %H:%M UTC') AS started,
        count(q.run_id) FILTER (NOT q.success AND q.severity = 'critical') AS critical,
        count(q.run_id) FILTER (NOT q.success AND q.severity = 'warning') AS warnings,
        count(q.run_id) FILTER (NOT q.success AND q.severity = 'notice') AS notices
    FROM runs AS r LEFT JOIN quality_results AS q USING (run_id)
    WHERE r.state <> 'killed' GROUP BY ALL ORDER BY any_value(r.started_at) DESC LIMIT 1
"""
_IS_CLEANED = "SELECT count(*) > 0 FROM quarantine WHERE state = 'rejected' AND stage = 'clean'"
_LONGEST = 160  # characters of a cell


def write_report(settings: Settings) -> Path:
    """Write the report on the whole warehouse and the proof sheets that it links to; return its path.

    Raises UsageError when there is no warehouse.
    """
    with reading(settings) as warehouse:
        (needs_cleaning,) = warehouse.execute(_IS_CLEANED).fetchone() or (False,)
        resources = load_cleaning_resources(settings) if needs_cleaning else None
        proofs = write_proofs(
            warehouse, settings.reports / "proofs", resources=resources, suites=settings.suites
        )
        paths = dict(proofs.select("doc_id", "path").iter_rows())
        chapters = [
            (chapter.title, [_show(section, warehouse, paths) for section in chapter.sections])
            for chapter in CHAPTERS
        ]
        counted = browse.numbers(warehouse)
        latest = warehouse.sql(_LATEST).pl().to_dicts()
    page = render(
        "report.html.j2",
        chapters=chapters,
        numbers={said: counted[name] for said, name in _NUMBERS.items()},
        latest=latest[0] if latest else None,
        proofs=[row | {"title": escape_invisible(row["title"])} for row in proofs.to_dicts()],
        home=str(settings.home),
        script=script(),
        script_hash=script_hash(),
    )
    return write_whole(settings.reports / "index.html", page)


def _show(section: Section, warehouse: duckdb.DuckDBPyConnection, proofs: dict[str, str]) -> dict[str, Any]:
    """Return what the template needs of a section: a chart, or the header and cells of a table."""
    frame = warehouse.sql(section.sql).pl()
    shown: dict[str, Any] = {"section": section, "sql": section.sql, "n_rows": len(frame), "chart": None}
    if section.draw is not None:
        return shown | {"chart": None if frame.is_empty() else section.draw(frame)}
    names = [name.removeprefix("n_").replace("_", " ") for name in frame.columns]
    is_number = [dtype.is_numeric() for dtype in frame.dtypes]
    rows = [
        [_cell(name, value, proofs) for name, value in zip(frame.columns, row, strict=True)]
        for row in frame.iter_rows()
    ]
    return shown | {"columns": list(zip(names, is_number, strict=True)), "rows": rows}


def _cell(name: str, value: object, proofs: dict[str, str]) -> dict[str, Any]:
    """Return a cell: its text, what it sorts by, a link to a proof sheet where there is one, and how it looks."""
    cell: dict[str, Any] = {"text": "", "sort": "", "link": None, "look": ""}
    if value is None:
        return cell
    if isinstance(value, bool):
        return cell | {
            "text": "met" if value else "not met",
            "sort": int(value),
            "look": "yes" if value else "no",
        }
    if isinstance(value, int | float):
        text = f"{value:,}" if isinstance(value, int) else f"{value:,.2f}".rstrip("0").rstrip(".")
        return cell | {"text": text, "sort": value, "look": "n"}
    if isinstance(value, datetime):
        return cell | {"text": f"{value:%Y-%m-%d %H:%M}", "sort": value.isoformat()}
    text = escape_invisible(str(value))
    if name == "doc_id":
        return cell | {"text": text[:12], "sort": text, "link": proofs.get(str(value))}
    short = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    return cell | {"text": short, "sort": short}
