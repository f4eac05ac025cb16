"""Words as 64-bit hashes, the same on every machine and in every version, because the warehouse keeps what is made
of them.

Texts are hashed a batch at a time, on their bytes: no list of words is ever made. 100,000 documents of 460 words take
1.4 CPU-seconds; a regular expression that only finds the words takes 3.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise

import numpy as np
import polars as pl

from transforms.arrays import Bytes, Flags, Hashes, Ints, spread

#: Every text is closed with this many sentinel words, so that a text of one word has shingles too.
SENTINELS = 2
_SENTINEL = "\x02"
_CLOSE = f"\n{_SENTINEL}" * SENTINELS + "\n"
#: ASCII and the general punctuation of Unicode (dashes, curly quotes) are told apart by their bytes; any other text is
#: first written with single spaces around its words.
_UNSPACED = r"([\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}])"
#: A longer run of letters (an address, base64) is cut into words of this many bytes: time stays linear.
_LONGEST = 64
#: Bytes of text that are hashed at a time: arrays that a processor's cache holds; twice as fast as ten times as many.
PART = 1 << 20
_FACTOR = np.uint64(0xD6E8FEB86659FD93)
_BASE = 0x9E3779B97F4A7C15
_LOW = np.array([(1 << (8 * n)) - 1 for n in range(9)], dtype=np.uint64)


def hash64(text: str) -> int:
    """Return the first 64 bits of the BLAKE2b hash of `text`, as an unsigned integer."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def mix(value: Hashes) -> Hashes:
    """Return `value` with each bit depending on every bit, after Evensen (2018) "Better, stronger mixer"."""
    value = value ^ (value >> np.uint64(32))
    for _ in range(2):
        value *= _FACTOR
        value ^= value >> np.uint64(32)
    return value


@dataclass(frozen=True)
class Words:
    """The words of some texts, in order: text number t has hash[first[t] : first[t + 1]], the last SENTINELS of them
    sentinels; is_number says which of them begin with a digit (0 to 9).
    """

    hash: Hashes
    is_number: Flags
    first: Ints

    @property
    def count(self) -> Ints:
        """Words by text, sentinels left out."""
        return np.diff(self.first) - SENTINELS

    def keys(self) -> Hashes:
        """Return a hash by text: equal for texts of the same words in the same order, and for them alone."""
        if len(self.first) < 2:
            return self.hash[:0]
        place = spread(0, np.diff(self.first))
        return mix(np.add.reduceat(self.hash * _powers(int(place.max()) + 1)[place], self.first[:-1]))

    def number_bits(self) -> Hashes:
        """Return, by text, 64 bits of which one is set for each of its numbers, by the number's hash."""
        at = np.flatnonzero(self.is_number)
        bits = np.uint64(1) << (self.hash[at] >> np.uint64(58))
        begin = np.searchsorted(at, self.first)
        some = np.flatnonzero(np.diff(begin))
        found = np.zeros(len(self.count), np.uint64)
        found[some] = np.bitwise_or.reduceat(bits, begin[some]) if len(some) else 0
        return found


def in_parts(frame: pl.DataFrame, text: str) -> Iterator[pl.DataFrame]:
    """Cut `frame` into stretches of about PART bytes of the column `text`: what is hashed at a time."""
    part = frame[text].str.len_bytes().cast(pl.Int64).cum_sum() // PART
    begin = np.flatnonzero(np.diff(part.to_numpy(), prepend=-1))
    for start, end in pairwise([*begin.tolist(), len(frame)]):
        yield frame[start:end]


def hash_words(texts: pl.Series) -> Words:
    """Hash the words of `texts`: runs of letters and digits, lower-cased, compatibility forms folded (NFKC); one
    character each in scripts that write no spaces. An apostrophe parts words.
    """
    lower = texts.str.to_lowercase() + _CLOSE
    data, offsets = to_bytes(lower)
    odd = _odd(data, offsets)
    if len(odd):
        data, offsets = to_bytes(lower.scatter(odd, _spaced(texts.gather(odd)) + _CLOSE))
    start, length = _words(data)
    first = np.append(np.searchsorted(start, offsets[:-1]), len(start))
    return Words(_hash(data, start, length), data[start] - np.uint8(48) < 10, first)


