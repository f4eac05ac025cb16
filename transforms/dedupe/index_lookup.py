"""Look up the near-duplicate index: which known documents share a bucket with new texts.

The index is an inverted index, sorted, in a few segments: a bucket is found without reading the others, and its
documents are in canonical order. So the cost of a batch hardly grows with the index.
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
#: Postings that are merged at a time: arrays that fit into the cache.
_STRETCH = 1 << 18


@dataclass(frozen=True)
class Segment:
    """A part of the index: its documents (INDEXED and n_sampled), in canonical order, and one posting per document and
    anchor, sorted: the anchor, and in the lowest 32 bits the number of the document in that order.
    """

    documents: pl.DataFrame
    postings: Hashes


def to_segment(signatures: pl.DataFrame) -> Segment:
    """Return the segment of SIGNATURES."""
    ordered = in_canonical_order(signatures)
    listed = ordered.select("anchors", number=pl.int_range(pl.len(), dtype=pl.UInt64))
    listed = listed.explode("anchors", empty_as_null=False)
    postings = listed["anchors"].to_numpy().astype(np.uint64) << _ANCHOR_BITS | listed["number"].to_numpy()
    postings.sort()
    return Segment(ordered.drop("anchors"), postings)


def merge_segments(segments: Sequence[Segment]) -> tuple[pl.DataFrame, Iterator[Hashes]]:
    """Merge segments into one: return its documents, and its postings in sorted stretches."""
    ordered = in_canonical_order(pl.concat([segment.documents for segment in segments]).with_row_index("was"))
    number = np.empty(len(ordered), np.uint64)
    number[ordered["was"].to_numpy()] = np.arange(len(ordered), dtype=np.uint64)
    first = np.cumsum([0, *(len(segment.documents) for segment in segments)])
    numbers = [number[begin:end] for begin, end in pairwise(first)]
    n_stretches = 1 + sum(len(segment.postings) for segment in segments) // _STRETCH
    bounds = (np.arange(1, n_stretches) * ((1 << 32) // n_stretches)).astype(np.uint64) << _ANCHOR_BITS
    cuts = [np.split(each.postings, np.searchsorted(each.postings, bounds)) for each in segments]

    def stretches() -> Iterator[Hashes]:
        for some in zip(*cuts, strict=True):
            renumbered = [one & ~_LOW | new[one & _LOW] for one, new in zip(some, numbers, strict=True)]
            postings = np.concatenate(renumbered)
            postings.sort()
            yield postings

    return ordered.drop("was"), stretches()


def find_indexed(index: Sequence[Segment], text_keys: pl.Series) -> pl.DataFrame:
    """Return the INDEXED documents of the index whose text is one of `text_keys`."""
    wanted = pl.col("text_key").is_in(text_keys.implode())
    found = [segment.documents.select(INDEXED.keys()).filter(wanted) for segment in index]
    return pl.concat([pl.DataFrame(schema=INDEXED), *found])


def find_known_buckets(
    longest: pl.DataFrame, index: Sequence[Segment], heads: int, large: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return which documents of the index new texts are paired with, in which buckets (anchor, size, number), and these
    documents by number (number, INDEXED, n_sampled).

    `longest` has the new anchors, ascending, each with the words of the longest new text that has it (anchor, n_words).
    All documents of a bucket are returned, with `size` 0. A bucket is hot if it has more than `large` documents, or
    `heads` that are longer than every new text: then only its first `heads` in canonical order are returned, and `size`
    is the number of documents that it has.
    """
    anchors, newest = longest["anchor"].to_numpy(), longest["n_words"].to_numpy()
    found = [_find(segment, anchors) for segment in index]
    size: Ints = sum((count for _, count in found), np.zeros(len(anchors), np.int64))
    bucket, place, length = (np.zeros(0, np.int64) for _ in range(3))
    first = 0
    for segment, (begin, count) in zip(index, found, strict=True):
        some = np.where(size > large, np.minimum(count, heads), count)
        number = (segment.postings[spread(begin, some)] & _LOW).astype(np.int64)
        bucket = np.append(bucket, np.repeat(np.arange(len(anchors)), some))
        place = np.append(place, first + number)
        length = np.append(length, segment.documents["n_words"].to_numpy()[number])
        first += len(segment.documents)
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


def _find(segment: Segment, anchors: Anchors) -> tuple[Ints, Ints]:
    """Return where the postings of each anchor begin, and how many there are; `anchors` are sorted."""
    begin, count = np.empty(len(anchors), np.int64), np.empty(len(anchors), np.int64)
    find_buckets(segment.postings, anchors, begin, count)
    return begin, count


def _length_of_heads(bucket: Ints, length: Ints, size: Ints, heads: int) -> Ints:
    """Return, by bucket, the length of the last of its heads; 0 for a bucket of no more than `heads` documents."""
    big = np.flatnonzero(size > heads)
    key = bucket.astype(np.uint64) << _ANCHOR_BITS | (_LOW - length.astype(np.uint64))
    key.sort()
    least = np.zeros(len(size), np.int64)
    least[big] = _LOW - (key[np.searchsorted(key, big.astype(np.uint64) << _ANCHOR_BITS) + heads - 1] & _LOW)
    return least


def _gather(index: Sequence[Segment], places: Ints) -> tuple[pl.DataFrame, Hashes]:
    """Return the documents at `places` of the index (its segments one after the other), in canonical order and
    numbered, and the number of the document at each of `places`.
    """
    taken = np.unique(places)
    found, first = [], 0
    for segment in index:
        end = first + len(segment.documents)
        found.append(segment.documents[taken[(taken >= first) & (taken < end)] - first])
        first = end
    documents = in_canonical_order(pl.concat(found).with_columns(place=taken)).with_columns(
        number=pl.int_range(pl.len())
    )
    number = np.zeros(first, np.uint64)
    number[documents["place"].to_numpy()] = documents["number"].to_numpy()
    return documents.drop("place"), number[places]
