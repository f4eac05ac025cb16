"""Words as 64-bit hashes, identical on every machine and in every version, because the warehouse stores values
derived from them.

Texts are hashed in batches, on their bytes, without a list of words in between. 100,000 documents of 460 words
take 0.9 CPU-seconds; a regular expression that only finds the words takes 3.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise

import numpy as np
import polars as pl

from copydesk.transforms._native.words import find_odd, read_texts
from copydesk.transforms.arrays import Codes, Hashes, Ints
from copydesk.transforms.text.buffers import to_bytes
from copydesk.transforms.text.patterns import UNSPACED
from copydesk.transforms.text.shingles import MIN_ANCHORS, SCALE, Sample

#: Sentinel words appended to every text, so that a text of one word has shingles too.
SENTINELS = 2
#: The compiled loop tells words from ASCII and general punctuation (dashes, curly quotes) by their bytes. In
#: any other text, everything that is not part of a word becomes a space, and characters of unspaced scripts are
#: surrounded by spaces.
_NO_WORD = r"[^\x00-\x7f\p{L}\p{N}\p{M}]+"
_UNSPACED = f"([{UNSPACED}])"
#: Characters that NFKC may change: all but plain Latin and Cyrillic letters and characters that are not part of
#: a word before and after.
_UNSTABLE = (
    r"[^\x00-\x7f\u00a0-\u00a7\u00a9\u00ab-\u00ae\u00b0\u00b1\u00b6\u00b7\u00bb\u00bf"
    r"\u00c0-\u0131\u0134-\u013e\u0141-\u0148\u014a-\u017e\u0400-\u0482\u048a-\u04ff"
    r"\u2000-\u2016\u2018-\u203d\u203f]"
)
#: A longer run of letters (a URL, base64) is cut into words of this many bytes, so that time stays linear.
_LONGEST = 64
#: Bytes of text hashed at a time: few calls, little memory.
PART = 1 << 24
#: The compiled loop reads texts in blocks of this many bytes.
_BLOCK = 64


def hash64(text: str) -> int:
    """Return the first 64 bits of the BLAKE2b hash of `text`, as an unsigned integer."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


@dataclass(frozen=True)
class Words:
    """The hashed words of a batch of texts, in order, and a sample of their shingles.

    Text t has code[first[t] : first[t + 1]], of which the last SENTINELS are sentinels. A code is 31 bits of
    the word's hash, and in the lowest bit whether the word is a number (starts with a digit 0 to 9). One entry
    per text: `key`, a hash that is equal for texts of the same words in the same order and for no others;
    `numbers`, 64 bits with one bit set per number in the text, chosen by the number's hash; `sample`.
    """

    code: Codes
    first: Ints
    key: Hashes
    numbers: Hashes
    sample: Sample

    @property
    def count(self) -> Ints:
        """Number of words per text, without sentinels."""
        return np.diff(self.first) - SENTINELS


def in_parts(frame: pl.DataFrame, text: str) -> Iterator[pl.DataFrame]:
    """Cut `frame` into consecutive slices of about PART bytes of the column `text`, to be hashed one at a time."""
    part = frame[text].str.len_bytes().cast(pl.Int64).cum_sum() // PART
    begin = np.flatnonzero(np.diff(part.to_numpy(), prepend=-1))
    for start, end in pairwise([*begin.tolist(), len(frame)]):
        yield frame[start:end]


def hash_words(texts: pl.Series) -> Words:
    """Hash the words of `texts` (strings, not null).

    A word is a run of letters and digits, lower-cased, with compatibility forms folded (NFKC), or one character
    of an unspaced script. An apostrophe separates words.
    """
    data, offsets = to_bytes(texts)
    is_odd = np.zeros(len(texts), np.bool_)
    find_odd(data, offsets, is_odd)
    is_odd |= offsets[1:] > len(data) - _BLOCK  # fewer than a block of bytes follows these
    spaced, spaced_offsets = to_bytes(_spaced(texts.filter(pl.Series(is_odd))))
    length = np.diff(offsets)
    length[is_odd] = np.diff(spaced_offsets)
    # At most every second byte begins a word.
    most = length // 2 + 1 + SENTINELS
    code, anchors = (np.empty(most.sum(), np.uint32) for _ in range(2))
    n = len(texts)
    room, first = np.empty((2, most.max(initial=0)), np.uint64), np.empty(n + 1, np.int64)
    key, numbers = (np.empty(n, np.uint64) for _ in range(2))
    kept, n_sampled = (np.empty(n, np.int64) for _ in range(2))
    used = read_texts(
        data,
        offsets,
        np.append(spaced, np.zeros(_BLOCK, np.uint8)),
        spaced_offsets,
        is_odd,
        _LONGEST,
        SCALE,
        MIN_ANCHORS,
        room,
        first,
        code,
        key,
        numbers,
        anchors,
        kept,
        n_sampled,
    )
    # Slices of arrays with room for every possible word: pages that were never touched take no memory.
    return Words(code[: first[-1]], first, key, numbers, Sample(anchors[:used], kept, n_sampled))


def _spaced(texts: pl.Series) -> pl.Series:
    """Return texts lower-cased and NFKC-folded, in which everything but ASCII and letters is a space."""
    lower = _changed(
        texts.str.to_lowercase(), _UNSTABLE, lambda some: some.str.normalize("NFKC").str.to_lowercase()
    )
    words = lower.str.replace_all(_NO_WORD, " ")
    return _changed(words, _UNSPACED, lambda some: some.str.replace_all(_UNSPACED, " $1 "))


def _changed(texts: pl.Series, pattern: str, change: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Return `texts`, with `change` applied to those that contain `pattern`."""
    places = texts.str.contains(pattern).arg_true()
    return texts.scatter(places, change(texts.gather(places))) if len(places) else texts
