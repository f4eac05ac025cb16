"""Shingles: every run of three words of a text, hashed, and the sample of them by which candidates are found."""

import numpy as np
import polars as pl

from transforms.arrays import Flags, Hashes, Ints
from transforms.hashing import SENTINELS, Words, mix

SHINGLE = 3
#: One shingle in this many is an anchor (FracMinHash, Irber et al. 2022), and at least MIN_ANCHORS a text.
SCALE = 32
MIN_ANCHORS = 10
_LIMIT = np.uint64((1 << 64) // SCALE)
_FACTORS = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F))


def shingles(words: Words) -> tuple[Hashes, Ints]:
    """Return the hash of the shingle that begins at each word of `words`, and the text that it belongs to.

    A text of n words has n of them, the last two closed with sentinels, repeated ones repeated; a text without words
    has none.
    """
    if len(words.hash) < SHINGLE:
        return words.hash[:0], words.first[:0]
    first, second, third = words.hash[:-2], words.hash[1:-1], words.hash[2:]
    mixed = mix(first * _FACTORS[0] + second * _FACTORS[1] + third)
    is_word = np.ones(len(mixed) + 2, np.bool_)
    for place in range(1, SENTINELS + 1):
        is_word[words.first[1:] - place] = False
    return mixed[is_word[:-2]], np.repeat(np.arange(len(words.count)), words.count)


def sample_anchors(words: Words) -> pl.DataFrame:
    """Return, a row a text: anchors (the distinct shingles below 2**64 / SCALE, or the MIN_ANCHORS smallest; of each
    the low 32 bits, in the order of the whole hashes) and n_sampled, how many of them are below that limit.
    """
    hashed, text = shingles(words)
    count = words.count
    # Small enough to be among the smallest, in all likelihood; a text that repeats itself is looked at whole.
    share = np.minimum(1.0, np.maximum(1 / SCALE, 2 * MIN_ANCHORS / np.maximum(count, 1)))
    bound = np.minimum(share * 2.0**64, 2.0**64 - 2.0**12).astype(np.uint64)
    sampled, owner = _distinct(hashed, text, hashed <= np.repeat(bound, count))
    few = (np.bincount(owner, minlength=len(count)) < MIN_ANCHORS) & (share < 1)
    if few.any():
        again = few[text] | (hashed <= np.repeat(bound, count))
        sampled, owner = _distinct(hashed, text, again)
    rank = np.arange(len(owner)) - np.searchsorted(owner, owner)
    kept = (rank < MIN_ANCHORS) | (sampled < _LIMIT)
    low = (sampled & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    lists = pl.DataFrame({"text": owner[kept], "anchor": low[kept]})
    n_sampled = np.bincount(owner[sampled < _LIMIT], minlength=len(count))
    return (
        pl.DataFrame({"text": np.arange(len(count)), "n_sampled": n_sampled})
        .join(
            lists.group_by("text", maintain_order=True).agg(anchors="anchor"),
            on="text",
            how="left",
            maintain_order="left",
        )
        .select(pl.col("anchors").fill_null([]), "n_sampled")
    )


def _distinct(hashed: Hashes, text: Ints, chosen: Flags) -> tuple[Hashes, Ints]:
    """Return the chosen hashes, sorted by text and value, each once a text, and their texts."""
    hashed, text = hashed[chosen], text[chosen]
    order = np.lexsort((hashed, text))
    hashed, text = hashed[order], text[order]
    new = np.ones(len(text), np.bool_)
    new[1:] = (text[1:] != text[:-1]) | (hashed[1:] != hashed[:-1])
    return hashed[new], text[new]
