"""The data-quality report: one self-contained page over the warehouse, written after every run."""

from dataclasses import dataclass
from pathlib import Path

from flows.page import render, write_whole
from flows.settings import Settings
from flows.store import reading


@dataclass(frozen=True)
class Section:
    """One table of the report: its heading, what it says, and the SQL that made it."""

    title: str
    about: str
    sql: str


SECTIONS = (
    Section(
        "What the latest run did",
        "Records that entered each stage, went on, or were set aside by its gate.",
        "SELECT stage, n_in, n_out, n_quarantined, seconds FROM run_funnel\n"
        "WHERE run_id = (SELECT run_id FROM runs ORDER BY started_at DESC LIMIT 1)",
    ),
    Section(
        "Gates of the latest run",
        "Every expectation: a warning sends rows to quarantine, a critical one stops the run.",
        "SELECT stage, expectation, severity, success, observed, n_unexpected FROM quality_results\n"
        "WHERE run_id = (SELECT run_id FROM runs ORDER BY started_at DESC LIMIT 1)",
    ),
    Section(
        "What was marked in the text, by rule",
        "Marks of all documents; nothing is deleted, the raw text keeps every one.",
        "SELECT rule, n_edits, n_documents, n_characters, mean_score, example FROM boilerplate_rules\n"
        "ORDER BY n_characters DESC LIMIT 40",
    ),
    Section(
        "Quarantine",
        "Rejected records, each with the expectation that it failed.",
        "SELECT stage, expectation, detail, parse_filename(uri) AS file FROM quarantine ORDER BY uri, record LIMIT 100",
    ),
    Section(
        "Duplicates",
        "Merged records, the article that readers see instead, and the scores.",
        "SELECT kind, round(similarity, 3) AS similarity, round(containment, 3) AS containment,\n"
        "    parse_filename(u.uri) AS file, d.title AS shown_instead\n"
        "FROM duplicates AS u INNER JOIN documents AS d ON d.doc_id = u.canonical_doc_id\n"
        "ORDER BY kind, similarity DESC, u.uri LIMIT 100",
    ),
    Section(
        "Sources and languages",
        "Articles that readers see.",
        "SELECT source, lang, count(*) AS n_articles, round(avg(n_words)) AS mean_words FROM articles\n"
        "GROUP BY ALL ORDER BY n_articles DESC, source LIMIT 40",
    ),
    Section(
        "Stories",
        "Events that several articles report, the latest first.",
        "SELECT label, n_documents, n_sources, first_at, last_at FROM stories WHERE n_documents > 1\n"
        "ORDER BY last_at DESC, n_documents DESC, label LIMIT 40",
    ),
    Section(
        "Most named",
        "People, places and bodies by the number of documents that name them.",
        "SELECT name, label, country_code AS country, n_documents, n_sources FROM entities\n"
        "ORDER BY n_documents DESC, name LIMIT 25",
    ),
    Section(
        "Names told to be one",
        "Entities with several spellings; in brackets how a spelling was told.",
        "SELECT e.name, e.label,\n"
        "    string_agg(n.written || ' (' || n.resolved_by || ')', ', ' ORDER BY n.written) AS spellings\n"
        "FROM entities AS e INNER JOIN entity_names AS n USING (entity_id)\n"
        "GROUP BY ALL HAVING count(DISTINCT lower(n.written)) > 1\n"
        "ORDER BY any_value(e.n_documents) DESC, e.name LIMIT 40",
    ),
    Section(
        "Runs",
        "The latest twenty.",
        "SELECT run_id, started_at, state, n_records, n_known, n_quarantined, n_duplicates, n_loaded FROM runs\n"
        "ORDER BY started_at DESC LIMIT 20",
    ),
)


def write_report(settings: Settings) -> Path:
    """Write the report over the whole warehouse; return its path. Raises UsageError when there is no warehouse."""
    with reading(settings) as warehouse:
        tables = []
        for section in SECTIONS:
            relation = warehouse.execute(section.sql)
            columns = [column[0] for column in relation.description or ()]
            tables.append((section, columns, relation.fetchall()))
        counts = warehouse.execute(
            "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM documents), "
            "(SELECT count(*) FROM duplicates), (SELECT count(*) FROM quarantine), (SELECT count(*) FROM stories), "
            "(SELECT count(*) FROM entities)"
        ).fetchone()
    names = ("articles", "documents", "merged records", "in quarantine", "stories", "entities")
    page = render(
        "report.html.j2",
        tables=tables,
        numbers=list(zip(names, counts or (), strict=False)),
        home=str(settings.home),
    )
    return write_whole(settings.reports / "index.html", page)
