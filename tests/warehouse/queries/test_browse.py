"""What the browser asks: the narrow queries say what the views say, and a search finds what reading would."""

import time
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pytest
from wordfreq import top_n_list

from copydesk.warehouse.queries import browse, browse_events, browse_names
from copydesk.warehouse.queries.browse import SearchQuery
from copydesk.warehouse.schema import connect, migrate


@pytest.fixture
def sample(sample_home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Return the warehouse of the sample articles, open to read."""
    with connect(sample_home / "copydesk.duckdb", read_only=True) as connection:
        yield connection


def fold(text: str | None) -> str:
    """Take capitals and accents away."""
    return "".join(
        c for c in unicodedata.normalize("NFD", text or "") if not unicodedata.combining(c)
    ).lower()


def articles(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return all articles with the time that counts."""
    return (
        connection.sql(
            'SELECT a.*, coalesce(s."at", a.published_at) AS moment FROM articles AS a '
            "LEFT JOIN story_documents AS s USING (doc_id)"
        )
        .pl()
        .to_dicts()
    )


def ids(connection: duckdb.DuckDBPyConnection, wanted: SearchQuery, size: int = 1000) -> list[str]:
    """Return the ids of all articles that a search finds, by pages of `size`."""
    n, found = browse.search(connection, wanted, limit=size, offset=0)
    result = found["doc_id"].to_list()
    while len(result) < n:
        result += browse.search(connection, wanted, limit=size, offset=len(result))[1]["doc_id"].to_list()
    return result


@pytest.mark.parametrize(
    "words",
    [
        *((), ("grain",), ("GRAIN", "selwick"), ("adele",), ("Adèle", "Fournier"), ("ten-year grain",)),
        *(("%",), ("_",), ("zzqq",), ("a\x00b",)),
    ],
)
def test_a_search_finds_what_reading_finds_titles_first_then_newest(
    sample: duckdb.DuckDBPyConnection, words: tuple[str, ...]
) -> None:
    def rank(row: dict[str, Any]) -> tuple[bool, float, str]:
        in_title = bool(words) and all(fold(word) in fold(row["title"]) for word in words)
        return (not in_title, -row["moment"].timestamp(), row["doc_id"])

    expected = [
        row["doc_id"]
        for row in sorted(articles(sample), key=rank)
        if all(fold(word) in fold(row["title"]) or fold(word) in fold(row["text"]) for word in words)
    ]
    assert ids(sample, SearchQuery(words)) == expected
    assert ids(sample, SearchQuery(words), size=3) == expected


def test_filters_keep_what_they_say(sample: duckdb.DuckDBPyConnection) -> None:
    everything = articles(sample)

    def kept(test: Any) -> set[str]:
        return {row["doc_id"] for row in everything if test(row)}

    assert set(browse.list_values(sample, "source")) >= {row["source"] for row in everything}
    for source in browse.list_values(sample, "source"):
        assert set(ids(sample, SearchQuery(source=source))) == kept(lambda row: row["source"] == source)  # noqa: B023
    for lang in browse.list_values(sample, "lang"):
        assert set(ids(sample, SearchQuery(lang=lang))) == kept(lambda row: row["lang"] == lang)  # noqa: B023
    first, last = date(2026, 3, 4), date(2026, 3, 9)
    assert set(ids(sample, SearchQuery(first_day=first, last_day=last))) == kept(
        lambda row: first <= row["moment"].astimezone(UTC).date() <= last
    )
    story = max(
        everything, key=lambda row: sum(row["story_id"] == other["story_id"] for other in everything)
    )["story_id"]
    assert set(ids(sample, SearchQuery(story=story))) == kept(lambda row: row["story_id"] == story)
    named = sample.sql("SELECT entity_id, doc_id FROM mentions").fetchall()
    entity = browse_names.entities(sample, limit=1, offset=0)[1]["entity_id"][0]
    assert set(ids(sample, SearchQuery(entity=entity))) == kept(lambda row: (entity, row["doc_id"]) in named)


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


def test_a_storys_outlets_are_as_many_as_the_story_says(sample: duckdb.DuckDBPyConnection) -> None:
    _, every = browse_events.stories(sample, alone=True, limit=1000)
    for row in every.iter_rows(named=True):
        frames = browse_events.story(sample, row["story_id"])
        assert len(frames["sources"]) == row["n_sources"], row
        assert frames["sources"]["n_documents"].sum() == len(frames["articles"]) == row["n_documents"]
        assert frames["articles"]["n_duplicates"].sum() == frames["sources"]["n_copies"].sum()
    alone, _ = browse_events.stories(sample, limit=1)
    assert alone == (every["n_documents"] > 1).sum()


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


def test_ids_of_things_that_are_no_more_lead_to_what_they_are_now(events: duckdb.DuckDBPyConnection) -> None:
    events.execute(
        "INSERT INTO stories VALUES ('new', 'New', NULL, NULL, 1, 1);"
        "INSERT INTO story_changes VALUES ('r', 'd', 'old', 'new', 'merge'), ('r', 'd', 'other', 'new', 'split');"
        "INSERT INTO entity_changes VALUES ('r', 'gone', '0a')"
    )
    assert browse_events.moved_to(events, "old") == "new"
    assert browse_events.moved_to(events, "other") is None
    assert browse_names.became(events, "gone") == "0a"
    assert browse_names.became(events, "0a") is None
    assert [frame.rows() for frame in browse_events.story(events, "nope").values()] == [[], [], [], []]


@pytest.mark.nightly
def test_a_search_of_100_000_articles_takes_less_than_a_second(tmp_path: Path) -> None:
    """Texts of 2.5 kB each; each search opens the warehouse anew, as the browser does."""
    draw = np.random.default_rng(1)
    words = np.array(top_n_list("en", 20_000) + top_n_list("fr", 5_000), dtype=object)
    path = tmp_path / "large.duckdb"
    with connect(path) as connection:
        migrate(connection)
        for part in range(10):
            ranks = np.minimum((draw.pareto(0.9, size=(10_000, 640)) * 8).astype(int), len(words) - 1)
            made = pl.DataFrame(
                {
                    "n": range(part * 10_000, part * 10_000 + 10_000),
                    "text": [" ".join(words[row]) for row in ranks],
                }
            )
            connection.register("made", made.to_arrow())
            connection.execute(
                "INSERT INTO documents (doc_id, uri, source, title, published_at, lang, text, n_words, kept_share, "
                "    run_id, fingerprint) "
                "SELECT printf('%032x', n), 'u', 's' || n % 40, left(text, 60), "
                "    TIMESTAMPTZ '2026-01-01' + to_minutes(n), 'en', text, 640, 1, 'r', 'f' FROM made"
            )
    times = []
    for _ in range(5):
        began = time.monotonic()
        with connect(path, read_only=True) as connection:
            n, found = browse.search(
                connection, SearchQuery(("Président", "people", "government")), limit=25, offset=0
            )
        times.append(time.monotonic() - began)
        assert n >= len(found) > 0
    assert min(times) < 1, times
