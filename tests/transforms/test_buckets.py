"""Which documents of the index a batch has to be met with."""

from collections.abc import Iterator

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.buckets import Listed, choose

type Index = list[tuple[int, list[int]]]

HEADS, LARGE = 3, 6
ANCHORS = [0, 7, 8, 7 + (1 << 22), 2**32 - 1]  # two of them share their lowest bits


def listed(index: Index, stretch: int) -> Iterator[Listed]:
    """List documents, given by their words and anchors; their places are ten apart."""
    for begin in range(0, len(index), stretch):
        part = index[begin : begin + stretch]
        yield Listed(
            np.arange(begin, begin + len(part)) * 10,
            np.array([n_words for n_words, _ in part], np.int64),
            np.array([len(anchors) for _, anchors in part], np.int64),
            np.array([anchor for _, anchors in part for anchor in anchors], np.uint32),
        )


def expected(new: dict[int, int], index: Index) -> list[tuple[int, int, int]]:
    found = []
    for anchor, longest in new.items():
        bucket = [(n_words, 10 * at) for at, (n_words, anchors) in enumerate(index) if anchor in anchors]
        longer = sum(n_words > longest for n_words, _ in bucket)
        hot = len(bucket) > LARGE or (len(bucket) > HEADS and longer >= HEADS)
        least = sorted((n_words for n_words, _ in bucket), reverse=True)[HEADS - 1] if hot else 0
        found += [(anchor, len(bucket) * hot, place) for n_words, place in bucket if n_words >= least]
    return sorted(found)


anchors = st.lists(st.sampled_from([*ANCHORS, 9, 8 + (1 << 22)]), unique=True, max_size=4)


@settings(max_examples=100)
@given(
    st.dictionaries(st.sampled_from(ANCHORS), st.integers(0, 9), max_size=5),
    st.lists(st.tuples(st.integers(0, 9), anchors), max_size=25),
    st.integers(1, 9),
)
def test_small_buckets_are_wanted_whole_and_of_hot_ones_what_may_be_a_head(
    new: dict[int, int], index: Index, stretch: int
) -> None:
    schema = {"anchor": pl.UInt32, "n_words": pl.Int64}
    longest = pl.DataFrame(sorted(new.items()), schema=schema, orient="row")
    found = choose(longest, listed(index, stretch), HEADS, LARGE)
    assert found.schema == {"anchor": pl.UInt32, "size": pl.Int64, "place": pl.Int64}
    assert sorted(found.rows()) == expected(new, index)
