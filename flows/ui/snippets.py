"""The place of a text that a search found, with its words marked."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple
from unicodedata import combining, normalize

from copydesk.transforms.text.printable import escape_invisible

#: Characters that a snippet shows, of them before its first word; places of one word that are looked at.
_WIDTH, _BEFORE, _PLACES = 260, 50, 200
_SPACE = re.compile(r"\s+")


class TextSpan(NamedTuple):
    """A run of text, and whether it is marked."""

    text: str
    is_marked: bool = False


class _Place(NamedTuple):
    start: int
    end: int
    word: int


def mark(text: str, words: Sequence[str]) -> list[TextSpan]:
    """Return `text` cut at the places of `words`, which are marked. Capitals and accents do not count."""
    return _cut(text, 0, len(text), _places(text, words))


def snippet(text: str, words: Sequence[str]) -> list[TextSpan]:
    """Return the part of `text` that holds most of `words`, about 260 characters, or its beginning where it holds none.

    White space becomes one space each; an ellipsis says where the text goes on.
    """
    places = _places(text, words)
    start = 0
    if places:
        reach = _WIDTH - _BEFORE
        best = max(
            places[:_PLACES],
            key=lambda first: (
                len({p.word for p in places if first.start <= p.start and p.end <= first.start + reach}),
                -first.start,
            ),
        )
        start = max(best.start - _BEFORE, 0)
    end = min(start + _WIDTH, len(text))
    start = 0 if start == 0 else _next_word(text, start, start + _BEFORE)
    if end < len(text):
        end = text.rfind(" ", start + _WIDTH // 2, end) if " " in text[start + _WIDTH // 2 : end] else end
    runs = _cut(text, start, end, places)
    before, after = [TextSpan("… ")] if start else [], [TextSpan(" …")] if end < len(text) else []
    return [*before, *(run._replace(text=_SPACE.sub(" ", run.text)) for run in runs), *after]


def _next_word(text: str, start: int, end: int) -> int:
    """Return the first place after a space from `start` on, or `start`."""
    found = _SPACE.search(text, start, end)
    return found.end() if found and found.end() < end else start


def _cut(text: str, start: int, end: int, places: Sequence[_Place]) -> list[TextSpan]:
    runs, done = [], start
    for first, last in _merge(places):
        if last <= done or first >= end:
            continue
        if first > done:
            runs.append(TextSpan(escape_invisible(text[done:first])))
        runs.append(TextSpan(escape_invisible(text[max(first, done) : min(last, end)]), is_marked=True))
        done = min(last, end)
    return [*runs, TextSpan(escape_invisible(text[done:end]))] if done < end else runs


def _merge(places: Sequence[_Place]) -> list[tuple[int, int]]:
    """Return start and end of `places`, those that overlap as one."""
    merged: list[tuple[int, int]] = []
    for start, end, _ in places:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _places(text: str, words: Sequence[str]) -> list[_Place]:
    """Return where `words` are in `text`, in order. Folding may change a character's length: places are of `text`."""
    folds = {char: _fold(char) for char in set(text)}
    folded = text.translate({ord(char): fold for char, fold in folds.items()})
    ends = list(accumulate(len(folds[char]) for char in text))
    places = []
    for number, word in enumerate(map(_fold, words)):
        at = folded.find(word) if word else -1
        for _ in range(_PLACES):
            if at < 0:
                break
            start = bisect_right(ends, at)
            places.append(_Place(start, max(bisect_right(ends, at + len(word)), start + 1), number))
            at = folded.find(word, at + len(word))
    return sorted(places)


def _fold(text: str) -> str:
    return "".join(char for char in normalize("NFD", text) if not combining(char)).lower()
