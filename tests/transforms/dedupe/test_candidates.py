"""Candidates: the pairs that share enough anchors, in whatever runs and bands."""

from itertools import combinations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from copydesk.transforms.contract import ANCHORS, CANDIDATES, INDEXED, SIGNATURES, TOKEN_HASHES, empty
from copydesk.transforms.dedupe.candidates import (
    HEADS,
    PLAUSIBLE,
    compute_signatures,
    find_bucket_pairs,
    find_candidates,
    to_anchors,
)
from tests.cpu_time import growth
from tests.transforms.conftest import cleaned_of
from tests.transforms.dedupe.texts import NO_TEMPLATES, signatures_of, story


def anchors_of(rows: list[tuple[int, int]]) -> pl.DataFrame:
    """Return ANCHORS from pairs of text and anchor; all that a text has is sampled."""
    frame = pl.DataFrame(rows, schema={"text_key": pl.UInt64, "anchor": pl.UInt32}, orient="row").unique(
        maintain_order=True
    )
    return frame.with_columns(n_sampled=pl.len().over("text_key").cast(pl.Int64))


def bucket_pairs(new: pl.DataFrame, known: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return the pairs of texts in their buckets; texts of smaller number come first in canonical order."""
    both = new if known is None else pl.concat([new, known])
    order = signatures_of(*((str(key), key, 5000 - key, None) for key in both["text_key"].unique()))
    return find_bucket_pairs(
        new, empty(ANCHORS) if known is None else known, order.select(INDEXED.keys()), NO_TEMPLATES
    )


def candidates(new: pl.DataFrame, known: pl.DataFrame | None = None) -> pl.DataFrame:
    return find_candidates([bucket_pairs(new, known).lazy()])


def test_equal_words_get_one_key_and_texts_without_words_no_anchors():
    signed, codes = compute_signatures(
        cleaned_of(story(), story().upper(), "", "…", n_words=[228, 228, 0, 0])
    )
    assert signed.schema == pl.Schema(SIGNATURES)
    assert signed["text_key"].n_unique() == 2
    assert signed["anchors"].list.len().to_list() == [signed["anchors"].list.len()[0]] * 2 + [0, 0]
    assert_frame_equal(codes.select("text_key"), signed.select("text_key"))
    for found, schema in zip(compute_signatures(cleaned_of()), (SIGNATURES, TOKEN_HASHES), strict=True):
        assert_frame_equal(found, empty(schema))


def test_anchors_are_listed_once_a_text():
    signatures = signatures_of(("a", 1, 9, None), ("b", 1, 8, None), ("c", 2, 9, None), ("d", 3, 0, None))
    listed = signatures.with_columns(anchors=pl.Series([[7, 8], [7, 8], [8], []], dtype=pl.List(pl.UInt32)))
    expected = pl.DataFrame([(1, 7, 0), (1, 8, 0), (2, 8, 0)], schema=ANCHORS, orient="row")
    assert_frame_equal(to_anchors(listed), expected, check_row_order=False)
    assert_frame_equal(to_anchors(signatures), expected.clear())


#: At most 12 texts, so that no bucket has more than its heads: text, anchor, whether the text came in an earlier run.
small_buckets = st.lists(
    st.tuples(st.integers(0, HEADS - 1), st.integers(100, 120), st.booleans()), max_size=60
)


@settings(max_examples=40)
@given(small_buckets)
def test_candidates_are_the_pairs_that_share_anchors_enough(rows: list[tuple[int, int, bool]]):
    anchors = {text: {at for other, at, _ in rows if other == text} for text, _, _ in rows}
    expected = [
        (one, other)
        for one, other in combinations(sorted(anchors), 2)
        if (shared := len(anchors[one] & anchors[other]))
        and shared >= PLAUSIBLE * min(len(anchors[one]), len(anchors[other]))
    ]
    every = anchors_of([row[:2] for row in rows])
    assert_frame_equal(candidates(every), pl.DataFrame(expected, schema=CANDIDATES, orient="row"))
    assert_frame_equal(candidates(every.reverse()), candidates(every))


@settings(max_examples=40)
@given(small_buckets, st.integers(1, 4))
def test_candidates_are_the_same_in_whatever_runs_and_bands(rows: list[tuple[int, int, bool]], n_bands: int):
    old_texts = {text for text, _, is_old in rows if is_old}
    every = anchors_of([row[:2] for row in rows])
    old, new = (every.filter(pl.col("text_key").is_in(list(old_texts)) == is_old) for is_old in (True, False))
    at_once = candidates(every)
    in_runs = pl.concat([candidates(old), candidates(new, old)]).sort("text_key", "other_key")
    bands = [every.filter(pl.col("anchor") % n_bands == band) for band in range(n_bands)]
    assert_frame_equal(in_runs, at_once)
    assert_frame_equal(find_candidates([bucket_pairs(band).lazy() for band in bands]), at_once)


@pytest.mark.parametrize("n_known", [0, 4999, 2500])
def test_a_large_bucket_gives_a_few_pairs_per_new_text(n_known: int):
    rows = anchors_of([(text, 7) for text in range(1, 5001)]).sample(fraction=1, shuffle=True, seed=1)
    found = candidates(rows[n_known:], rows[:n_known])
    heads = set(range(1, HEADS + 1))
    assert all({one, other} & heads for one, other in found.iter_rows())
    new = set(rows[n_known:]["text_key"])
    assert all({one, other} & new for one, other in found.iter_rows())
    assert len(found) <= HEADS * 5000


@pytest.mark.nightly
def test_the_time_of_a_bucket_is_linear():
    def run(size: int) -> None:
        candidates(anchors_of([(text, 7) for text in range(1, size + 1)]))

    assert growth(run, small=20_000, large=80_000) < 10  # a quadratic loop takes sixteen times as long


def test_known_texts_are_not_paired_with_each_other():
    known, new = anchors_of([(1, 7), (2, 7)]), anchors_of([(3, 7), (1, 7)])  # 1 came again
    expected = pl.DataFrame({"text_key": [1, 1, 2], "other_key": [2, 3, 3]}, schema=CANDIDATES)
    assert_frame_equal(candidates(new, known), expected)
    assert_frame_equal(candidates(new.clear(), known), expected.clear())
    assert_frame_equal(find_candidates([]), empty(CANDIDATES))


def test_texts_of_other_numbers_are_not_compared():
    new = anchors_of([(text, 7) for text in (1, 2, 3)])
    order = signatures_of(("a", 1, 9, None), ("b", 2, 8, None), ("c", 3, 7, None))
    bits = pl.Series([0b1111, 0b11110000, 0b110111], dtype=pl.UInt64)
    texts = order.with_columns(numbers=bits).select(INDEXED.keys())
    assert find_bucket_pairs(new, empty(ANCHORS), texts, NO_TEMPLATES).select("text_key", "other_key").sort(
        "text_key", "other_key"
    ).rows() == [(1, 3), (2, 3)]


def test_texts_that_share_template_anchors_alone_are_no_candidates():
    new = anchors_of([(1, 7), (2, 7), (2, 8), (3, 7), (3, 8)])
    texts = signatures_of(*((str(key), key, 10, None) for key in (1, 2, 3))).select(INDEXED.keys())
    found = find_candidates(
        [find_bucket_pairs(new, empty(ANCHORS), texts, pl.Series([7], dtype=pl.UInt32)).lazy()]
    )
    assert found.rows() == [(2, 3)]
