"""Write the pages of docs/ that follow from code and data; with --check, say whether they are stale instead.

python docs/generate.py [--check]
"""

import sys
from pathlib import Path

import duckdb

from copydesk.expectations.suite import Expectation, read_suite
from copydesk.flows.io.resources import load_rules
from copydesk.flows.settings import ROOT
from copydesk.flows.staging.frames import STAGES
from copydesk.warehouse.schema import migrate

_PLACES = {
    "line": "the whole line",
    "top": "the whole line, above the first paragraph",
    "label": "the line and the headline below it",
    "tail": "the line and the teasers below it",
    "run": "three or more short lines in a row",
    "glue": "words stuck to the front of a headline",
    "span": "a span inside a line",
}

#: Rules that are code, by name: what they mark, and where the code is.
_IN_CODE = {
    "source_template": "a line that several pages of the source share; `evidence`: how many "
    "(transforms/clean/source_template.py)",
    "line_model": "a line that the trained model takes for the page's and not the article's "
    "(transforms/line_model/model.py)",
    "headline": "the title, which moves to its column (transforms/clean/headline.py)",
    "repeated_headline": "the title once more",
    "cut_headline": "menu words glued to a cut-off title that the next line gives whole "
    "(transforms/clean/structure.py)",
    "glued_menu_word": "menu words glued to the front of a line",
    "outlet_name": "the outlet's own name",
    "bracketed_teaser": "a line in brackets in another language than the article's",
    "cut_teaser": "a teaser that an ellipsis cuts off, and the title above it (transforms/clean/teasers.py)",
    "pull_quote": "a line that repeats a sentence of the article",
    "glued_words": "two words that lost the space between them: the space (transforms/clean/glued_words.py)",
    "glued_sentences": "two sentences that lost it",
    "mojibake": "text that was decoded twice, mended (transforms/clean/repairs.py)",
    "stray_byte": "a byte that is no text in the file's encoding, read as windows-1252",
    "html_entity": "an HTML entity, as the character it stands for",
    "control_character": "a control character",
    "zero_width": "a soft hyphen or a zero-width character",
    "spaces": "several spaces, as one",
    "line_wrap": "a line end inside a paragraph, as a space (transforms/clean/line_breaks.py)",
    "line_end": "any line end and the white space before it, as one line feed",
    "blank_line": "a blank line too many",
    "markup": "HTML markup; a line feed where it ends a block (transforms/html/visible_text.py)",
    "markup_space": "white space in HTML source, as one space",
}


def tables_page() -> str:
    """Return docs/tables.md: every table and view with its grain and columns."""
    lines = [
        "# Tables and views",
        "",
        "Written by `make docs` from the comments in the warehouse itself.",
        "",
    ]
    with duckdb.connect() as connection:
        migrate(connection)
        relations = connection.execute(
            "SELECT table_name, comment FROM duckdb_tables() UNION ALL "
            "SELECT view_name, comment FROM duckdb_views() WHERE NOT internal ORDER BY 1"
        ).fetchall()
        for name, comment in relations:
            lines += [f"## {name}", "", comment, "", "| column | type | |", "|---|---|---|"]
            columns = connection.execute(
                "SELECT column_name, data_type, coalesce(comment, '') FROM duckdb_columns() "
                "WHERE table_name = ? ORDER BY column_index",
                [name],
            ).fetchall()
            lines += [f"| {column} | {kind} | {about} |" for column, kind, about in columns]
            lines.append("")
    return "\n".join(lines)


def rules_page() -> str:
    """Return docs/rules.md: every rule, those of the vocabulary with what they take and what they leave."""
    rules = load_rules(ROOT / "seeds" / "boilerplate")
    lines = ["# The rules", "", "Written by `make docs` from seeds/boilerplate/ and docs/generate.py.", ""]
    lines += ["| rule | takes | score | removed | stays |", "|---|---|---|---|---|"]
    for rule in rules:
        removed, kept = (
            " · ".join(examples[:2]).replace("|", "\\|") for examples in (rule.removed, rule.kept)
        )
        lines.append(f"| {rule.name} | {_PLACES[rule.where]} | {rule.score} | {removed} | {kept} |")
    lines += ["", "## Rules in code", "", "| rule | marks |", "|---|---|"]
    lines += [f"| {name} | {marks} |" for name, marks in _IN_CODE.items()]
    return "\n".join([*lines, ""])


def expectations_page() -> str:
    """Return docs/expectations.md: every expectation of every suite, with what it asks and why."""
    lines = [
        "# The expectations",
        "",
        "Written by `make docs` from expectations/suites/. A notice is told, a warning sends what failed to",
        "quarantine, a critical one stops the run; what is off waits for a limits file (README). What is usual is",
        "learned from the source's own earlier runs (transforms/quality/baselines.py).",
        "",
        "| after | expectation | severity | a row is | asks | it fails where |",
        "|---|---|---|---|---|---|",
    ]
    rows = [
        f"| {stage} | {each.name} | {each.severity} | {_row(stage, each)} | {each.asks} | {each.because} |"
        for stage in STAGES
        for each in read_suite(stage)
    ]
    return "\n".join([*lines, *rows, ""])


_ROW: dict[object, str] = {
    "documents": "a document",
    ("ingest", "documents"): "a record",
    ("load", "documents"): "a law",
    "sources": "a source",
    "run": "the run",
}


def _row(stage: str, expectation: Expectation) -> str:
    """Say what a row is that an expectation looks at."""
    return _ROW.get((stage, expectation.over), _ROW[expectation.over])


def main() -> None:
    """Write or check the pages."""
    pages = {
        "tables.md": tables_page(),
        "rules.md": rules_page(),
        "expectations.md": expectations_page(),
    }
    stale = []
    for name, text in pages.items():
        path = Path(__file__).with_name(name)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf-8")
    if stale and "--check" in sys.argv:
        sys.exit(f"stale: {', '.join(stale)}; run make docs and commit")


if __name__ == "__main__":
    main()
