"""What a chart's axes need: linear scales, round ticks, numbers as text, and labels cut to a width in pixels."""

import math
import unicodedata
from collections.abc import Callable, Sequence

from copydesk.transforms.text.printable import escape_invisible

#: Pixels: the font size of all text in a chart, and the room that two labels on one axis keep between them.
FONT, _GAP = 12, 10
_NARROW, _BROAD = frozenset(" .,:;'|!()[]/-fijlrtI‹›·"), frozenset("mwMW@%—…")
_LONGEST = 400  # characters of a label: some have no width
#: Numbers from here on are written with an exponent.
_EXPONENT = 1e15
_PREFIXES = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


def scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    """Return the linear function that takes `low` to `start` and `high` to `end`; all to `start` if they are equal."""
    span = high - low
    return lambda value: start + (end - start) * ((value - low) / span) if span else start


def ticks(low: float, high: float, *, n: int = 4, whole: bool = False) -> list[float]:
    """Return about `n` round numbers from at most `low` (0 or less) to at least `high` (0 or more).

    They are 1, 2 or 5 times a power of ten apart, with `whole` at least 1. Without a span: 0 and 1.
    """
    rough = (high - low) / n
    if not rough > 0:
        return [0.0, 1.0]
    power = 10.0 ** math.floor(math.log10(rough))
    step = next((m * power for m in (1, 2, 5) if m * power >= rough * (1 - 1e-9)), 10 * power)
    step = max(step, 1.0) if whole else step
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [place * step for place in range(first, last + 1)]


def number(value: float | None) -> str:
    """Return a number in full, with at most two decimals: 1,234.5. A value that is no number is a dash."""
    if value is None or not math.isfinite(value):
        return "–"
    if abs(value) >= _EXPONENT or 0 < abs(value) < 0.005:
        return f"{value:.3g}"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}".rstrip("0").rstrip(".")


def short_number(value: float) -> str:
    """Return a finite number as the label of a tick: 0.5, 1.5k, 20M."""
    if abs(value) >= _EXPONENT:
        return f"{value:.3g}"
    size, prefix = next((each for each in _PREFIXES if abs(value) >= each[0]), (1.0, ""))
    return f"{value / size:.4g}{prefix}"


def text_width(text: str) -> float:
    """Return about how many pixels a text takes in a sans-serif font of size FONT, rather more than less.

    Counts the first 400 characters: more than any label shows.
    """
    return FONT * sum(map(_em, text[:_LONGEST]))


def shorten(text: str, room: float) -> str:
    """Spell out hidden characters and cut a text to `room` pixels.

    A cut text keeps its last six characters: labels that start alike and end differently stay apart.
    """
    text = escape_invisible(text)
    if len(text) <= _LONGEST and text_width(text) <= room:
        return text
    tail = text[-6:] if text_width(text[-6:]) <= room / 2 else ""
    left = room - text_width("…" + tail)
    head = 0
    while head < min(len(text), _LONGEST) and (left := left - FONT * _em(text[head])) >= 0:
        head += 1
    return f"{text[:head].rstrip()}…{tail}"


def spread(labels: Sequence[tuple[float, str]], end: float) -> list[tuple[float, str]]:
    """Choose every k-th of the labels (the middle in pixels, the text) so that no two overlap between 0 and `end`.

    Labels at the ends move inwards. k is the smallest number that fits.
    """
    for k in range(1, len(labels) + 1):
        placed: list[tuple[float, str]] = []
        taken = -_GAP * 1.0
        for middle, text in labels[::k]:
            half = text_width(text) / 2
            at = min(max(middle, half), max(end - half, half))
            if at - half < taken + _GAP:
                break
            placed.append((at, text))
            taken = at + half
        else:
            return placed
    return []


def _em(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.05
    if character in _NARROW:
        return 0.36
    return 0.95 if character in _BROAD else 0.74 if character.isupper() else 0.58
