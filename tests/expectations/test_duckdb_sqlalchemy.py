"""The adapter: rows are fetched at once, and the transaction stays the caller's."""

from collections.abc import Iterator

import duckdb
import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from copydesk.expectations.duckdb_sqlalchemy import URL, Connection, engine_arguments


@pytest.fixture
def duck() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE t AS SELECT range AS n FROM range(5)")
        yield connection


def test_rows_are_kept_when_another_statement_runs(duck: duckdb.DuckDBPyConnection) -> None:
    connection = Connection(duck)
    first, second = connection.cursor(), connection.cursor()
    first.execute("SELECT n FROM t ORDER BY n")
    second.execute("SELECT count(*) FROM t")
    assert first.fetchone() == (0,)
    assert first.fetchmany(2) == [(1,), (2,)]
    assert first.fetchmany() == [(3,)]
    assert first.fetchall() == [(4,)]
    assert (first.fetchone(), first.fetchall(), first.fetchmany(3)) == (None, [], [])
    assert second.fetchall() == [(5,)]
    assert [column[0] for column in first.description] == ["n"]


def test_parameters_and_errors_are_duckdbs(duck: duckdb.DuckDBPyConnection) -> None:
    cursor = Connection(duck).cursor()
    cursor.execute("SELECT n FROM t WHERE n > ?", [3])
    assert cursor.fetchall() == [(4,)]
    with pytest.raises(duckdb.CatalogException):
        cursor.execute("SELECT * FROM nothing")


@pytest.mark.parametrize("statement", ["BEGIN", "begin transaction;", " COMMIT ", "rollback;"])
def test_statements_of_the_transaction_do_nothing(duck: duckdb.DuckDBPyConnection, statement: str) -> None:
    duck.execute("BEGIN")
    duck.execute("INSERT INTO t VALUES (99)")
    connection = Connection(duck)
    connection.cursor().execute(statement)
    for act in (
        connection.begin,
        connection.commit,
        connection.rollback,
        connection.close,
        connection.cursor().close,
    ):
        act()
    assert duck.execute("SELECT count(*) FROM t").fetchone() == (6,)
    duck.execute("ROLLBACK")  # it is still open
    assert duck.execute("SELECT count(*) FROM t").fetchone() == (5,)


def test_sqlalchemy_sees_the_open_transaction_and_leaves_it_open(duck: duckdb.DuckDBPyConnection) -> None:
    duck.execute("BEGIN")
    duck.execute("INSERT INTO t VALUES (99)")
    engine = create_engine(URL, **engine_arguments(duck))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT max(n) FROM t")).scalar() == 99
    engine.dispose()
    duck.execute("ROLLBACK")
    assert duck.execute("SELECT max(n) FROM t").fetchone() == (4,)


def test_columns_of_tables_and_views_are_read_by_name(duck: duckdb.DuckDBPyConnection) -> None:
    duck.execute('CREATE TEMP VIEW "odd ""name" AS SELECT n, \'x\' AS "a b" FROM t')
    engine = create_engine(URL, **engine_arguments(duck))
    assert engine.dialect.name == "duckdb"
    assert [column["name"] for column in inspect(engine).get_columns('odd "name')] == ["n", "a b"]
    assert [column["name"] for column in inspect(engine).get_columns("t")] == ["n"]
    assert inspect(engine).get_pk_constraint("t")["constrained_columns"] == []
    with pytest.raises(DBAPIError, match="nothing does not exist"):
        inspect(engine).get_columns("nothing")
    engine.dispose()
