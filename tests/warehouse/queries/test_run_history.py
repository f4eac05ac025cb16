"""What earlier runs left: the latest run, known records and documents, lines, and the history of sources."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from copydesk.transforms.contract import SOURCE_LINES, SOURCE_RUNS
from copydesk.warehouse.queries.run_history import (
    known_documents,
    known_records,
    last_run,
    source_history,
    source_lines,
)
from copydesk.warehouse.schema import connect, migrate

RECORDS = {"doc_id": pl.String, "uri": pl.String, "record": pl.Int64}


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(tmp_path / "w.duckdb") as connection:
        migrate(connection)
        yield connection


def add_run(warehouse: duckdb.DuckDBPyConnection, run_id: str, day: int, state: str = "completed") -> None:
    warehouse.execute(
        "INSERT INTO runs VALUES (?, ?, NULL, ?, 0, 0, 0, 0, 0, '0', '{}')",
        [run_id, f"2026-03-{day:02}", state],
    )


def add_source(warehouse: duckdb.DuckDBPyConnection, run_id: str, source: str, n_new: int) -> None:
    warehouse.execute(
        "INSERT INTO source_runs (run_id, source, n_read, n_known, n_new, flagged) VALUES (?, ?, 9, 0, ?, ['f'])",
        [run_id, source, n_new],
    )


def records(*rows: tuple[str, str, int]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=RECORDS, orient="row")


def test_the_last_run_is_the_latest_published_one(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert last_run(warehouse) is None
    for run_id, day, state in (
        ("a", 1, "completed"),
        ("b", 3, "completed"),
        ("c", 2, "completed"),
        ("d", 4, "failed"),
    ):
        add_run(warehouse, run_id, day, state)
    assert last_run(warehouse) == "b"
    add_run(warehouse, "e", 3)  # of equal times the one loaded later
    assert last_run(warehouse) == "e"


def test_a_record_is_known_by_its_bytes_and_its_place(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute(
        "INSERT INTO raw_documents (doc_id, uri, record, media_type, charset, record_start, record_end, raw_text, "
        "    run_id) VALUES ('a', 'u', 0, '', '', 0, 1, '', 'r')"
    )
    for doc_id, state in (("q", "rejected"), ("t", "retried")):
        warehouse.execute(
            "INSERT INTO quarantine (doc_id, uri, record, stage, expectation, detail, run_id, state) "
            "VALUES (?, 'u', 0, '', '', '', 'r', ?)",
            [doc_id, state],
        )
    asked = records(
        ("a", "u", 0),
        ("a", "u", 1),
        ("a", "v", 0),
        ("b", "u", 0),
        ("q", "u", 0),
        ("t", "u", 0),
        ("a", "u", 0),
    )
    found = known_records(warehouse, asked, records())
    assert_frame_equal(found, records(("a", "u", 0), ("q", "u", 0)), check_row_order=False)
    again = known_records(warehouse, asked, records(("q", "u", 0)))
    assert_frame_equal(again, records(("a", "u", 0)))
    assert known_records(warehouse, records(), records()).is_empty()


def test_known_documents(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute(
        "INSERT INTO documents (doc_id, uri, text, n_words, kept_share, run_id, fingerprint) "
        "VALUES ('a', '', '', 0, 1, '', '')"
    )
    assert known_documents(warehouse, pl.Series(["b", "a"])).rows() == [("a",)]
    assert known_documents(warehouse, pl.Series([], dtype=pl.String)).is_empty()


def test_the_history_of_a_source_is_its_latest_runs_with_new_records(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    for day in range(1, 6):
        add_run(warehouse, f"r{day}", day)
        add_source(warehouse, f"r{day}", "north", n_new=0 if day == 4 else day)
        add_source(warehouse, f"r{day}", "south", n_new=day)
    found = source_history(warehouse, pl.DataFrame({"source": ["north", "west"]}), n_runs=3)
    assert found.select("source", "n_new").rows() == [("north", 2), ("north", 3), ("north", 5)]
    assert found["at"].is_sorted()
    assert set(SOURCE_RUNS) | {"at"} == set(found.columns)
    assert found["flagged"].to_list() == [["f"]] * 3


def test_lines_are_known_by_source_and_key(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute(
        "INSERT INTO source_lines VALUES ('north', 18446744073709551615, 3, 2), ('south', 1, 1, 1)"
    )
    lines = pl.DataFrame(
        {"source": ["north", "south", "north"], "key": [2**64 - 1, 2, 1]}, schema_overrides={"key": pl.UInt64}
    )
    expected = pl.DataFrame([("north", 2**64 - 1, 3, 2)], schema=SOURCE_LINES, orient="row")
    assert_frame_equal(source_lines(warehouse, lines), expected)
    assert_frame_equal(source_lines(warehouse, lines.clear()), expected.clear())
