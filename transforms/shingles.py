"""Shingles: every run of three words of a text, hashed, and the sample of them that finds candidates.

Hashes must be the same on every machine and in every version, because the warehouse keeps them: words are
hashed with BLAKE2b, three word hashes are mixed with the finaliser of MurmurHash3.
"""

from hashlib import blake2b

import numpy as np
import polars as pl

from transforms.words import WORD

SHINGLE = 3
#: One shingle in this many is an anchor (FracMinHash, Irber et al. 2022), and at least MIN_ANCHORS a text.
SCALE = 16
MIN_ANCHORS = 12
_SENTINEL = np.uint64(0x9E3779B97F4A7C15)


def hash64(text: str) -> int:
    """Return the first 64 bits of the BLAKE2b hash of `text`, as an unsigned integer."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def shingle(texts: pl.DataFrame, key: str) -> pl.DataFrame:
    """Return key and shingle (UInt64), distinct, for every text of `texts` (key, text).

    Texts are closed with two sentinel words, so that a text of one word has shingles too; a text without
    words has none.
    """
    words = (
        texts.select(key, word=pl.col("text").str.to_lowercase().str.extract_all(WORD))
        .filter(pl.col("word").list.len() > 0)
        .with_columns(word=pl.concat_list("word", pl.lit(["", ""])))
        .explode("word")
    )
    distinct = words["word"].unique()
    codes = {word: hash64(word) for word in distinct}
    hashed = words.select(key, code=pl.col("word").replace_strict(codes, return_dtype=pl.UInt64))
    first = hashed["code"].to_numpy()
    if len(first) < SHINGLE:
        return pl.DataFrame(schema={key: texts.schema[key], "shingle": pl.UInt64})
    mixed = _mix(_mix(_mix(first[:-2]) + first[1:-1]) + first[2:])
    keys = hashed[key]
    return (
        pl.DataFrame({key: keys[:-2], "last": keys[2:], "shingle": mixed})
        .filter(pl.col(key) == pl.col("last"))
        .select(key, "shingle")
        .unique()
    )


def anchors(shingles: pl.DataFrame, key: str) -> pl.DataFrame:
    """Return key and anchors (a sorted list): the shingles below 2**64 / SCALE, or the MIN_ANCHORS smallest."""
    rank = pl.col("shingle").rank("ordinal").over(key)
    small = pl.col("shingle") < (1 << 64) // SCALE
    return shingles.filter(small | (rank <= MIN_ANCHORS)).group_by(key).agg(anchors=pl.col("shingle").sort())


def _mix(value: "np.typing.NDArray[np.uint64]") -> "np.typing.NDArray[np.uint64]":
    value = value + _SENTINEL
    value = (value ^ (value >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    value = (value ^ (value >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)
    return value ^ (value >> np.uint64(33))
