"""Write the pages of docs/ that follow from code and data; with --check, say whether they are stale instead.

python docs/generate.py [--check]
"""

import sys
from pathlib import Path

import duckdb

from flows.seeds import load_rules
from flows.settings import ROOT
from warehouse.schema import migrate

_PLACES = {
    "line": "the whole line",
    "top": "the whole line, above the first paragraph",
    "label": "the line and the headline below it",
    "tail": "the line and the teasers below it",
    "run": "three or more short lines in a row",
    "glue": "words stuck to the front of a headline",
    "span": "a span inside a line",
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
    """Return docs/rules.md: every vocabulary rule with what it takes and what it leaves."""
    rules = load_rules(ROOT / "seeds" / "boilerplate")
    lines = ["# The vocabulary of boilerplate", "", "Written by `make docs` from seeds/boilerplate/.", ""]
    lines += ["| rule | takes | score | removed | stays |", "|---|---|---|---|---|"]
    for rule in rules:
        removed, kept = (
            " · ".join(examples[:2]).replace("|", "\\|") for examples in (rule.removed, rule.kept)
        )
        lines.append(f"| {rule.name} | {_PLACES[rule.where]} | {rule.score} | {removed} | {kept} |")
    return "\n".join([*lines, ""])


def main() -> None:
    """Write or check the pages."""
    pages = {"tables.md": tables_page(), "rules.md": rules_page()}
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
