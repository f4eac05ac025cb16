"""Opening the warehouse and bringing its schema up to date."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from copydesk.warehouse.digests import start_digests

HERE = Path(__file__).parent

#: The default storage version, 0.10's, silently stores text columns uncompressed; 1.5's knows their zstd.
_CONFIG: dict[str, Any] = {"autoinstall_known_extensions": False, "storage_compatibility_version": "v1.5.0"}

#: The migration that every warehouse has had.
FIRST = "0001_tables"
_TABLES = (
    "SELECT table_name FROM duckdb_tables() WHERE NOT temporary "
    "UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY 1"
)


class UnusableWarehouse(Exception):
    """The file is a DuckDB database, but not one that this version of copydesk can use; the message says why."""


def connect(path: Path, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open the warehouse at `path`, in UTC, without a progress bar.

    Raises duckdb.IOException when another process holds it, or when it is missing and `read_only` is set.
    """
    connection = duckdb.connect(path, read_only=read_only, config=_CONFIG)
    connection.execute(
        "SET TimeZone = 'UTC'; SET enable_progress_bar = false; SET preserve_insertion_order = true"
    )
    return connection


def list_sql(folder: Path) -> list[Path]:
    """Return the SQL files of one folder of the package, sorted by name.

    Raises FileNotFoundError when there are none: the package was installed without its data, and an empty list would
    silently make an empty warehouse, or an audit that checks nothing.
    """
    files = sorted(folder.glob("*.sql"))
    if not files:
        raise FileNotFoundError(
            f"no SQL files in {folder}: copydesk is not completely installed; install it again"
        )
    return files


def is_current(connection: duckdb.DuckDBPyConnection) -> bool:
    """Return whether the warehouse has had every migration; a database without tables has had none.

    Raises UnusableWarehouse for a database of another program, and for one that a newer version of copydesk made.
    """
    known = {file.stem for file in list_sql(HERE / "migrations")}
    tables = [row[0] for row in connection.execute(_TABLES).fetchall()]
    seen = _applied(connection) if "schema_migrations" in tables else set()
    if tables and FIRST not in seen:
        names = ", ".join(tables[:3]) + (", ..." if len(tables) > 3 else "")
        raise UnusableWarehouse(f"it is a DuckDB database of another program, with the tables {names}")
    if newer := sorted(seen - known):
        raise UnusableWarehouse(
            f"a newer version of copydesk made it (migration {newer[-1]}); update copydesk"
        )
    return known <= seen


def migrate(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Run the migrations that the warehouse has not had, in one transaction, then replace the views.

    Returns the names of the migrations that ran. Raises duckdb.Error, with nothing changed, when one fails,
    UnusableWarehouse as `is_current` does, and FileNotFoundError when the package has no migrations or no views.
    """
    migrations, views = list_sql(HERE / "migrations"), list_sql(HERE / "views")
    if is_current(connection):
        return []
    seen = _applied(connection) if connection.execute(_TABLES).fetchone() else set()
    files = [file for file in migrations if file.stem not in seen]
    with transaction(connection):
        for file in files:
            connection.execute(file.read_text(encoding="utf-8"))
            version = int(file.stem.split("_")[0])
            connection.execute("INSERT INTO schema_migrations VALUES (?, ?, now())", [version, file.stem])
        # articles first: other views select from it
        for view in sorted(views, key=lambda file: file.stem != "articles"):
            connection.execute(view.read_text(encoding="utf-8"))
        start_digests(connection)
    return [file.stem for file in files]


def _applied(connection: duckdb.DuckDBPyConnection) -> set[str]:
    try:
        return {row[0] for row in connection.execute("SELECT name FROM schema_migrations").fetchall()}
    except duckdb.BinderException:  # another program's table of this name
        return set()


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit what the block did; roll all of it back when it raises."""
    connection.execute("BEGIN")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
