"""Opening the warehouse and bringing its schema up to date."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

HERE = Path(__file__).parent

#: The default storage version, 0.10's, silently stores text columns uncompressed; 1.5's knows their zstd.
_CONFIG: dict[str, Any] = {"autoinstall_known_extensions": False, "storage_compatibility_version": "v1.5.0"}


def connect(path: Path, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open the warehouse at `path`, in UTC, without progress bar.

    Raises duckdb.IOException when another process holds it, or when it is missing and `read_only` is set.
    """
    connection = duckdb.connect(path, read_only=read_only, config=_CONFIG)
    connection.execute(
        "SET TimeZone = 'UTC'; SET enable_progress_bar = false; SET preserve_insertion_order = true"
    )
    return connection


def migrate(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Run the migrations that `connection` has not seen, in one transaction, and renew the views after them.

    Returns the names of the migrations that ran. Raises duckdb.Error, with nothing changed, when one fails.
    """
    seen = set()
    if connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'schema_migrations'").fetchone():
        seen = {row[0] for row in connection.execute("SELECT name FROM schema_migrations").fetchall()}
    files = [file for file in sorted((HERE / "migrations").glob("*.sql")) if file.stem not in seen]
    with transaction(connection):
        for file in files:
            connection.execute(file.read_text(encoding="utf-8"))
            version = int(file.stem.split("_")[0])
            connection.execute("INSERT INTO schema_migrations VALUES (?, ?, now())", [version, file.stem])
        for view in _ordered_views() if files else ():
            connection.execute(view.read_text(encoding="utf-8"))
    return [file.stem for file in files]


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit what the block did, or roll all of it back when it raises."""
    connection.execute("BEGIN")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _ordered_views() -> list[Path]:
    """Return the view files, articles first: others stand on it."""
    return sorted((HERE / "views").glob("*.sql"), key=lambda file: (file.stem != "articles", file.stem))
