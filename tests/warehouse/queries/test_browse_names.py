"""Entities in the browser: the narrow queries say what the views say."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from copydesk.warehouse.queries import browse_names
from copydesk.warehouse.schema import connect, migrate


def test_pairs_and_days_of_one_entity_are_those_of_the_views(sample: duckdb.DuckDBPyConnection) -> None:
    _, some = browse_names.entities(sample, limit=1000, offset=0)
    assert len(some) > 100
    pairs = sample.sql(
        "SELECT entity_id, other_entity_id, n_documents, n_sentences, round(lift, 9) FROM entity_pairs UNION ALL "
        "SELECT other_entity_id, entity_id, n_documents, n_sentences, round(lift, 9) FROM entity_pairs"
    ).fetchall()
    days = sample.sql("SELECT entity_id, day, n_documents FROM entity_days ORDER BY ALL").fetchall()
    for entity_id in some["entity_id"]:
        frames = browse_names.entity(sample, entity_id)
        found = [(row[0], *row[3:5], round(row[5], 9)) for row in frames["pairs"].rows()]
        wanted = sorted(
            (pair[1:] for pair in pairs if pair[0] == entity_id),
            key=lambda pair: (-pair[1], -pair[2], pair[0]),
        )
        assert found == wanted[:15]
        assert frames["days"].rows() == [row[1:] for row in days if row[0] == entity_id]


def test_a_list_of_entities_is_cut_into_pages_without_loss(sample: duckdb.DuckDBPyConnection) -> None:
    n, whole = browse_names.entities(sample, limit=1000, offset=0)
    parts = [
        browse_names.entities(sample, limit=7, offset=at)[1]["entity_id"].to_list() for at in range(0, n, 7)
    ]
    assert [entity_id for part in parts for entity_id in part] == whole["entity_id"].to_list()
    assert len(set(whole["entity_id"])) == n == len(whole)
    spelled = sample.sql("SELECT entity_id FROM entity_names WHERE written ILIKE '%danylenko%'").pl()[
        "entity_id"
    ]
    _, found = browse_names.entities(sample, "DANYLENKO", limit=10, offset=0)
    assert set(found["entity_id"]) == set(spelled)
    assert not found["name"].str.contains("Danylenko").all()  # a spelling is enough


@pytest.fixture
def events(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Return a warehouse of six weeks in which one name rises, one is steady, and one article is dated far ahead."""
    with connect(tmp_path / "events.duckdb") as connection:
        migrate(connection)
        connection.execute(
            "INSERT INTO runs VALUES ('r', '2026-03-01', NULL, 'completed', 0, 0, 0, 0, 0, '0', '{}');"
            "INSERT INTO entities (entity_id, label, name, n_documents) VALUES "
            "    ('0a', 'ORG', 'Rising', 5), ('0b', 'ORG', 'Steady', 42), ('0c', 'ORG', 'Ahead', 9);"
        )
        for day in range(42):
            moment = datetime(2026, 1, 18 + day % 14, tzinfo=UTC).replace(
                month=1 if day < 14 else 2, day=day % 28 + 1
            )
            _add(connection, f"steady{day}", moment, "0b")
        for day in range(5):
            _add(connection, f"rising{day}", datetime(2026, 2, 24 + day, tzinfo=UTC), "0a")
        for number in range(9):
            _add(connection, f"ahead{number}", datetime(2099, 1, 1, tzinfo=UTC), "0c")
        yield connection


def _add(connection: duckdb.DuckDBPyConnection, doc_id: str, moment: datetime, entity_id: str) -> None:
    connection.execute(
        "INSERT INTO story_documents (story_id, doc_id, score, \"at\", at_from) VALUES (?, ?, 1, ?, 'published')",
        [doc_id, doc_id, moment],
    )
    connection.execute(
        'INSERT INTO mentions (doc_id, start, "end", surface, label, entity_id, resolved_by, score) '
        "VALUES (?, 0, 1, 'x', 'ORG', ?, 'exact', 1)",
        [doc_id, entity_id],
    )


def test_a_name_rises_where_the_last_week_has_more_than_its_share(events: duckdb.DuckDBPyConnection) -> None:
    found = browse_names.rising(events, limit=10)
    assert found["name"].to_list()[0] == "Rising"
    assert found.row(0, named=True)["n_week"] == 5
    assert found.row(0, named=True)["n_before"] == 0
    assert "Ahead" not in found["name"].to_list()


def test_the_id_of_an_entity_that_is_no_more_leads_to_the_one_its_names_mean(
    events: duckdb.DuckDBPyConnection,
) -> None:
    events.execute("INSERT INTO entity_changes VALUES ('r', 'gone', '0b'), ('s', 'gone', '0a')")
    assert browse_names.became(events, "gone") == "0a"
    assert browse_names.became(events, "0a") is None
    assert [frame.height for frame in browse_names.entity(events, "gone").values()] == [0] * 6


def test_names_and_labels(events: duckdb.DuckDBPyConnection) -> None:
    assert [browse_names.name(events, entity) for entity in ("0a", "0c", "gone")] == ["Rising", "Ahead", ""]
    assert browse_names.labels(events) == ["ORG"]
    events.execute("DELETE FROM entities")
    assert browse_names.labels(events) == []
