"""Marks of a chart in pixels, and the texts that all kinds of charts share: heading, labels, titles, description.

Colours are names of variables in flows/web/templates/page.css, so that a chart follows the light and the dark
scheme. Text is plain here: the template escapes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import polars as pl

from copydesk.flows.web.charts.scales import FONT, number, shorten, text_width

#: Pixels: the width of one of one column of the two-column page, and of both; the height of a line of text.
NARROW, WIDE, LINE = 500, 1060, 20
_SWATCH = 10
_TOLD = 30  # values that a description lists
_LONGEST = 300  # characters of a title


class Box(NamedTuple):
    """A filled rectangle with its value as `title`; `shade` is its opacity, 0 to 1."""

    x: float
    y: float
    width: float
    height: float
    colour: str
    title: str = ""
    shade: float = 1.0
    kind: Literal["box"] = "box"


class Dot(NamedTuple):
    """A circle around x, y with its value as `title`."""

    x: float
    y: float
    colour: str
    title: str = ""
    radius: float = 5.0
    kind: Literal["dot"] = "dot"


class Line(NamedTuple):
    """A thin line: of a grid, or `strong`, of an axis."""

    x1: float
    y1: float
    x2: float
    y2: float
    strong: bool = False
    kind: Literal["line"] = "line"


class Text(NamedTuple):
    """Text that begins at x, has its middle or its end there (`anchor`), turned by degrees; `full` where it is cut."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    soft: bool = False
    full: str = ""
    turn: int = 0
    kind: Literal["text"] = "text"


type Mark = Box | Dot | Line | Text


@dataclass(frozen=True)
class Chart:
    """Marks on `width` by `height` pixels, drawn in their order; `about` describes them in words."""

    width: float
    height: float
    about: str
    marks: tuple[Mark, ...]
    font: int = FONT


def heading(unit: str, colours: Mapping[str, str], width: float) -> tuple[list[Mark], float]:
    """Return a line that names the unit and, where there are several series, their colours; and its height."""
    marks: list[Mark] = [Text(0, FONT, unit, soft=True)] if unit else []
    x, y = (text_width(unit) + 16 if unit else 0.0), float(FONT)
    for name, colour in colours.items():
        if not name:
            continue
        short = shorten(name, 150)
        wide = _SWATCH + 5 + text_width(short)
        if x > 0 and x + wide > width:
            x, y = 0.0, y + LINE
        marks += [
            Box(x, y - _SWATCH + 1, _SWATCH, _SWATCH, colour),
            Text(x + _SWATCH + 5, y, short, full=_clip(name) if short != name else ""),
        ]
        x += wide + 14
    return marks, y + 10 if marks else 0.0


def label_beside(x: float, y: float, label: str, room: float) -> Text:
    """Return a label that ends at x, around the height y, cut to `room` pixels."""
    short = shorten(label, room)
    return Text(x, y + FONT * 0.35, short, "end", full=_clip(label) if short != label else "")


def tell(label: str, value: float | str | None, part: str = "") -> str:
    """Say a value as the title of its mark."""
    said = value if isinstance(value, str) else number(value)
    return f"{_clip(label)}{', ' if part else ''}{_clip(part)}: {said}"


def describe(unit: str, values: pl.DataFrame) -> str:
    """Describe a chart in words: its unit, then each label with what is `said` of it."""
    told = [tell(label, said) for label, said in values.select("label", "said").head(_TOLD).iter_rows()]
    more = f"; and {len(values) - _TOLD:,} more" if len(values) > _TOLD else ""
    return f"{unit}: {'; '.join(told)}{more}." if told else "No values."


def _clip(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
