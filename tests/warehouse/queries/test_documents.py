"""Records by what a user calls them: the start of an id, a uri, or its end."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from copydesk.warehouse.queries.documents import find_documents, query
from copydesk.warehouse.schema import connect, migrate


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(tmp_path / "w.duckdb") as connection:
        migrate(connection)
        for doc_id, uri in (
            ("ab01", "file:///x/a.txt"),
            ("ab02", "file:///x/b.txt"),
            ("cd03", "file:///y/a.txt"),
        ):
            connection.execute(
                "INSERT INTO raw_documents (doc_id, uri, record, media_type, charset, record_start, record_end, "
                "    raw_text, run_id) VALUES (?, ?, 0, '', '', 0, 1, '', 'r')",
                [doc_id, uri],
            )
        for doc_id, uri, state in (
            ("ee04", "file:///x/bad.txt", "rejected"),
            ("ab05", "file:///x/old.txt", "retried"),
            ("ff06", "file:///x/gone.txt", "retried"),
        ):
            connection.execute(
                "INSERT INTO quarantine (doc_id, uri, record, stage, expectation, detail, run_id, state) "
                "VALUES (?, ?, 0, '', '', '', 'r', ?)",
                [doc_id, uri, state],
            )
        yield connection


@pytest.mark.parametrize(
    ("wanted", "uri", "expected"),
    [
        ("ab01", "", ["ab01"]),
        ("AB0", "", ["ab01", "ab02"]),  # an id in any case; the retried one is left out
        ("a.txt", "", ["ab01", "cd03"]),
        ("x/a.txt", "", ["ab01"]),
        ("file:///y/a.txt", "", ["cd03"]),
        ("a.txt", "file:///x/b.txt", ["ab01", "ab02", "cd03"]),
        ("txt", "", []),  # an end begins after a slash
        ("ee", "", ["ee04"]),
        ("ff", "", ["ff06"]),  # retried, and nothing else is found
        ("%", "", []),
        ("'", "", []),
    ],
)
def test_records_are_found(
    warehouse: duckdb.DuckDBPyConnection, wanted: str, uri: str, expected: list[str]
) -> None:
    found = find_documents(warehouse, wanted, uri)
    assert found["doc_id"].to_list() == expected
    assert found["uri"].is_sorted()


def test_any_statement_gives_its_rows(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert query(warehouse, "SELECT ? + 1 AS n, ?", [1, "x"]).rows() == [(2, "x")]
    with pytest.raises(duckdb.Error):
        query(warehouse, "SELECT nothing")
