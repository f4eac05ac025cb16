"""Two texts side by side: what both have, in blocks, and what stands in the gaps between the blocks.

The shingles that two texts share are laid out in order; shared shingles on one diagonal are one *block*, and what lies
between two blocks is a *gap*. A copy has few and long gaps (paragraphs cut or added); words swapped one for one
(spelling, synonyms) leave gaps of equal length. A report on the same template has gaps of equal length that hold other
numbers; a rewrite has many short gaps of unequal length. Those are the four things counted here.

A pair of texts of 530 words takes some 20 microseconds; all pairs of a call are worked on at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from transforms.arrays import Flags, Floats, Hashes, Ints, spread
from transforms.contract import CODES
from transforms.hashing import SENTINELS, Words, to_bytes
from transforms.shingles import SHINGLE

type Codes = np.ndarray[Any, np.dtype[np.uint32]]

#: Words of a gap of equal length on both sides up to which it is a swap; of one of unequal length, a rewritten phrase;
#: of an insertion, half a phrase. Shingles of a block that stands elsewhere from which it counts half a phrase.
SLOT, PHRASE, ADDED, MOVED = 6, 15, 8, 3
#: Texts that share a smaller part of either's shingles are not aligned.
WORTH = 0.28
#: How often blocks in the wrong order are looked for.
_PASSES = 3
#: Words and pairs that are worked on at a time. Half as many words cost 1.15 times as much (the calls themselves);
#: twice as many cost 0.9 times as much or 2.1, because arrays of 1 MB may be fresh memory of the system at every step.
_WORDS, _PAIRS = 1 << 16, 1 << 12
_NUMBER = np.uint32(1)
_LAST = np.uint64(2**64 - 1)
_LEAST = 1 << 16
_COUNT_BITS = np.uint64(24)
_COUNT = np.uint64((1 << 24) - 1)
_MULTIPLES = [np.uint64(odd) for odd in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0xD6E8FEB86659FD93)]


@dataclass(frozen=True)
class Corpus:
    """Texts as word codes, four bytes each: text number t has text_key key[t] and code[first[t] : first[t + 1]],
    sentinels with them. The lowest bit of a code says whether the word is a number.
    """

    key: Hashes
    code: Codes
    first: Ints

    def numbers(self, text_keys: pl.Series) -> Ints:
        """Return the number of the text of each key; every key must be there."""
        found: Ints = self._order[np.searchsorted(self.key, text_keys.to_numpy(), sorter=self._order)]
        return found

    @cached_property
    def _order(self) -> Ints:
        return np.argsort(self.key)


def to_codes(words: Words) -> pl.DataFrame:
    """Return the CODES of texts: of the hash of each word 31 bits, and one that says whether it is a number."""
    code = (words.hash >> np.uint64(32)).astype("<u4") & ~_NUMBER | words.is_number
    buffers = [None, pa.py_buffer(4 * words.first), pa.py_buffer(code)]
    codes = pa.Array.from_buffers(pa.large_binary(), len(words.first) - 1, buffers)
    return pl.DataFrame({"text_key": words.keys(), "codes": codes}, schema=CODES)


def to_corpus(parts: Iterable[pl.DataFrame]) -> Corpus:
    """Return the texts of `parts` (CODES), numbered through.

    The array grows in place, by half its size at a time: joining parts at the end would hold all words twice.
    """
    code, used = np.empty(_LEAST, "<u4"), 0
    keys, counts = [np.zeros(0, np.uint64)], [np.zeros(1, np.int64)]
    for part in parts:
        data, begin = to_bytes(part["codes"])
        end = used + len(data) // 4
        if end > len(code):
            code.resize(max(end, len(code) * 3 // 2), refcheck=False)
        code[used:end] = data.view("<u4")
        keys.append(part["text_key"].to_numpy())
        counts.append(np.diff(begin) // 4)
        used = end
    return Corpus(np.concatenate(keys), code[:used], np.cumsum(np.concatenate(counts)))


def align(corpus: Corpus, one: Ints, other: Ints) -> dict[str, Floats]:
    """Measure pairs of texts, given by their numbers; one number a pair by name.

    similarity: the Jaccard coefficient of the two's shingles; in_one, in_other: the share of a text's shingles that
    the other has; words: distinct shingles of the text that has fewer. And of the texts that share WORTH, else 0:
    covered_one, covered_other: the share of a text's words that stand in blocks; swapped: that of the shorter
    text's words that stand in swaps; phrases: rewritten phrases in a hundred words; conflicts: swaps of one number for
    another; numbers: the share of the numbers of the text that has fewer, four added, that stand in gaps of both; gap:
    the words of the longest rewritten stretch, as a share of the shorter text.
    """
    ends = np.cumsum(np.diff(corpus.first)[one] + np.diff(corpus.first)[other])
    parts = [_align(corpus, one[:0], other[:0])]
    begin = 0
    while begin < len(one):
        done = ends[begin - 1] if begin else 0
        end = max(begin + 1, min(begin + _PAIRS, int(np.searchsorted(ends, done + _WORDS))))
        parts.append(_align(corpus, one[begin:end], other[begin:end]))
        begin = end
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


@dataclass(frozen=True)
class _Side:
    """The texts of one side of the pairs: how many words each has, where it begins, and two running sums over all
    words: of codes, and of numbers (how many in the lowest _COUNT_BITS, and the sum of their codes above).
    """

    size: Ints
    start: Ints
    sums: Hashes
    numbers: Hashes

    def between(self, sums: Hashes, pair: Ints, begin: Ints, end: Ints) -> Hashes:
        """Return the sum over the words [begin, end) of the texts of some pairs."""
        start = self.start[pair]
        total: Hashes = sums[start + end] - sums[start + begin]
        return total


def _align(corpus: Corpus, one: Ints, other: Ints) -> dict[str, Floats]:
    n = len(one)
    code, first = _gather(corpus, np.concatenate([one, other]))
    a, b = _side(code, first[: n + 1]), _side(code, first[n:])
    distinct, (pair, at_a, at_b) = _matches(code, first, n)
    both = np.bincount(pair, minlength=n)
    in_one, in_other = both / np.maximum(distinct[0], 1), both / np.maximum(distinct[1], 1)
    worth = (np.maximum(in_one, in_other) >= WORTH)[pair]
    found = {
        "similarity": both / np.maximum(distinct[0] + distinct[1] - both, 1),
        "in_one": in_one,
        "in_other": in_other,
        "words": np.minimum(*distinct).astype(np.float64),
    }
    blocks, moved = _blocks(pair[worth], at_a[worth], at_b[worth], n)
    return found | _gaps(a, b, blocks, found, moved)


def _gather(corpus: Corpus, texts: Ints) -> tuple[Hashes, Ints]:
    """Return the codes of `texts`, one after the other, and where each begins (and the last one ends)."""
    count = np.diff(corpus.first)[texts]
    first = np.concatenate([[0], np.cumsum(count)])
    return corpus.code[spread(corpus.first[texts], count)].astype(np.uint64), first


def _side(code: Hashes, first: Ints) -> _Side:
    words = code[first[0] : first[-1]]
    numbers = ((words << _COUNT_BITS) | np.uint64(1)) * (words & np.uint64(_NUMBER))
    return _Side(np.diff(first) - SENTINELS, first[:-1] - first[0], _running(words), _running(numbers))


def _running(values: Hashes) -> Hashes:
    sums = np.empty(len(values) + 1, np.uint64)
    sums[0] = 0
    np.cumsum(values, out=sums[1:])
    return sums


def _count(numbers: Hashes) -> Ints:
    """Return how many numbers a sum of _Side.numbers stands for."""
    return (numbers & _COUNT).astype(np.int64)


def _matches(code: Hashes, first: Ints, n: int) -> tuple[tuple[Ints, Ints], tuple[Ints, Ints, Ints]]:
    """Return how many distinct shingles each side of each pair has, and, of every shingle that both have, the pair and
    where it stands first in one and in the other, in order.

    One sort of (pair, shingle, side, place) packed into 64 bits: places get the bits that the longest text needs,
    pairs those that the chunk needs, the shingle what is left (38 bits for texts below 16,384 words).
    """
    low = np.uint64(int(np.diff(first).max(initial=0)).bit_length())
    top = np.uint64(64 - n.bit_length())
    one = np.uint64(1)
    pair = np.tile(np.arange(n, dtype=np.uint64), 2) << top
    side = np.repeat(np.arange(2, dtype=np.uint64), n) << low
    # What is the same for all words of a text, less its first place: the place is added by counting through.
    of_text = (pair | side) - first[:-1].astype(np.uint64)
    key = np.repeat(of_text, np.diff(first))
    key += np.arange(len(code), dtype=np.uint64)
    # Codes are hashes already: the upper bits of a sum of their multiples are as good as those of a finished hash.
    shingle = code * _MULTIPLES[0]
    shingle[:-1] += code[1:] * _MULTIPLES[1]
    shingle[:-2] += code[2:] * _MULTIPLES[2]
    shingle >>= one + low + np.uint64(64) - top
    shingle <<= low + one
    key += shingle
    for back in range(1, SENTINELS + 1):
        key[first[1:] - back] = _LAST
    key.sort()
    key = key[: len(key) - SENTINELS * 2 * n]
    of_side = key >> low
    key = key[np.append(True, of_side[1:] != of_side[:-1])[: len(key)]]
    begin = np.searchsorted(key, np.append(pair[:n], _LAST))
    of_other = np.append(0, np.cumsum((key >> low) & one, dtype=np.int64))
    total, other = np.diff(begin), np.diff(of_other[begin])
    distinct = (total - other, other)
    of_shingle = key >> (low + one)
    same = np.flatnonzero(of_shingle[1:] == of_shingle[:-1])
    where = (one << low) - one
    met = ((key[same] >> top) << (low + low)) | ((key[same] & where) << low) | (key[same + 1] & where)
    met.sort()
    found = (met >> (low + low), (met >> low) & where, met & where)
    pair_of, at_a, at_b = (array.astype(np.int64) for array in found)
    return distinct, (pair_of, at_a, at_b)


type _Blocks = tuple[Ints, Ints, Ints, Ints]


def _blocks(pair: Ints, at_a: Ints, at_b: Ints, n: int) -> tuple[_Blocks, Floats]:
    """Join matches into blocks: pair, where it begins in one and in the other, its shingles. Of two blocks in the wrong
    order the shorter goes; also returns, by pair, how many that were long enough went.
    """
    new = (np.diff(pair) != 0) | (np.diff(at_a) != 1) | (np.diff(at_b) != 1)
    begin = np.flatnonzero(np.append(True, new)[: len(pair)])
    length = np.diff(np.append(begin, len(pair)))
    moved = np.zeros(n)
    for _ in range(_PASSES):
        wrong = (np.diff(pair[begin]) == 0) & (np.diff(at_b[begin]) < 0)
        if not wrong.any():
            break
        shorter = length[:-1] < length[1:]
        goes = np.append(wrong & shorter, False) | np.append(False, wrong & ~shorter)
        moved += np.bincount(pair[begin][goes & (length >= MOVED)], minlength=n)
        begin, length = begin[~goes], length[~goes]
    return (pair[begin], at_a[begin], at_b[begin], length), moved


def _gaps(a: _Side, b: _Side, blocks: _Blocks, found: dict[str, Floats], moved: Floats) -> dict[str, Floats]:
    pair, a0, b0, length = blocks
    n = len(moved)
    a1 = np.minimum(a0 + length + SHINGLE - 1, a.size[pair])
    b1 = np.minimum(b0 + length + SHINGLE - 1, b.size[pair])
    begins = np.append(True, np.diff(pair) != 0)[: len(pair)]
    last = np.append(begins[1:], True)[: len(pair)]
    zero = np.zeros(int(begins.sum()), np.int64)
    # A gap before the first block of a pair, and one behind every block.
    at = np.concatenate([pair[begins], pair])
    inner = np.concatenate([zero > 0, ~last])
    from_a, from_b = np.concatenate([zero, a1]), np.concatenate([zero, b1])
    to_a = np.concatenate([a0[begins], np.where(last, a.size[pair], np.append(a0[1:], 0)[: len(pair)])])
    to_b = np.concatenate([b0[begins], np.where(last, b.size[pair], np.append(b0[1:], 0)[: len(pair)])])
    over = np.maximum(0, np.maximum(from_a - to_a, from_b - to_b))
    is_back = over >= SHINGLE  # shingles of neighbouring blocks share words; more is a block that goes back
    over = np.where(is_back, 0, over)
    from_a, from_b = from_a - over, from_b - over
    in_a, in_b = np.maximum(to_a - from_a, 0), np.maximum(to_b - from_b, 0)
    span_a, span_b = (at, from_a, from_a + in_a), (at, from_b, from_b + in_b)
    is_same = (in_a == in_b) & (a.between(a.sums, *span_a) == b.between(b.sums, *span_b))
    sums_a, sums_b = a.between(a.numbers, *span_a), b.between(b.numbers, *span_b)
    numbers_a, numbers_b, other_facts = _count(sums_a), _count(sums_b), sums_a != sums_b
    is_equal = (in_a == in_b) & (in_a > 0) & (in_a <= SLOT) & ~is_same & ~is_back
    is_conflict = is_equal & (numbers_a > 0) & (numbers_b > 0) & other_facts
    is_rewritten = inner & (in_a > 0) & (in_b > 0) & ~is_same & ~is_equal
    longer = np.maximum(in_a, in_b)
    is_added = inner & ((in_a == 0) != (in_b == 0)) & (longer <= ADDED)

    def total(chosen: Flags, weight: Ints | None = None) -> Floats:
        return np.bincount(at[chosen], None if weight is None else weight[chosen], n).astype(np.float64)

    shorter = np.maximum(np.minimum(a.size, b.size), 1)
    longest = np.zeros(n)
    np.maximum.at(longest, at[is_rewritten], np.where((a.size <= b.size)[at], in_a, in_b)[is_rewritten])
    covered_a = (np.bincount(pair, a1 - a0, n) + total(is_same, in_a)) / np.maximum(a.size, 1)
    covered_b = (np.bincount(pair, b1 - b0, n) + total(is_same, in_b)) / np.maximum(b.size, 1)
    everywhere = np.arange(n), np.zeros(n, np.int64)
    of_a = _count(a.between(a.numbers, *everywhere, a.size))
    of_b = _count(b.between(b.numbers, *everywhere, b.size))
    gone = np.minimum(total(inner & ~is_same, numbers_a), total(inner & ~is_same, numbers_b))
    phrases = total(is_rewritten & (longer <= PHRASE)) + total(is_added) / 2 + moved / 2
    return {
        "covered_one": np.clip(np.maximum(covered_a, found["in_one"]), 0, 1),
        "covered_other": np.clip(np.maximum(covered_b, found["in_other"]), 0, 1),
        "swapped": total(is_equal & inner & ~is_conflict, in_a) / shorter,
        "phrases": phrases / (found["words"] + 100) * 100,
        "conflicts": total(is_conflict),
        "numbers": gone / (np.minimum(of_a, of_b) + 4),
        "gap": longest / shorter,
    }
