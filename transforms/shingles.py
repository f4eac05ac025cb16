"""Shingles: every run of three words of a text, hashed, and the sample of them by which candidates are found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from transforms.arrays import Flags, Hashes, Ints
from transforms.hashing import SENTINELS, Words, mix

SHINGLE = 3
#: One shingle in this many is an anchor (FracMinHash, Irber et al. 2022), and at least MIN_ANCHORS a text.
SCALE = 32
MIN_ANCHORS = 10
_LIMIT = np.uint64((1 << 64) // SCALE)
#: Stands where no shingle begins; nothing is sampled that large.
NO_SHINGLE = np.uint64(2**64 - 1)
_FACTORS = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F))


def shingles(words: Words) -> Hashes:
    """Return the hash of the shingle that begins at each word of `words`, and NO_SHINGLE at each sentinel.

    A text of n words has n of them, the last two closed with sentinels, repeated ones repeated; a text without words
    has none.
    """
    mixed = words.hash * _FACTORS[0]
    mixed[:-1] += words.hash[1:] * _FACTORS[1]
    mixed[:-2] += words.hash[2:]
    mixed = mix(mixed)
    for place in range(1, SENTINELS + 1):
        mixed[words.first[1:] - place] = NO_SHINGLE
    return mixed


@dataclass(frozen=True)
class Sample:
    """Anchors of some texts: all, text by text; how many each text has; how many of these any text would keep."""

    anchors: "np.ndarray[Any, np.dtype[np.uint32]]"
    count: Ints
    n_sampled: Ints

    def lists(self) -> pl.Series:
        """Return the anchors, a list a text."""
        texts = pl.DataFrame({"text": np.arange(len(self.count))})
        owner = np.repeat(texts["text"].to_numpy(), self.count)
        some = (
            pl.DataFrame({"text": owner, "anchor": self.anchors})
            .group_by("text", maintain_order=True)
            .agg("anchor")
        )
        lists = texts.join(some, on="text", how="left", maintain_order="left")
        return lists.select(pl.col("anchor").fill_null([])).to_series()


def join_samples(samples: Sequence[Sample]) -> Sample:
    """Return the samples of some texts, and of others, as one."""
    nothing = np.zeros(0, np.int64)
    return Sample(
        np.concatenate([nothing.astype(np.uint32), *(sample.anchors for sample in samples)]),
        np.concatenate([nothing, *(sample.count for sample in samples)]),
        np.concatenate([nothing, *(sample.n_sampled for sample in samples)]),
    )


def sample_anchors(words: Words) -> Sample:
    """Sample the distinct shingles of each text that are below 2**64 / SCALE, or the MIN_ANCHORS smallest: of each the
    low 32 bits, in the order of the whole hashes.
    """
    hashed, count = shingles(words), words.count
    # Small enough to be among the smallest, in all likelihood; a text that repeats itself is looked at whole.
    share = np.minimum(1.0, np.maximum(1 / SCALE, 3 * MIN_ANCHORS / np.maximum(count, 1)))
    bound = np.minimum(share * 2.0**64, 2.0**64 - 2.0**12).astype(np.uint64)
    chosen = hashed <= np.repeat(bound, count + SENTINELS)
    sampled, owner = _distinct(hashed, words.first, chosen)
    few = (np.bincount(owner, minlength=len(count)) < MIN_ANCHORS) & (share < 1)
    if few.any():
        chosen |= np.repeat(few, count + SENTINELS) & (hashed != NO_SHINGLE)
        sampled, owner = _distinct(hashed, words.first, chosen)
    rank = np.arange(len(owner)) - np.searchsorted(owner, owner)
    kept = (rank < MIN_ANCHORS) | (sampled < _LIMIT)
    low = (sampled[kept] & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    n = len(count)
    return Sample(
        low, np.bincount(owner[kept], minlength=n), np.bincount(owner[sampled < _LIMIT], minlength=n)
    )


def _distinct(hashed: Hashes, first: Ints, chosen: Flags) -> tuple[Hashes, Ints]:
    """Return the chosen hashes, sorted by text and value, each once a text, and their texts."""
    at = np.flatnonzero(chosen)
    hashed, text = hashed[at], np.searchsorted(first, at, side="right") - 1
    order = np.argsort(hashed)
    # By text, which is ascending as it came: small numbers, which NumPy sorts digit by digit.
    small = text.astype(np.uint16) if len(text) and text[-1] < 1 << 16 else text
    order = order[np.argsort(small[order], kind="stable")]
    hashed, text = hashed[order], text[order]
    new = np.ones(len(text), np.bool_)
    new[1:] = (text[1:] != text[:-1]) | (hashed[1:] != hashed[:-1])
    return hashed[new], text[new]
