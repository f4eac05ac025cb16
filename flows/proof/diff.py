"""Compare two texts word by word, laid out in rows of paragraphs.

The comparison is the longest common subsequence of words (rapidfuzz: bit-parallel; time and memory grow with the
product of the lengths). If that product exceeds CELLS, sentences are matched first, and words only between them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from rapidfuzz.distance import Indel

from copydesk.transforms.text.patterns import UNSPACED_RANGES

#: Words of one text times words of the other that are compared in one call: 30 milliseconds.
CELLS = 64_000_000
#: A match of at most this many words between two differences that are at least as long is part of the difference.
_STRAY = 3
#: Words from which text on one side only, inside a paragraph, gets a separate row.
_LONG = 40
#: A word with the white space after it; in scripts without spaces, a character.
_WORD = re.compile(rf"[{UNSPACED_RANGES}]\s*|[^\s{UNSPACED_RANGES}]+\s*|\s+")
_SENTENCE_END = re.compile(r"[.!?。！？؟।]['\"”’»)\]]*\s+$|\n")


class Span(NamedTuple):
    """Words of both texts: the `same` up to white space, or different; then either side may be empty."""

    same: bool
    left: str
    right: str


type Line = tuple[Span, ...]
type _Block = tuple[bool, int, int, int, int]


def compare(left: str, right: str, cells: int = CELLS) -> list[Line]:
    """Align two texts: one row per paragraph, shared or on one side only.

    The spans of a side, joined, are its text. A difference too large for `cells` is one span per paragraph.
    """
    one, other = _WORD.findall(left), _WORD.findall(right)
    stops = _stops(one), _stops(other)
    blocks = _join(_match(one, other, cells), stops)
    return list(_lay_out(one, other, blocks, stops))


def count_words(text: str) -> int:
    """Return the number of words as :func:`compare` sees them."""
    return sum(1 for word in _WORD.findall(text) if not word.isspace())


def _match(one: Sequence[str], other: Sequence[str], cells: int) -> Iterator[_Block]:
    keys = [word.strip() for word in one], [word.strip() for word in other]
    if len(one) * len(other) <= cells:
        yield from _opcodes(*keys)
        return
    ends = _sentences(one), _sentences(other)
    said = [
        [" ".join(words[begin:end]) for begin, end in zip([0, *places], places, strict=False)]
        for words, places in zip(keys, ends, strict=True)
    ]
    left = cells
    coarse = _opcodes(*said) if len(said[0]) * len(said[1]) <= cells else _ends_alike(*said)
    for same, *places in coarse:
        a0, a1 = (([0, *ends[0]])[at] for at in places[:2])
        b0, b1 = (([0, *ends[1]])[at] for at in places[2:])
        cost = (a1 - a0) * (b1 - b0)
        if same or not cost or cost > left:
            yield same, a0, a1, b0, b1
            continue
        left -= cost
        for inner, *span in _opcodes(keys[0][a0:a1], keys[1][b0:b1]):
            yield inner, span[0] + a0, span[1] + a0, span[2] + b0, span[3] + b0


def _sentences(words: Sequence[str]) -> list[int]:
    ends = [at for at, word in enumerate(words, 1) if _SENTENCE_END.search(word)]
    return ends if (ends and ends[-1] == len(words)) or not words else [*ends, len(words)]


def _opcodes(one: Sequence[str], other: Sequence[str]) -> Iterator[_Block]:
    for step in Indel.opcodes(one, other):
        yield step.tag == "equal", step.src_start, step.src_end, step.dest_start, step.dest_end


def _ends_alike(one: Sequence[str], other: Sequence[str]) -> Iterator[_Block]:
    """Match only a common beginning and end."""
    shorter = min(len(one), len(other))
    head = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    tail = next((at for at in range(shorter - head) if one[-1 - at] != other[-1 - at]), shorter - head)
    yield True, 0, head, 0, head
    yield False, head, len(one) - tail, head, len(other) - tail
    yield True, len(one) - tail, len(one), len(other) - tail, len(other)


def _join(blocks: Iterable[_Block], stops: tuple[list[bool], list[bool]]) -> list[_Block]:
    """Join neighbours of one kind, and differences separated only by a few stray words within a line."""
    joined: list[_Block] = []
    for block in blocks:
        if block[1] == block[2] and block[3] == block[4]:
            continue
        new = block
        if joined and joined[-1][0] == new[0]:
            new = _span(joined.pop(), new, same=new[0])
        if not new[0] and len(joined) > 1 and _is_stray(joined[-2], joined[-1], new, stops):
            before, between = joined.pop(-2), joined.pop()
            new = _span(_span(before, between, same=False), new, same=False)
        joined.append(new)
    return joined


def _is_stray(before: _Block, between: _Block, after: _Block, stops: tuple[list[bool], list[bool]]) -> bool:
    n = between[2] - between[1]
    if stops[0][between[2] - 1] and stops[1][between[4] - 1]:
        return False  # the end of a paragraph of both
    return n <= _STRAY and all(n <= max(side[2] - side[1], side[4] - side[3]) for side in (before, after))


def _span(first: _Block, last: _Block, *, same: bool) -> _Block:
    return same, first[1], last[2], first[3], last[4]


def _lay_out(
    one: Sequence[str], other: Sequence[str], blocks: Sequence[_Block], stops: tuple[list[bool], list[bool]]
) -> Iterator[Line]:
    row: list[Span] = []
    for same, a0, a1, b0, b1 in blocks:
        words = (one[a0:a1], other[b0:b1], stops[0][a0:a1], stops[1][b0:b1])
        whole, last = _shared(*words) if same else _changed(*words, is_inside=bool(row))
        for run in whole:
            if row and _is_apart(run):
                yield tuple(row)
                row = []
            yield (*row, run)
            row = []
        if not last.left and not last.right:
            continue
        if not _is_apart(last):
            row.append(last)
            continue
        if row:
            yield tuple(row)
        yield (last,)
        row = []
    if row:
        yield tuple(row)


def _is_apart(run: Span) -> bool:
    """Return whether a span is long and on one side only."""
    return not (run.left and run.right) and count_words(run.left or run.right) >= _LONG


def _stops(words: Sequence[str]) -> list[bool]:
    """Return after which words a paragraph ends; the end of the text is one."""
    return [*("\n" in word for word in words[:-1]), *([True] if words else [])]


def _shared(
    one: Sequence[str], other: Sequence[str], stops: list[bool], others: list[bool]
) -> tuple[list[Span], Span]:
    """Cut matching words where both texts end a paragraph; the last span may be empty."""
    cuts = [at for at, both in enumerate(zip(stops, others, strict=True), 1) if all(both)]
    places = zip([0, *cuts], [*cuts, len(one)], strict=True)
    *whole, last = [Span(True, "".join(one[a:b]), "".join(other[a:b])) for a, b in places]
    return whole, last


def _changed(
    one: Sequence[str], other: Sequence[str], stops: list[bool], others: list[bool], *, is_inside: bool
) -> tuple[list[Span], Span]:
    """Pair the complete paragraphs of both sides, and the remainders at their ends.

    If the change `is_inside` a paragraph, its first part ends that paragraph on both sides.
    """
    (*left, rest), (*right, tail) = _paragraphs(one, stops), _paragraphs(other, others)
    runs = []
    if is_inside and bool(left) != bool(right):
        if left:
            runs, left, tail = [Span(False, left[0], tail)], left[1:], ""
        else:
            runs, right, rest = [Span(False, rest, right[0])], right[1:], ""
    pairs = zip_longest(left, right, fillvalue="")
    return [*runs, *(Span(False, *pair) for pair in pairs)], Span(False, rest, tail)


def _paragraphs(words: Sequence[str], stops: list[bool]) -> list[str]:
    """Cut words into paragraphs; the last one is open and may be empty."""
    cuts = [at for at, stop in enumerate(stops, 1) if stop]
    return ["".join(words[a:b]) for a, b in zip([0, *cuts], [*cuts, len(words)], strict=True)]
