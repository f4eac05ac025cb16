"""Known stories: the window in time, articles without a story, and texts that were not tagged."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest

from copydesk.warehouse.queries.stories import documents_of, stories_of, untagged, window, without_story
from copydesk.warehouse.schema import connect, migrate

DAY = datetime(2026, 3, 10, tzinfo=UTC)
TIMES = {
    "doc_id": pl.String,
    "published_at": pl.Datetime("us", "UTC"),
    "fetched_at": pl.Datetime("us", "UTC"),
}


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Return a warehouse of the articles a, b and c in stories, d in none, and m merged into a."""
    with connect(tmp_path / "w.duckdb") as connection:
        migrate(connection)
        for number, doc_id in enumerate("abcdm"):
            connection.execute(
                "INSERT INTO documents (doc_id, uri, title, text, n_words, kept_share, lang, published_at, tagged_by, "
                "    run_id, fingerprint) VALUES (?, '', ?, ?, 1, 1, 'en', ?, ?, 'r', '')",
                [
                    doc_id,
                    f"T{doc_id}",
                    f"text {doc_id}",
                    DAY + timedelta(days=number),
                    "model" if doc_id < "c" else None,
                ],
            )
            for hours in (5, 1):
                connection.execute(
                    "INSERT INTO raw_documents (doc_id, uri, record, media_type, charset, record_start, record_end, "
                    "    fetched_at, raw_text, run_id) VALUES (?, ?, 0, '', '', 0, 1, ?, '', 'r')",
                    [doc_id, str(hours), DAY + timedelta(days=number, hours=hours)],
                )
        for number, doc_id in enumerate("abc"):
            moment = DAY + timedelta(days=number)
            connection.execute(
                "INSERT INTO story_documents VALUES (?, ?, 1, ?, 'published', ?, ?)",
                [f"s{doc_id}", doc_id, moment, moment, moment + timedelta(hours=1)],
            )
        connection.execute("INSERT INTO story_terms VALUES ('a', [1, 2], [0.5, 0.5])")
        connection.execute("INSERT INTO duplicates VALUES ('m', 'a', 'near', 1, 1, '', 0, 'r', 1, 5, 1)")
        yield connection


def new(*rows: tuple[str, datetime | None, datetime]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=TIMES, orient="row")


@pytest.mark.parametrize(
    ("published", "fetched", "days", "expected"),
    [
        (DAY, DAY, 1, "ab"),
        (DAY, DAY, 0, "a"),
        (None, DAY + timedelta(days=2), 0, "c"),  # of the times that are known
        (DAY, DAY + timedelta(days=2), 0, "abc"),  # from the first to the last
        (DAY + timedelta(days=40), DAY + timedelta(days=40), 14, ""),
        (
            DAY + timedelta(days=2, hours=1),
            DAY + timedelta(days=2, hours=1),
            0,
            "c",
        ),  # by its time of ingestion
    ],
)
def test_the_window_is_what_is_near_in_time(
    warehouse: duckdb.DuckDBPyConnection,
    published: datetime | None,
    fetched: datetime,
    days: int,
    expected: str,
) -> None:
    found = window(warehouse, new(("n", published, fetched)), days)
    assert found["doc_id"].to_list() == list(expected)
    assert found["story_id"].to_list() == [f"s{doc_id}" for doc_id in expected]
    assert found.filter(doc_id="a")["terms"].to_list() == [[1, 2]] * ("a" in expected)
    assert found.filter(pl.col("doc_id") != "a")["terms"].null_count() == len(set(expected) - {"a"})


def test_new_documents_are_not_in_their_own_window(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert window(warehouse, new(("a", DAY, DAY)), 14)["doc_id"].to_list() == ["b", "c"]


def series(*doc_ids: str) -> pl.Series:
    return pl.Series(doc_ids, dtype=pl.String)


@pytest.mark.parametrize(
    ("decided", "merged", "expected"),
    [
        ((), (), {"d"}),
        (("m",), (), {"d", "m"}),  # its row in duplicates is void
        (("m",), ("m",), {"d"}),  # and there is a new one
        ((), ("d",), set()),
    ],
)
def test_articles_without_a_story(
    warehouse: duckdb.DuckDBPyConnection,
    decided: tuple[str, ...],
    merged: tuple[str, ...],
    expected: set[str],
) -> None:
    assert set(without_story(warehouse, series(*decided), series(*merged))) == expected


def test_documents_come_with_their_first_time_of_ingestion(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = documents_of(warehouse, series("b", "a", "nobody"))
    assert found.select("doc_id", "title", "text", "lang", "published_at", "fetched_at").rows() == [
        ("a", "Ta", "text a", "en", DAY, DAY + timedelta(hours=1)),
        ("b", "Tb", "text b", "en", DAY + timedelta(days=1), DAY + timedelta(days=1, hours=1)),
    ]
    assert documents_of(warehouse, series()).is_empty()


def test_untagged_documents_and_stories(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert untagged(warehouse, series("a", "c", "m", "nobody")).sort("doc_id").rows() == [
        ("c", "en", "text c"),
        ("m", "en", "text m"),
    ]
    assert stories_of(warehouse, series("a", "d")).rows() == [("a", "sa")]
