"""Digests: the sums of all changes are those of the tables, whatever is added, changed and removed."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from copydesk.warehouse.digests import (
    BY_HAND,
    DIGESTED,
    FAILED,
    PUBLISHED,
    changed_tables,
    digested,
    start_digests,
    sum_rows,
)
from copydesk.warehouse.schema import connect, migrate, transaction


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(tmp_path / "w.duckdb") as connection:
        migrate(connection)
        yield connection


def test_every_table_is_digested_but_those_of_the_schema_and_the_digests(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    tables = {row[0] for row in warehouse.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    assert set(DIGESTED) == tables - {"run_digests", "schema_migrations"}
    assert set(PUBLISHED) | set(FAILED) | set(BY_HAND) <= set(DIGESTED)


def add(warehouse: duckdb.DuckDBPyConnection, run: str, *stages: str) -> None:
    with transaction(warehouse), digested(warehouse, run, FAILED):
        for stage in stages:
            warehouse.execute("INSERT INTO stages VALUES (?, ?, 3, 2, 1, 0.5)", [run, stage])
        warehouse.execute("DELETE FROM quality_failures WHERE run_id = ?", [run])
        warehouse.execute(
            "INSERT INTO quality_failures (run_id, stage, expectation, severity) VALUES (?, 's', 'e', 'x')",
            [run],
        )


def test_a_run_enters_what_it_adds_changes_and_removes(warehouse: duckdb.DuckDBPyConnection) -> None:
    add(warehouse, "a", "ingest", "clean")
    add(warehouse, "b", "ingest")
    entered = "SELECT run_id, table_name, n_rows FROM run_digests ORDER BY ALL"
    expected = [
        ("a", "quality_failures", 1),
        ("a", "stages", 2),
        ("b", "quality_failures", 1),
        ("b", "stages", 1),
    ]
    assert warehouse.execute(entered).fetchall() == expected
    with transaction(warehouse), digested(warehouse, "a", FAILED):
        warehouse.execute("UPDATE quality_failures SET seen = 'seen' WHERE run_id = 'a'")
    assert warehouse.execute(entered).fetchall() == sorted([*expected, ("a", "quality_failures", 0)])
    with transaction(warehouse), digested(warehouse, "b", FAILED):
        warehouse.execute("DELETE FROM quality_failures WHERE run_id = 'b'")
    assert changed_tables(warehouse) == []


def test_what_a_run_does_not_change_is_not_entered_and_a_roll_back_leaves_nothing(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    with transaction(warehouse), digested(warehouse, "a", FAILED):
        pass
    with pytest.raises(KeyError), transaction(warehouse), digested(warehouse, "a", FAILED):
        warehouse.execute("INSERT INTO stages VALUES ('a', 's', 3, 2, 1, 0.5)")
        raise KeyError
    assert warehouse.execute("FROM run_digests").fetchall() == []
    assert changed_tables(warehouse) == []


@pytest.mark.parametrize(
    ("edit", "found"),
    [
        (
            "UPDATE stages SET seconds = 0.25 WHERE run_id = 'a' AND stage = 'clean'",
            ("stages", "a row was changed"),
        ),
        ("UPDATE stages SET stage = stage || ' ' WHERE run_id = 'b'", ("stages", "a row was changed")),
        ("DELETE FROM stages WHERE run_id = 'b'", ("stages", "has 2 rows, 3 were written")),
        ("INSERT INTO stages FROM stages LIMIT 1", ("stages", "has 4 rows, 3 were written")),
        (
            "UPDATE quality_failures SET uri = '' WHERE run_id = 'b'",
            ("quality_failures", "a row was changed"),
        ),
        ("DELETE FROM run_digests WHERE table_name = 'stages'", ("stages", "has 3 rows, 0 were written")),
        (
            "UPDATE run_digests SET digest = digest + 1 WHERE table_name = 'stages'",
            ("stages", "a row was changed"),
        ),
        (
            "UPDATE run_digests SET table_name = 'x' WHERE table_name = 'stages' AND run_id = 'b'",
            ("stages", "has 3 rows, 2 were written"),
        ),
    ],
)
def test_a_change_by_anything_else_is_found(
    warehouse: duckdb.DuckDBPyConnection, edit: str, found: tuple[str, str]
) -> None:
    add(warehouse, "a", "ingest", "clean")
    add(warehouse, "b", "ingest")
    warehouse.execute(edit)
    assert found in changed_tables(warehouse)


def test_rows_of_an_earlier_version_are_entered_as_those_of_the_upgrade(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    warehouse.execute("INSERT INTO stages VALUES ('a', 's', 3, 2, 1, 0.5)")
    assert changed_tables(warehouse) == [("stages", "has 1 rows, 0 were written")]
    start_digests(warehouse)
    assert changed_tables(warehouse) == []
    assert warehouse.execute("SELECT run_id, table_name, n_rows FROM run_digests").fetchall() == [
        ("upgrade", "stages", 1)
    ]


def test_the_sum_does_not_depend_on_the_order_of_rows(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = pl.DataFrame({"source": "s", "key": range(99), "n_seen": 1, "n_documents": 1}).to_arrow()
    warehouse.register("rows", rows)
    warehouse.execute("INSERT INTO source_lines FROM rows")
    first = sum_rows(warehouse, "source_lines")
    warehouse.execute('DELETE FROM source_lines; INSERT INTO source_lines FROM rows ORDER BY "key" DESC')
    assert sum_rows(warehouse, "source_lines") == first
    assert sum_rows(warehouse, "source_lines", '"key" < 9')[0] == 9
