"""Search: it finds what reading all articles finds, and its time grows with their number."""

import unicodedata
from datetime import UTC, date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pytest
from wordfreq import top_n_list

from copydesk.warehouse.queries import browse, browse_names
from copydesk.warehouse.queries.browse_search import LONGEST, SearchQuery, search
from copydesk.warehouse.schema import connect, migrate
from tests.cpu_time import growth


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
    n, found = search(connection, wanted, limit=size, offset=0)
    result = found["doc_id"].to_list()
    while len(result) < n:
        result += search(connection, wanted, limit=size, offset=len(result))[1]["doc_id"].to_list()
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


def test_what_is_not_there_is_not_found(sample: duckdb.DuckDBPyConnection) -> None:
    assert search(sample, SearchQuery(("zzqq",)), limit=5, offset=0)[0] == 0
    n, found = search(sample, SearchQuery(source="no such outlet"), limit=5, offset=0)
    assert (n, found.height) == (0, 0)
    assert found.columns == [
        *(
            "doc_id",
            "title",
            "source",
            "lang",
            "at",
            "at_from",
            "n_words",
            "n_duplicates",
            "story_id",
            "story",
        ),
        "text",
    ]


def test_a_row_has_what_the_view_says_of_the_article(sample: duckdb.DuckDBPyConnection) -> None:
    _, found = search(sample, SearchQuery(), limit=1000, offset=0)
    expected = sample.execute(
        "SELECT a.doc_id, a.title, a.source, a.lang, a.n_words, a.n_duplicates, a.story_id, left(a.text, ?) AS text, "
        "    CASE WHEN t.n_documents > 1 THEN t.label END AS story "
        "FROM articles AS a LEFT JOIN stories AS t USING (story_id) ORDER BY a.doc_id",
        [LONGEST],
    ).pl()
    assert found.select(expected.columns).sort("doc_id").equals(expected)


def make_articles(path: Path, n: int) -> None:
    """Write a warehouse of `n` articles of 2.5 kB each."""
    draw = np.random.default_rng(1)
    words = np.array(top_n_list("en", 20_000) + top_n_list("fr", 5_000), dtype=object)
    ranks = np.minimum((draw.pareto(0.9, size=(n, 640)) * 8).astype(int), len(words) - 1)
    made = pl.DataFrame({"n": range(n), "text": [" ".join(words[row]) for row in ranks]})
    with connect(path) as connection:
        migrate(connection)
        connection.register("made", made.to_arrow())
        connection.execute(
            "INSERT INTO documents (doc_id, uri, source, title, published_at, lang, text, n_words, kept_share, "
            "    run_id, fingerprint) "
            "SELECT printf('%032x', n), 'u', 's' || n % 40, left(text, 60), "
            "    TIMESTAMPTZ '2026-01-01' + to_minutes(n), 'en', text, 640, 1, 'r', 'f' FROM made"
        )


@pytest.mark.nightly
def test_the_time_of_a_search_is_linear(tmp_path: Path) -> None:
    """Each search opens the warehouse again, as the browser does."""
    for size in (5_000, 20_000):
        make_articles(tmp_path / f"{size}.duckdb", size)

    def run(size: int) -> None:
        with connect(tmp_path / f"{size}.duckdb", read_only=True) as connection:
            query = SearchQuery(("Président", "people", "government"))
            n, found = search(connection, query, limit=25, offset=0)
        assert n >= len(found) > 0

    assert growth(run, small=5_000, large=20_000) < 8  # four times the articles
