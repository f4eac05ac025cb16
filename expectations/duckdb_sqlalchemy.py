"""A live DuckDB connection for SQLAlchemy, and so for Great Expectations: a DB-API adapter and a dialect.

Great Expectations closes its connection before it fetches, which drops DuckDB's pending result; and a second connection
would not see the rows of an open transaction. So the rows of each statement are fetched at once, and begin, commit,
rollback and close do nothing: the transaction belongs to the caller. duckdb-engine reads a table's columns through
PostgreSQL's catalogue, with its enumerated types, in 30 ms of CPU; the dialect describes the table, in 1 ms.
"""

from typing import Any

import duckdb
from duckdb_engine import Dialect
from sqlalchemy import types
from sqlalchemy.dialects import registry
from sqlalchemy.engine.interfaces import ReflectedColumn, ReflectedPrimaryKeyConstraint
from sqlalchemy.pool import StaticPool

type Row = tuple[Any, ...]

#: The URL of an engine with :func:`engine_arguments`.
URL = "duckdb+live:///:memory:"
registry.register("duckdb.live", __name__, "LiveDialect")


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


class LiveDialect(Dialect):  # type: ignore[misc]  # duckdb-engine has no types
    """duckdb-engine's dialect for tables and views without keys, which are described by DuckDB itself."""

    supports_statement_cache = True

    def get_columns(
        self,
        connection: Any,
        table_name: str,
        schema: str | None = None,  # noqa: ARG002
        **_: Any,
    ) -> list[ReflectedColumn]:
        """Return the columns of a table or view by name; Great Expectations asks for no more than the names."""
        quoted = self.identifier_preparer.quote_identifier(table_name)
        described = connection.exec_driver_sql(f"DESCRIBE {quoted}").fetchall()
        return [
            {"name": str(row[0]), "type": types.NullType(), "nullable": True, "default": None}
            for row in described
        ]

    def get_pk_constraint(self, *_: Any, **__: Any) -> ReflectedPrimaryKeyConstraint:
        """Return that there is no primary key."""
        return {"constrained_columns": [], "name": None}


def engine_arguments(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Return the arguments that make SQLAlchemy's create_engine, with URL, use `connection`."""
    return {"creator": lambda: Connection(connection), "poolclass": StaticPool}
