"""A DB-API adapter of a live DuckDB connection for SQLAlchemy, and so for Great Expectations.

Great Expectations closes its connection before it fetches, which drops DuckDB's pending result; and a second connection
would not see the rows of an open transaction. So the rows of each statement are fetched at once, and begin, commit,
rollback and close do nothing: the transaction belongs to the caller.
"""

from typing import Any

import duckdb
from sqlalchemy.pool import StaticPool

type Row = tuple[Any, ...]


class Cursor:
    """A DB-API cursor that holds its rows."""

    def __init__(self, connection: "Connection") -> None:
        self.connection = connection
        self._rows: list[Row] = []
        self.description: Any = None
        self.rowcount = -1
        self.arraysize = 1

    def execute(self, statement: str, parameters: Any = None, context: Any = None) -> None:  # noqa: ARG002
        """Run `statement` and fetch its rows."""
        if statement.strip().rstrip(";").lower() in {"begin", "begin transaction", "commit", "rollback"}:
            return
        duck = self.connection.duck
        duck.execute(statement, parameters or None)
        self.description = duck.description
        self._rows = duck.fetchall() if self.description else []

    def fetchall(self) -> list[Row]:
        """Return the rows not fetched yet."""
        rows, self._rows = self._rows, []
        return rows

    def fetchmany(self, size: int = 1) -> list[Row]:
        """Return the next `size` rows."""
        rows, self._rows = self._rows[:size], self._rows[size:]
        return rows

    def fetchone(self) -> Row | None:
        """Return the next row, or None."""
        return self._rows.pop(0) if self._rows else None

    def close(self) -> None:
        """Keep the connection open."""


class Connection:
    """A DB-API connection whose transaction is the caller's."""

    notices: tuple[str, ...] = ()
    closed = False

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.duck = connection

    def cursor(self) -> Cursor:
        """Return a new cursor."""
        return Cursor(self)

    def begin(self) -> None:
        """Leave the transaction to the caller."""

    def commit(self) -> None:
        """Leave the transaction to the caller."""

    def rollback(self) -> None:
        """Leave the transaction to the caller."""

    def close(self) -> None:
        """Leave the connection to the caller."""


def engine_arguments(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Return the arguments that make SQLAlchemy's create_engine use `connection`."""
    return {"creator": lambda: Connection(connection), "poolclass": StaticPool}
