"""Buckets of the index: which of the known documents that share an anchor with new texts these have to be met with.

The index is kept sorted, in a few parts: a bucket is found without reading the others, and of a bucket those documents
come first that are preferred as canonical. So what a batch costs here hardly grows with the index.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from copydesk.transforms._native.buckets import find_buckets
from copydesk.transforms.arrays import Hashes, Ints, spread
from copydesk.transforms.contract import INDEXED
from copydesk.transforms.dedupe.canonical import in_canonical_order

type Anchors = np.ndarray[Any, np.dtype[np.uint32]]

_ANCHOR_BITS = np.uint64(32)
_LOW = np.uint64((1 << 32) - 1)
#: Entries that are merged at a time: arrays that a cache holds.
_STRETCH = 1 << 18


@dataclass(frozen=True)
class Segment:
    """A part of the index: its documents (INDEXED, and n_sampled), in canonical order; and an entry for each of
    their anchors, ascending: the anchor, and in the lowest 32 bits the number of the document in that order.
    """

    documents: pl.DataFrame
    entries: Hashes


def to_segment(signatures: pl.DataFrame) -> Segment:
    """Sort SIGNATURES."""
    ordered = in_canonical_order(signatures)
    listed = ordered.select("anchors", number=pl.int_range(pl.len(), dtype=pl.UInt64))
    listed = listed.explode("anchors", empty_as_null=False)
    entries = listed["anchors"].to_numpy().astype(np.uint64) << _ANCHOR_BITS | listed["number"].to_numpy()
    entries.sort()
    return Segment(ordered.drop("anchors"), entries)


def merge_segments(parts: Sequence[Segment]) -> tuple[pl.DataFrame, Iterator[Hashes]]:
    """Make one part of several: its documents, and its entries, a stretch at a time."""
    ordered = in_canonical_order(pl.concat([part.documents for part in parts]).with_row_index("was"))
    number = np.empty(len(ordered), np.uint64)
    number[ordered["was"].to_numpy()] = np.arange(len(ordered), dtype=np.uint64)
    first = np.cumsum([0, *(len(part.documents) for part in parts)])
    numbers = [number[begin:end] for begin, end in pairwise(first)]
    n_stretches = 1 + sum(len(part.entries) for part in parts) // _STRETCH
    bounds = (np.arange(1, n_stretches) * ((1 << 32) // n_stretches)).astype(np.uint64) << _ANCHOR_BITS
    cuts = [np.split(part.entries, np.searchsorted(part.entries, bounds)) for part in parts]

    def stretches() -> Iterator[Hashes]:
        for some in zip(*cuts, strict=True):
            renumbered = [one & ~_LOW | new[one & _LOW] for one, new in zip(some, numbers, strict=True)]
            entries = np.concatenate(renumbered)
            entries.sort()
            yield entries

    return ordered.drop("was"), stretches()


def find_indexed(index: Sequence[Segment], text_keys: pl.Series) -> pl.DataFrame:
    """Return as INDEXED every document of the index whose text is one of `text_keys`."""
    wanted = pl.col("text_key").is_in(text_keys.implode())
    found = [part.documents.select(INDEXED.keys()).filter(wanted) for part in index]
    return pl.concat([pl.DataFrame(schema=INDEXED), *found])


def find_known_buckets(
    longest: pl.DataFrame, index: Sequence[Segment], heads: int, large: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return which documents of the index a batch has to be met with, in which buckets: anchor, size, number; and these
    documents by number: INDEXED and n_sampled.

    `longest` has the new anchors, ascending, and the words of the longest new text that has each (anchor, n_words). Of
    a bucket all documents are wanted, and `size` is 0; but where it has more than `large` documents, or `heads` that
    are longer than every new text, it is hot: only its `heads` are wanted, the first in canonical order, and
    `size` tells how many documents it has.
    """
    anchors, newest = longest["anchor"].to_numpy(), longest["n_words"].to_numpy()
    found = [_find(part, anchors) for part in index]
    size: Ints = sum((count for _, count in found), np.zeros(len(anchors), np.int64))
    bucket, place, length = (np.zeros(0, np.int64) for _ in range(3))
    first = 0
    for part, (begin, count) in zip(index, found, strict=True):
        some = np.where(size > large, np.minimum(count, heads), count)
        number = (part.entries[spread(begin, some)] & _LOW).astype(np.int64)
        bucket = np.append(bucket, np.repeat(np.arange(len(anchors)), some))
        place = np.append(place, first + number)
        length = np.append(length, part.documents["n_words"].to_numpy()[number])
        first += len(part.documents)
    least = _length_of_heads(bucket, length, size, heads)
    hot = (size > large) | (least > newest)
    maybe = np.flatnonzero(length >= np.where(hot, least, 0)[bucket])
    documents, rank = _gather(index, place[maybe])
    key = bucket[maybe].astype(np.uint64) << _ANCHOR_BITS | rank
    key.sort()
    bucket, number = (half.astype(np.int64) for half in (key >> _ANCHOR_BITS, key & _LOW))
    behind = np.arange(len(key)) - np.searchsorted(bucket, np.arange(len(anchors)))[bucket]
    wanted = ~hot[bucket] | (behind < heads)
    bucket, number = bucket[wanted], number[wanted]
    rows = pl.DataFrame({"anchor": anchors[bucket], "size": (size * hot)[bucket], "number": number})
    return rows, documents.join(rows, on="number", how="semi", maintain_order="left")


def _find(part: Segment, anchors: Anchors) -> tuple[Ints, Ints]:
    """Return where the entries of each anchor begin, and how many they are; `anchors` ascend."""
    begin, count = np.empty(len(anchors), np.int64), np.empty(len(anchors), np.int64)
    find_buckets(part.entries, anchors, begin, count)
    return begin, count


def _length_of_heads(bucket: Ints, length: Ints, size: Ints, heads: int) -> Ints:
    """Return, by bucket, the length of the last of its heads, 0 where it has no more documents than these."""
    big = np.flatnonzero(size > heads)
    key = bucket.astype(np.uint64) << _ANCHOR_BITS | (_LOW - length.astype(np.uint64))
    key.sort()
    least = np.zeros(len(size), np.int64)
    least[big] = _LOW - (key[np.searchsorted(key, big.astype(np.uint64) << _ANCHOR_BITS) + heads - 1] & _LOW)
    return least


def _gather(index: Sequence[Segment], places: Ints) -> tuple[pl.DataFrame, Hashes]:
    """Return the documents at `places` of the index, its parts one after the other, in order and numbered (number);
    and, of each of `places`, the number of its document.
    """
    taken = np.unique(places)
    frames, first = [], 0
    for part in index:
        end = first + len(part.documents)
        frames.append(part.documents[taken[(taken >= first) & (taken < end)] - first])
        first = end
    documents = in_canonical_order(pl.concat(frames).with_columns(place=taken)).with_columns(
        number=pl.int_range(pl.len())
    )
    number = np.zeros(first, np.uint64)
    number[documents["place"].to_numpy()] = documents["number"].to_numpy()
    return documents.drop("place"), number[places]
