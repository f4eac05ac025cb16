"""The quarantine in the browser: filters, pages, and what a later run took up."""

from pathlib import Path

import duckdb
import pytest

from copydesk.warehouse.queries.browse_quarantine import is_quarantined, quarantine, reasons
from copydesk.warehouse.schema import connect, migrate

RECORDS = [
    ("a", "u1", "ingest", "record_is_text", "rejected", "r1"),
    ("b", "u2", "ingest", "record_is_text", "rejected", "r2"),
    ("c", "u3", "clean", "text_has_words", "rejected", "r2"),
    ("d", "u4", "clean", "text_has_words", "retried", "r1"),
]


@pytest.fixture
def warehouse(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    connection = connect(tmp_path / "w.duckdb")
    migrate(connection)
    for number in (1, 2):
        connection.execute(
            "INSERT INTO runs VALUES (?, ?, NULL, 'completed', 0, 0, 0, 0, 0, '0', '{}')",
            [f"r{number}", f"2026-03-0{number}"],
        )
    for doc_id, uri, stage, expectation, state, run_id in RECORDS:
        connection.execute(
            "INSERT INTO quarantine (doc_id, uri, record, stage, expectation, detail, payload, state, run_id) "
            "VALUES (?, ?, 0, ?, ?, 'why', ?, ?, ?)",
            [doc_id, uri, stage, expectation, None if doc_id == "a" else b"bytes", state, run_id],
        )
    return connection


@pytest.mark.parametrize(
    ("stage", "expectation", "expected"),
    [
        ("", "", ["b", "c", "a"]),  # the latest run first, then by uri
        ("ingest", "", ["b", "a"]),
        ("", "text_has_words", ["c"]),
        ("ingest", "text_has_words", []),
        ("no such stage", "", []),
    ],
)
def test_records_are_filtered_and_the_latest_come_first(
    warehouse: duckdb.DuckDBPyConnection, stage: str, expectation: str, expected: list[str]
) -> None:
    n, found = quarantine(warehouse, stage, expectation, limit=10, offset=0)
    assert (n, found["doc_id"].to_list()) == (len(expected), expected)
    pages = [quarantine(warehouse, stage, expectation, limit=1, offset=at) for at in range(n)]
    assert [page["doc_id"].item() for _, page in pages] == expected
    assert {total for total, _ in pages} <= {n}


def test_the_size_is_that_of_the_kept_bytes(warehouse: duckdb.DuckDBPyConnection) -> None:
    _, found = quarantine(warehouse, "", "", limit=10, offset=0)
    assert dict(found.select("doc_id", "size").iter_rows()) == {"a": None, "b": 5, "c": 5}


def test_reasons_count_what_is_still_rejected(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert reasons(warehouse).rows() == [("ingest", "record_is_text", 2), ("clean", "text_has_words", 1)]


def test_all_ids_must_be_in_quarantine(warehouse: duckdb.DuckDBPyConnection) -> None:
    for ids, expected in (
        (["a"], True),
        (["a", "b", "a"], True),
        (["a", "d"], False),
        (["x"], False),
        ([], True),
    ):
        assert is_quarantined(warehouse, ids) is expected
