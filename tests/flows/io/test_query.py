"""A user's statement runs in a process with limits, sees the warehouse alone, and loses no type on its way back."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from copydesk.flows.errors import UsageError
from copydesk.flows.io.query import query
from copydesk.flows.settings import read_settings
from copydesk.warehouse.schema import connect, migrate


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with an empty warehouse."""
    home = tmp_path_factory.mktemp("home")
    with connect(home / "copydesk.duckdb") as connection:
        migrate(connection)
    return home


def ask(home: Path, sql: str, **limits: Any) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return connection.from_arrow(query(read_settings(home=home, **limits), sql)).fetchall()


@pytest.mark.parametrize(
    ("sql", "limits", "reason"),
    [
        ("SELECT list(range) FROM range(100_000_000)", {"query_mb": 200}, "200 MB of memory"),
        (
            "SELECT string_agg(repeat('x', 1000), '') FROM range(3_000_000)",
            {"query_mb": 200},
            "200 MB of memory",
        ),
        ("SELECT length(repeat('x', 4_000_000_000))", {"query_mb": 200}, "200 MB of memory"),
        ("SELECT repeat('x', 1_000_000) FROM range(150)", {"query_mb": 100}, "more than 100 MB"),
        (
            "SELECT sum(a.range * b.range) FROM range(10_000_000) a, range(100_000) b",
            {"query_seconds": 1},
            "1 seconds",
        ),
        ("SELECT * FROM range(1_001)", {"query_rows": 1_000}, "gave more than 1000 rows"),
    ],
)
def test_a_statement_that_passes_a_limit_is_ended_with_the_limit_named(
    loaded: Path, sql: str, limits: dict[str, float], reason: str
) -> None:
    with pytest.raises(UsageError, match=reason):
        ask(loaded, sql, **limits)


def test_a_foreign_database_is_refused_before_its_files_are_read(loaded: Path, tmp_path: Path) -> None:
    """DuckDB expands IMPORT DATABASE to the statements of its files while it parses."""
    (tmp_path / "schema.sql").write_text("CREATE TABLE found_in_a_file (i INT);")
    (tmp_path / "load.sql").write_text("")
    for statement in (f"IMPORT DATABASE '{tmp_path}'", f"PRAGMA import_database('{tmp_path}')"):
        with pytest.raises(UsageError, match="disabled by configuration"):
            ask(loaded, statement)


def test_limits_cannot_be_lifted_by_a_statement(loaded: Path) -> None:
    for setting in ("memory_limit = '9GB'", "enable_external_access = true", "lock_configuration = false"):
        with pytest.raises(UsageError, match="locked"):
            ask(loaded, f"SET {setting}")


def test_values_come_back_as_duckdb_gave_them(loaded: Path) -> None:
    values = (
        "170141183460469231731687303715884105727::HUGEINT, '00000000-0000-0000-0000-000000000001'::UUID, "
        "INTERVAL 3 DAY, TIMESTAMPTZ '2026-01-01 00:00:00+00', '101'::BIT, 'a'::ENUM('a', 'b'), MAP {'a': 1}, "
        "{'x': [1, 2]}, TIME '10:00', NULL, 1.5::DECIMAL(5, 2), 'x'::BLOB, DATE '2026-02-28', 'Zoë\n'"
    )
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        assert ask(loaded, f"SELECT {values}") == connection.execute(f"SELECT {values}").fetchall()


def test_columns_of_one_name_are_numbered(loaded: Path) -> None:
    assert query(read_settings(home=loaded), "SELECT 1 AS a, 2 AS a, 3 AS a_1").column_names == [
        "a",
        "a_1",
        "a_1_1",
    ]


def test_no_rows_and_no_warehouse(loaded: Path, tmp_path: Path) -> None:
    assert ask(loaded, "SELECT 1 WHERE false") == []
    with pytest.raises(UsageError, match="no warehouse at"):
        ask(tmp_path / "nowhere", "SELECT 1")
