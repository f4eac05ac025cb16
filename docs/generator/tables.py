"""docs/reference/tables.md: every table and view with its grain and columns, from the comments in the warehouse."""

import duckdb

from copydesk.warehouse.schema import migrate

_HEAD = [
    "# Tables and views",
    "",
    "Written by `make docs` from the comments in the warehouse itself. The columns named here are the public",
    "interface: later versions may add some, and remove none without a new major version.",
    "",
]


def tables_page() -> str:
    """Return the page; each table and view is one section with one row per column."""
    lines = list(_HEAD)
    with duckdb.connect() as connection:
        migrate(connection)
        relations = connection.execute(
            "SELECT table_name, comment FROM duckdb_tables() UNION ALL "
            "SELECT view_name, comment FROM duckdb_views() WHERE NOT internal ORDER BY 1"
        ).fetchall()
        for name, comment in relations:
            lines += [f"## {name}", "", comment, "", "| column | type | meaning |", "|---|---|---|"]
            columns = connection.execute(
                "SELECT column_name, data_type, coalesce(comment, '') FROM duckdb_columns() "
                "WHERE table_name = ? ORDER BY column_index",
                [name],
            ).fetchall()
            lines += [f"| {column} | {kind} | {about} |" for column, kind, about in columns]
            lines.append("")
    return "\n".join(lines)
