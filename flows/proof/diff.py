"""What two texts have in common and what only one of them has, word by word, laid out in rows of paragraphs.

The longest common sequence of words (rapidfuzz: bit-parallel, its time and memory grow with the product of the
lengths). Where that product is over CELLS, sentences are matched first, and words only within what lies between.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from rapidfuzz.distance import Indel

#: Words of one text times words of the other that are compared in one call: 30 milliseconds.
CELLS = 64_000_000
#: Words up to which what both have, between two differences at least as long, is part of one longer difference.
_STRAY = 3
#: Words from which what only one has in mid-paragraph gets a row of its own.
_LONG = 40
#: A word with the white space behind it; scripts that put no space between words go by the character.
_WORD = re.compile(
    r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]\s*|[^\s\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]+\s*|\s+"
)
_SENTENCE_END = re.compile(r"[.!?。！？؟।]['\"”’»)\]]*\s+$|\n")


class Run(NamedTuple):
    """Words of both texts. Where they are the `same` they differ in white space at most; else either may be empty."""

    same: bool
    left: str
    right: str


type Line = tuple[Run, ...]
type _Block = tuple[bool, int, int, int, int]


def compare(left: str, right: str, cells: int = CELLS) -> list[Line]:
    """Lay two texts side by side, a row a paragraph that they share or that only one has.

    All runs of a side, joined, are that side's text. A difference too large for `cells` is one run a paragraph.
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
    """Match only what both begin and end with."""
    shorter = min(len(one), len(other))
    head = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    tail = next((at for at in range(shorter - head) if one[-1 - at] != other[-1 - at]), shorter - head)
    yield True, 0, head, 0, head
    yield False, head, len(one) - tail, head, len(other) - tail
    yield True, len(one) - tail, len(one), len(other) - tail, len(other)


def _join(blocks: Iterable[_Block], stops: tuple[list[bool], list[bool]]) -> list[_Block]:
    """Join neighbours of one sort, and differences that but a few stray words within a line of both part."""
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
    row: list[Run] = []
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


def _is_apart(run: Run) -> bool:
    """Say whether this is long, and only one text has it."""
    return not (run.left and run.right) and count_words(run.left or run.right) >= _LONG


def _stops(words: Sequence[str]) -> list[bool]:
    """Say behind which words a paragraph ends; the text's end is one."""
    return [*("\n" in word for word in words[:-1]), *([True] if words else [])]


def _shared(
    one: Sequence[str], other: Sequence[str], stops: list[bool], others: list[bool]
) -> tuple[list[Run], Run]:
    """Cut what both have where both end a paragraph; the last run may be empty."""
    cuts = [at for at, both in enumerate(zip(stops, others, strict=True), 1) if all(both)]
    places = zip([0, *cuts], [*cuts, len(one)], strict=True)
    *whole, last = [Run(True, "".join(one[a:b]), "".join(other[a:b])) for a, b in places]
    return whole, last


def _changed(
    one: Sequence[str], other: Sequence[str], stops: list[bool], others: list[bool], *, is_inside: bool
) -> tuple[list[Run], Run]:
    """Pair the whole paragraphs of both sides, and what is left at their ends.

    Where the change `is_inside` a paragraph, its first part ends that paragraph on both sides.
    """
    (*left, rest), (*right, tail) = _paragraphs(one, stops), _paragraphs(other, others)
    runs = []
    if is_inside and bool(left) != bool(right):
        if left:
            runs, left, tail = [Run(False, left[0], tail)], left[1:], ""
        else:
            runs, right, rest = [Run(False, rest, right[0])], right[1:], ""
    pairs = zip_longest(left, right, fillvalue="")
    return [*runs, *(Run(False, *pair) for pair in pairs)], Run(False, rest, tail)


def _paragraphs(words: Sequence[str], stops: list[bool]) -> list[str]:
    """Cut words into paragraphs; the last one has no end, and may be empty."""
    cuts = [at for at, stop in enumerate(stops, 1) if stop]
    return ["".join(words[a:b]) for a, b in zip([0, *cuts], [*cuts, len(words)], strict=True)]
