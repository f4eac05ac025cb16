"""Figures per source: whole frames, and no source lost."""

from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from copydesk.transforms.quality.source_measures import (
    clean_sources,
    dedupe_sources,
    ingest_sources,
    tag_sources,
)

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
HISTORY = {"source": pl.String, "at": pl.Datetime("us", "UTC"), "n_new": pl.Int64}
MEASURES = {
    "source": pl.String,
    "n_words": pl.Int64,
    "kept_share": pl.Float64,
    "has_title": pl.Boolean,
    "stamp": pl.Datetime("us", "UTC"),
    "lost_per_1000": pl.Float64,
    "lang": pl.String,
}


def frame(schema: dict, *rows: tuple) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_records_are_counted_and_the_hours_go_back_to_the_last_run_with_new_ones() -> None:
    read = frame(
        {"source": pl.String, "is_known": pl.Boolean}, ("b", True), ("a", False), ("b", False), ("b", True)
    )
    history = frame(
        HISTORY,
        ("a", datetime(2026, 3, 9, 12, tzinfo=UTC), 3),
        ("a", datetime(2026, 3, 10, 6, tzinfo=UTC), 0),  # nothing new
        ("c", datetime(2026, 3, 9, 12, tzinfo=UTC), 3),
    )
    expected = frame(
        {**dict.fromkeys(("source",), pl.String), **dict.fromkeys(("n_read", "n_known", "n_new"), pl.Int64)}
        | {"hours_since_new": pl.Float64},
        ("a", 1, 0, 1, 24.0),
        ("b", 3, 2, 1, None),
    )
    assert_frame_equal(ingest_sources(read, history, NOW), expected)
    assert_frame_equal(ingest_sources(read.clear(), history.clear(), NOW), expected.clear())


def test_documents_are_aggregated_per_source() -> None:
    measures = frame(
        MEASURES,
        ("a", 100, 0.5, True, NOW, 0.0, "en"),
        ("a", 300, 0.7, False, None, 9.0, "en"),
        ("a", 200, 0.9, True, None, 0.0, None),
        ("b", 10, 1.0, False, None, 0.0, None),
    )
    found = clean_sources(measures, frame({"source": pl.String, "lang": pl.String}))
    shares = ("median_words", "median_kept", "titled_share", "dated_share", "damaged_share")
    schema = {"source": pl.String, "n_documents": pl.Int64, **dict.fromkeys(shares, pl.Float64)}
    expected = frame(
        schema | {"lang": pl.String, "lang_share": pl.Float64},
        ("a", 3, 200.0, 0.7, 2 / 3, 1 / 3, 1 / 3, "en", 2 / 3),
        ("b", 1, 10.0, 1.0, 0.0, 0.0, 0.0, None, 1.0),
    )
    assert_frame_equal(found, expected)


@pytest.mark.parametrize(
    ("before", "now", "lang", "share"),
    [
        ([], ["en", "de", "de"], "de", 2 / 3),
        (["en", "en", "de"], ["de", "de", "de"], "en", 0.0),  # the language of earlier runs counts
        ([None], ["de"], "de", 1.0),
        ([], ["en", "de"], "de", 1 / 2),  # of equally frequent ones the first in the alphabet
        (["en"], [None, "en"], "en", 1 / 2),
    ],
)
def test_the_language_of_a_source_is_its_most_frequent_so_far(
    before: list[str | None], now: list[str | None], lang: str, share: float
) -> None:
    measures = frame(MEASURES, *(("a", 1, 1.0, True, NOW, 0.0, each) for each in now))
    history = frame({"source": pl.String, "lang": pl.String}, *(("a", each) for each in before))
    assert clean_sources(measures, history).select("lang", "lang_share").rows() == [
        (lang, pytest.approx(share))
    ]


@pytest.mark.parametrize(("n", "of_all"), [(19, None), (20, 0.5)])
def test_few_records_do_not_show_that_a_feed_repeats_itself(n: int, of_all: float | None) -> None:
    copies = [True] * (n // 2) + [False] * (n - n // 2)
    found = dedupe_sources(pl.DataFrame({"source": ["a"] * n, "is_copy": copies}))
    shares = {"copied_share": [sum(copies) / n], "all_copied_share": [of_all]}
    expected = pl.DataFrame({"source": ["a"]} | shares, schema_overrides=dict.fromkeys(shares, pl.Float64))
    assert_frame_equal(found, expected)


def test_the_median_of_mentions_is_over_documents() -> None:
    measures = pl.DataFrame({"source": ["b", "a", "a", "a"], "mentions_per_100_words": [2.0, 1.0, 9.0, 3.0]})
    expected = pl.DataFrame({"source": ["a", "b"], "mentions_per_100_words": [3.0, 2.0]})
    assert_frame_equal(tag_sources(measures), expected)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=20))
def test_every_record_is_counted_once_in_any_order(rows: list[tuple[str, bool]]) -> None:
    read = frame({"source": pl.String, "is_known": pl.Boolean}, *rows)
    found = ingest_sources(read, frame(HISTORY), NOW)
    assert found["n_read"].sum() == len(rows)
    assert (found["n_read"] == found["n_known"] + found["n_new"]).all()
    assert_frame_equal(ingest_sources(read.reverse(), frame(HISTORY), NOW), found)
