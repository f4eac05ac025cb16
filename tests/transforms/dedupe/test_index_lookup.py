"""Which documents of the index a batch has to be met with."""

from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from copydesk.transforms.contract import INDEXED, SIGNATURES, empty
from copydesk.transforms.dedupe import index_lookup
from copydesk.transforms.dedupe.canonical import in_canonical_order
from copydesk.transforms.dedupe.index_lookup import (
    Segment,
    find_indexed,
    find_known_buckets,
    merge_segments,
    to_segment,
)

HEADS, LARGE = 3, 6
ANCHORS = [0, 7, 8, 2**31, 2**32 - 1]
KNOWN = {**INDEXED, "n_sampled": pl.Int64}
DATES = [None, datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)]

documents = st.lists(
    st.tuples(
        st.integers(1, 4),  # its text
        st.integers(0, 9),  # its words
        st.sampled_from(DATES),
        st.lists(st.sampled_from([*ANCHORS, 9]), unique=True, max_size=4),
    ),
    max_size=25,
)


def signatures(rows: list[tuple[int, int, datetime | None, list[int]]]) -> pl.DataFrame:
    """Make SIGNATURES of text, words, date and anchors; a doc_id is never where it would stand by itself."""
    listed = [
        (f"d{n * 7 % 25:02}", text, words, date, text, n, anchors)
        for n, (text, words, date, anchors) in enumerate(rows)
    ]
    return pl.DataFrame(listed, schema=SIGNATURES, orient="row")


def cut(frame: pl.DataFrame, n: int) -> list[Segment]:
    """Make some parts of SIGNATURES, one of them empty."""
    return [to_segment(part) for part in frame.iter_slices(n)] + [to_segment(empty(SIGNATURES))]


def expected(new: dict[int, int], known: pl.DataFrame) -> list[tuple[int, int, str]]:
    found = []
    for anchor, longest in new.items():
        bucket = in_canonical_order(known.filter(pl.col("anchors").list.contains(anchor)))
        longer = (bucket["n_words"] > longest).sum()
        hot = len(bucket) > LARGE or (longer >= HEADS and len(bucket) > HEADS)
        wanted = bucket["doc_id"].head(HEADS if hot else len(bucket))
        found += [(anchor, len(bucket) * hot, doc_id) for doc_id in wanted]
    return sorted(found)


@settings(max_examples=150)
@given(
    st.dictionaries(st.sampled_from(ANCHORS), st.integers(0, 9), max_size=5), documents, st.integers(1, 25)
)
def test_small_buckets_are_wanted_whole_and_of_hot_ones_the_heads(new, rows, n) -> None:
    schema = {"anchor": pl.UInt32, "n_words": pl.Int64}
    longest = pl.DataFrame(sorted(new.items()), schema=schema, orient="row")
    known = signatures(rows)
    found, chosen = find_known_buckets(longest, cut(known, n), HEADS, LARGE)
    assert found.schema == {"anchor": pl.UInt32, "size": pl.Int64, "number": pl.Int64}
    met = found.join(chosen, on="number").select("anchor", "size", "doc_id").rows()
    assert sorted(met) == expected(new, known)
    wanted = known.filter(pl.col("doc_id").is_in({doc_id for _, _, doc_id in met}))
    assert_frame_equal(chosen.select(KNOWN.keys()), in_canonical_order(wanted.select(KNOWN.keys())))


@settings(max_examples=100)
@given(documents, st.integers(1, 25), st.integers(1, 5))
def test_parts_that_are_merged_are_the_part_of_all_their_documents(rows, n, stretch) -> None:
    known = signatures(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index_lookup, "_STRETCH", stretch)
        found, stretches = merge_segments(cut(known, n))
        postings = np.concatenate(list(stretches))
    whole = to_segment(known)
    assert_frame_equal(found, whole.documents)
    assert postings.dtype == whole.postings.dtype
    assert postings.tolist() == whole.postings.tolist()
    assert len(postings) == known["anchors"].list.len().sum()


def test_an_entry_has_the_anchor_and_the_number_of_the_document() -> None:
    part = to_segment(signatures([(1, 5, None, [9, 7]), (2, 6, None, [7]), (3, 4, None, [])]))
    assert part.documents["text_key"].to_list() == [2, 1, 3]
    assert [divmod(posting, 1 << 32) for posting in part.postings.tolist()] == [(7, 0), (7, 1), (9, 1)]


def test_documents_are_found_by_their_texts() -> None:
    known = signatures([(1, 5, None, [9]), (2, 6, DATES[1], [7]), (1, 4, None, []), (3, 4, None, [])])
    found = find_indexed(cut(known, 2), pl.Series([1, 2, 9], dtype=pl.UInt64))
    assert_frame_equal(
        found.sort("doc_id"), known.filter(pl.col("text_key") < 3).select(INDEXED.keys()).sort("doc_id")
    )
    assert_frame_equal(find_indexed([], found["text_key"]), empty(INDEXED))
