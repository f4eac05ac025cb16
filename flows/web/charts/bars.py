"""Horizontal bars, each with its value beside it."""

from collections.abc import Mapping

import polars as pl

from copydesk.flows.web.charts.marks import (
    NARROW,
    Box,
    Chart,
    Line,
    Text,
    describe,
    heading,
    label_beside,
    tell,
)
from copydesk.flows.web.charts.rows import add_up, pile, places, span, to_rows, to_series
from copydesk.flows.web.charts.scales import FONT, scale, text_width

#: Pixels: a row, the bar in it, and the longest label.
_ROW, _BAR, _ROOM = 22, 14, 190


def bars(frame: pl.DataFrame, *, label: str, value: str, unit: str, colour: str | None = None) -> Chart:
    """Draw one bar per row, coloured by the column `colour`."""
    rows, colours = to_series(to_rows(frame, label, value, colour))
    return _draw(rows.with_row_index("place"), colours, unit)


def stacked_bars(frame: pl.DataFrame, *, label: str, value: str, part: str, unit: str) -> Chart:
    """Draw one bar per label, made of a piece per part, with the sum beside it."""
    rows, colours = to_series(to_rows(frame, label, value, part))
    return _draw(rows.with_columns(places(rows["label"])), colours, unit)


def _draw(rows: pl.DataFrame, colours: Mapping[str, str], unit: str) -> Chart:
    pieces = pile(rows)
    totals = add_up(pieces)
    left = min(max(map(text_width, totals["label"]), default=0.0), _ROOM) + 8
    right = NARROW - max(map(text_width, totals["said"]), default=0.0) - 6
    x = scale(*span(pieces), left, right)
    marks, top = heading(unit, colours, NARROW)
    bottom = top + _ROW * len(totals)
    for piece in pieces.drop_nulls("value").iter_rows(named=True):
        y = top + _ROW * piece["place"] + (_ROW - _BAR) / 2
        start, end = sorted((x(piece["start"]), x(piece["end"])))
        title = tell(piece["label"], piece["value"], piece["part"])
        marks.append(Box(start, y, end - start, _BAR, colours[piece["part"]], title))
    for place, label, _, said, end in totals.iter_rows():
        middle = top + _ROW * (place + 0.5)
        marks.append(label_beside(left - 8, middle, label, _ROOM))
        marks.append(Text(x(end) + 6, middle + FONT * 0.35, said, soft=True))
    marks.append(Line(x(0.0), top, x(0.0), bottom, strong=True))
    return Chart(NARROW, bottom, describe(unit, totals), tuple(marks))