def _odd(data: Bytes, offsets: Ints) -> Ints:
    """Return the numbers of the texts that hold sentinels of their own, or other than ASCII and general punctuation."""
    special = np.flatnonzero((data >= 128) | (data == ord(_SENTINEL)))
    marks = np.bincount(np.searchsorted(offsets, _punctuation(data), side="right"), minlength=len(offsets))
    found = np.bincount(np.searchsorted(offsets, special, side="right"), minlength=len(offsets))
    return np.flatnonzero(found[1:] != 3 * marks[1:] + SENTINELS)


def _punctuation(data: Bytes) -> Ints:
    """Return where a character of general punctuation begins, of three bytes: U+2000 to U+203F."""
    mark = np.flatnonzero(data[:-2] == 0xE2)
    found: Ints = mark[data[mark + 1] == 0x80]
    return found


def _spaced(texts: pl.Series) -> pl.Series:
    """Return texts in lower case with single spaces around their words."""
    return (
        texts.str.to_lowercase()
        .str.normalize("NFKC")
        .str.to_lowercase()
        .str.replace_all(r"[^\p{L}\p{N}\p{M}]+", " ")
        .str.replace_all(_UNSPACED, " $1 ")
    )


def to_bytes(texts: pl.Series) -> tuple[Bytes, Ints]:
    """Return the bytes of `texts` (strings or binary), one after the other, and where each begins (and the last one
    ends).
    """
    arrow = texts.rechunk().to_arrow()
    offsets = np.frombuffer(arrow.buffers()[1], dtype=np.int64)[arrow.offset : arrow.offset + len(arrow) + 1]
    if len(arrow) == 0:
        return np.zeros(0, np.uint8), np.zeros(1, np.int64)
    data = np.frombuffer(arrow.buffers()[2], dtype=np.uint8)
    return data[offsets[0] : offsets[-1]], offsets - offsets[0]


def _words(data: Bytes) -> tuple[Ints, Ints]:
    """Return where each word begins, in bytes, and how many it has, at most _LONGEST."""
    letter = (
        (data - np.uint8(97) < 26) | (data - np.uint8(48) < 10) | (data >= 128) | (data == ord(_SENTINEL))
    )
    mark = _punctuation(data)
    for place in range(3):
        letter[mark + place] = False
    edge = np.flatnonzero(np.diff(letter, prepend=False))  # texts end in a line end: every word has an end
    start, length = edge[::2], edge[1::2] - edge[::2]
    if not (length > _LONGEST).any():
        return start, length
    pieces = -(-length // _LONGEST)
    end = np.repeat(start + length, pieces)
    start = np.repeat(start, pieces) + _LONGEST * spread(0, pieces)
    return start, np.minimum(end - start, _LONGEST)


def _hash(data: Bytes, start: Ints, length: Ints) -> Hashes:
    """Hash the words eight bytes at a time."""
    eights: Hashes = np.ndarray(len(data) + 1, "<u8", np.append(data, np.zeros(8, np.uint8)), strides=(1,))
    hashed = mix(eights[start] & _LOW[np.minimum(length, 8)])
    rest = np.flatnonzero(length > 8)
    done = 8
    while len(rest):
        eight = eights[start[rest] + done] & _LOW[np.minimum(length[rest] - done, 8)]
        hashed[rest] = mix(hashed[rest] + eight)
        done += 8
        rest = rest[length[rest] > done]
    return hashed


def _powers(n: int) -> Hashes:
    return np.cumprod(np.full(n, _BASE, dtype=np.uint64), dtype=np.uint64)
