"""Damage to the database file: what DuckDB says of it, and which tables cannot be read."""

from collections.abc import Callable
from contextlib import closing

import duckdb

#: What DuckDB's errors say when a block of the file is not as it was written, or is missing.
_SIGNS = (
    *("corrupt", "checksum", "could not read", "not a valid duckdb", "database has been invalidated"),
    *("failed to deserialize", "deserialization", "out of range", "unordered_map"),
)
_WAL = "replaying wal"


def is_damage(error: duckdb.Error) -> bool:
    """Return whether an error says that the database file or its write-ahead log is damaged."""
    if isinstance(error, duckdb.FatalException | duckdb.InternalException | duckdb.SerializationException):
        return True
    said = str(error).lower()
    return is_wal_damage(error) or (
        isinstance(error, duckdb.IOException) and any(sign in said for sign in _SIGNS)
    )


def is_wal_damage(error: duckdb.Error) -> bool:
    """Return whether an error says that the write-ahead log cannot be applied."""
    return _WAL in str(error).lower()


def unreadable_tables(open_file: Callable[[], duckdb.DuckDBPyConnection]) -> list[str]:
    """Read every column of every table; return the tables that cannot be read.

    `open_file` opens the database: DuckDB refuses a connection after some errors. Raises duckdb.Error when it cannot be
    opened at all.
    """
    with closing(open_file()) as connection:
        tables = connection.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()
    found = []
    for (table,) in tables:
        try:
            with closing(open_file()) as connection:
                connection.execute(f'SELECT bit_xor(hash(t)) FROM "{table}" AS t').fetchall()
        except duckdb.Error:
            found.append(table)
    return found
