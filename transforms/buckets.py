"""Buckets of the index: which of the known documents that share an anchor with new texts these have to be met with.

The index lists the anchors of every document that was ever loaded, and is read from end to end for every batch: what
is done here for each of its anchors is what a batch costs more as the index grows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from transforms.arrays import Flags, Hashes, Ints, spread

type Anchors = np.ndarray[Any, np.dtype[np.uint32]]

#: An anchor whose lowest bits no new anchor has is passed over; so many bits are a table that a processor's cache
#: holds. Of 15 million anchors 3 are looked at, for the 138,000 anchors of a batch of 10,000 documents.
_SIEVE_BITS = 22
_ANCHOR_BITS = np.uint64(32)
#: Documents in buckets that are looked at at a time: arrays that a cache holds.
_STRETCH = 1 << 16
_LOW = np.uint64((1 << 32) - 1)


@dataclass(frozen=True)
class Listed:
    """A stretch of the index, a document after the other: where it stands, its words, its anchors' number, and all
    their anchors.
    """

    place: Ints
    n_words: Ints
    count: Ints
    anchors: Anchors


def choose(longest: pl.DataFrame, index: Iterable[Listed], heads: int, large: int) -> pl.DataFrame:
    """Return which documents of the index a batch has to be met with, in which buckets: anchor, size, place.

    `longest` has the new anchors, ascending, and the words of the longest new text that has each (anchor, n_words). Of
    a bucket all documents are wanted, and `size` is 0; but where it has more than `large` documents, or `heads` that
    are longer than every new text, it is hot: only those are wanted that are as long as the last of its heads, and
    `size` tells how many documents it has.
    """
    anchors, newest = longest["anchor"].to_numpy(), longest["n_words"].to_numpy()
    key, places, words = _sift(anchors, index)
    lowest = anchors.astype(np.uint64) << _ANCHOR_BITS
    begin = np.searchsorted(key, lowest)
    size = np.searchsorted(key, lowest | _LOW, side="right") - begin
    stretch = np.cumsum(size) // _STRETCH
    chosen = [pl.DataFrame(schema={"anchor": pl.UInt32, "size": pl.Int64, "place": pl.Int64})]
    for some in np.split(np.arange(len(size)), np.flatnonzero(np.diff(stretch)) + 1):
        number = (key[spread(begin[some], size[some])] & _LOW).astype(np.int64)
        length = words[number]
        least = _heads(length, size[some], heads)
        hot = (size[some] > large) | (least > newest[some])
        wanted = np.flatnonzero(length >= np.repeat(np.where(hot, least, 0), size[some]))
        bucket = np.repeat(some, size[some])[wanted]
        is_hot = np.repeat(hot, size[some])[wanted]
        columns = {"anchor": anchors[bucket], "size": size[bucket] * is_hot, "place": places[number[wanted]]}
        chosen.append(pl.DataFrame(columns))
    return pl.concat(chosen)


def _sift(anchors: Anchors, index: Iterable[Listed]) -> tuple[Hashes, Ints, Ints]:
    """Return the anchors of the index that pass the sieve, each with its document's number in one key, sorted; and
    place and words of every document, by number.
    """
    sieve: Flags = np.zeros(1 << _SIEVE_BITS, np.bool_)
    low = np.uint32(len(sieve) - 1)
    sieve[anchors & low] = True
    keys, places, words, n = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], 0
    for part in index:
        passed = np.flatnonzero(sieve[part.anchors & low])
        number = np.searchsorted(np.cumsum(part.count), passed, side="right") + n
        keys.append(part.anchors[passed].astype(np.uint64) << _ANCHOR_BITS | number.astype(np.uint64))
        places.append(part.place)
        words.append(part.n_words)
        n += len(part.place)
    key = np.concatenate(keys)
    del keys
    key.sort()
    return key, np.concatenate(places), np.concatenate(words)


def _heads(length: Ints, size: Ints, heads: int) -> Ints:
    """Return, by bucket, the length of the last of its heads, 0 where it has no more than these."""
    key = np.repeat(np.arange(len(size), dtype=np.uint64) << _ANCHOR_BITS, size) | (
        _LOW - length.astype(np.uint64)
    )
    key.sort()
    least = np.zeros(len(size), np.int64)
    big = np.flatnonzero(size > heads)
    least[big] = _LOW - (key[(np.cumsum(size) - size)[big] + heads - 1] & _LOW)
    return least
