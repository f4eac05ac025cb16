"""Publication: all of a run or nothing, in one transaction."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from copydesk.expectations.verdict import FAILURES, QUALITY
from copydesk.transforms.contract import ALIASES, ENTITIES, NAMES, empty
from copydesk.warehouse import publish as publish_module
from copydesk.warehouse.publish import record_failure, replace_names
from copydesk.warehouse.schema import connect, migrate

RUN: dict[str, Any] = {
    "run_id": "r1",
    "started_at": datetime(2026, 3, 1, 12, tzinfo=UTC),
    "finished_at": datetime(2026, 3, 1, 13, tzinfo=UTC),
    "state": "failed",
    "n_records": 3,
    "n_known": 0,
    "n_loaded": 0,
    "n_duplicates": 0,
    "n_quarantined": 0,
    "code_version": "0",
    "settings": "{}",
}
RESULT = (
    "clean",
    "clean",
    "has_words",
    "critical",
    False,
    "n_words = 0",
    1,
    ["d"],
    3,
    "documents",
    None,
    "why",
    "n_words at least 1",
)
FAILURE = ("clean", "has_words", "critical", "d", "outlet", "n_words = 0")


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(tmp_path / "w.duckdb") as connection:
        migrate(connection)
        yield connection


def table(warehouse: duckdb.DuckDBPyConnection, name: str) -> pl.DataFrame:
    return warehouse.sql(f"SELECT * FROM {name} ORDER BY ALL").pl()


def test_a_failed_run_is_recorded_with_what_its_gates_found(warehouse: duckdb.DuckDBPyConnection) -> None:
    results = pl.DataFrame([RESULT], schema=QUALITY, orient="row")
    failures = pl.DataFrame([FAILURE], schema=FAILURES, orient="row")
    record_failure(warehouse, RUN, results, failures)
    (row,) = table(warehouse, "runs").to_dicts()
    assert row == RUN
    found = table(warehouse, "quality_results").drop("run_id")
    assert_frame_equal(found.select(results.columns), results)
    found = table(warehouse, "quality_failures")
    assert_frame_equal(found.select(failures.columns), failures)
    assert found["run_id"].to_list() == ["r1"]


def test_the_row_of_a_run_is_replaced_when_it_is_recorded_again(warehouse: duckdb.DuckDBPyConnection) -> None:
    record_failure(warehouse, RUN | {"state": "killed"})
    record_failure(warehouse, RUN | {"run_id": "r2"})
    record_failure(warehouse, RUN)
    assert table(warehouse, "runs").select("run_id", "state").rows() == [("r1", "failed"), ("r2", "failed")]
    assert table(warehouse, "quality_results").is_empty()


def test_a_failure_that_cannot_be_recorded_leaves_no_run(warehouse: duckdb.DuckDBPyConnection) -> None:
    wrong = pl.DataFrame({"stage": ["clean"], "expectation": [None]})  # quality_results.suite may not be null
    with pytest.raises(duckdb.Error):
        record_failure(warehouse, RUN, wrong, pl.DataFrame(schema=FAILURES))
    assert table(warehouse, "runs").is_empty()


def names(*rows: tuple[str, str, str]) -> pl.DataFrame:
    """Return NAMES of persons: key, entity_id, resolved_by."""
    full = [("person", key, key, 1, key.title(), "PERSON", entity, by, 1.0) for key, entity, by in rows]
    return pl.DataFrame(full, schema=NAMES, orient="row")


def test_names_decided_again_replace_names_rules_and_entities(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute(
        "INSERT INTO documents (doc_id, uri, text, n_words, kept_share, run_id, fingerprint) "
        "VALUES ('d', 'u', 'Ana Ruiz', 2, 1, 'r', 'f'), ('e', 'v', 'A Ruiz', 2, 1, 'r', 'f')"
    )
    warehouse.execute(
        "INSERT INTO raw_documents (doc_id, uri, record, media_type, charset, record_start, record_end, raw_text, "
        "    run_id, fetched_at) "
        "SELECT doc_id, uri, 0, 'text/plain', 'utf-8', 0, 8, text, run_id, TIMESTAMPTZ '2026-03-01' FROM documents"
    )
    warehouse.execute(
        "INSERT INTO mentions VALUES ('d', 0, 8, 'Ana Ruiz', 'PERSON', '1', 'exact', 1, 'person', 'ana ruiz', "
        "    'ana ruiz', 0), ('e', 0, 6, 'A Ruiz', 'PERSON', '2', 'exact', 1, 'person', 'a ruiz', 'a ruiz', 0)"
    )
    rules = pl.DataFrame([("A Ruiz", "Ana Ruiz", None, None, False)], schema=ALIASES, orient="row")
    warehouse.execute(
        "INSERT INTO entity_rules VALUES ('old', 'rule', NULL, NULL, false, 'hand'), "
        "('of a', 'file', NULL, NULL, false, 'file')"
    )
    warehouse.execute("INSERT INTO entities VALUES ('2', 'PERSON', 'A Ruiz', NULL, NULL, 1, NULL, NULL, 1)")
    decided = names(("ana ruiz", "1", "exact"), ("a ruiz", "1", "alias"))
    entities = pl.DataFrame([("1", "PERSON", "Ana Ruiz", None, None)], schema=ENTITIES, orient="row")
    moves = pl.DataFrame({"old_id": ["2"], "entity_id": ["1"]})
    replace_names(warehouse, decided, entities, moves, rules)
    assert_frame_equal(table(warehouse, "entity_names"), decided.sort(NAMES.keys()))
    assert table(warehouse, "entity_rules").select("alias", "made_by").rows() == [
        ("A Ruiz", "hand"),
        ("of a", "file"),
    ]
    assert warehouse.sql("SELECT doc_id, entity_id FROM mentions ORDER BY 1").fetchall() == [
        ("d", "1"),
        ("e", "1"),
    ]
    found = warehouse.sql("SELECT entity_id, name, n_documents FROM entities").fetchall()
    assert found == [("1", "Ana Ruiz", 2)]
    assert warehouse.sql("FROM entity_changes").fetchall() == [("by hand", "2", "1")]


def test_publication_without_its_statements_raises_and_changes_nothing(
    warehouse: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(publish_module, "STATEMENTS", tmp_path)
    moves = pl.DataFrame(schema={"old_id": pl.String, "entity_id": pl.String})
    rules = pl.DataFrame([("A", "B", None, None, False)], schema=ALIASES, orient="row")
    with pytest.raises(FileNotFoundError, match="no SQL files"):
        replace_names(warehouse, empty(NAMES), empty(ENTITIES), moves, rules)
    assert table(warehouse, "entity_rules").is_empty()
