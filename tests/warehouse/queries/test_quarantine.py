"""The quarantine: rejected rows, their bytes one at a time, and the expectations that there are."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from copydesk.warehouse.queries.quarantine import expectations, payloads, rejected
from copydesk.warehouse.schema import connect, migrate

ROWS = [
    ("c", "u2", 1, "clean", "text_has_words", b"three", "rejected"),
    ("a", "u2", 0, "ingest", "record_is_text", b"\xff\0", "rejected"),
    ("b", "u1", 0, "ingest", "has_reader", None, "rejected"),
    ("d", "u0", 0, "clean", "text_has_words", b"x", "retried"),
]


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(tmp_path / "w.duckdb") as connection:
        migrate(connection)
        for row in ROWS:
            connection.execute(
                "INSERT INTO quarantine (doc_id, uri, record, stage, expectation, payload, state, detail, run_id) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, '', 'r')",
                row,
            )
        yield connection


@pytest.mark.parametrize(
    ("stage", "expectation", "expected"),
    [
        (None, None, [("b", None), ("a", 2), ("c", 5)]),  # by uri and record
        ("ingest", None, [("b", None), ("a", 2)]),
        (None, "text_has_words", [("c", 5)]),
        ("ingest", "text_has_words", []),
    ],
)
def test_rejected_rows_are_filtered(
    warehouse: duckdb.DuckDBPyConnection, stage: str | None, expectation: str | None, expected: list
) -> None:
    found = rejected(warehouse, stage, expectation)
    assert found.select("doc_id", "n_bytes").rows() == expected
    assert "payload" not in found.columns


def test_bytes_come_in_the_order_of_the_records(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = rejected(warehouse)
    assert list(payloads(warehouse, found)) == [None, b"\xff\0", b"three"]
    assert list(payloads(warehouse, found.reverse())) == [b"three", b"\xff\0", None]
    assert list(payloads(warehouse, found.clear())) == []


def test_expectations_are_those_checked_or_failed(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert expectations(warehouse) == ["has_reader", "record_is_text", "text_has_words"]
    warehouse.execute(
        "INSERT INTO quality_results (run_id, stage, suite, expectation, severity, success, n_unexpected, doc_ids) "
        "VALUES ('r', 'clean', 'clean', 'checked', 'notice', true, 0, []), "
        "    ('r', 'clean', 'clean', 'has_reader', 'notice', true, 0, [])"
    )
    assert expectations(warehouse) == ["checked", "has_reader", "record_is_text", "text_has_words"]
