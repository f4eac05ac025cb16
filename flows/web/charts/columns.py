"""Upright bars: of categories, of bins of numbers, of steps of time."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Literal

import polars as pl

from copydesk.flows.web.charts.marks import NARROW, Box, Chart, Line, Mark, Text, describe, heading, tell
from copydesk.flows.web.charts.rows import add_up, pile, places, span, to_rows, to_series
from copydesk.flows.web.charts.scales import (
    FONT,
    number,
    scale,
    short_number,
    shorten,
    spread,
    text_width,
    ticks,
)
from copydesk.flows.web.charts.time_axis import by_step, time_ticks

#: Pixels: the height of the plot, the broadest bar with its gap, the room for a label, for all labels below the axis,
#: left of a plot without an axis, and between two labels of time.
_TALL, _BROADEST, _ROOM, _BELOW, _INDENT, _APART = 150, 64, 120, 22, 12, 80
_BINS = 110  # more empty bins than this are left out

#: Where a label is on the axis, in bars from the left, and what it says.
type Labels = Sequence[tuple[float, str]]


def columns(
    frame: pl.DataFrame,
    *,
    label: str,
    value: str,
    unit: str,
    part: str | None = None,
    colours: Mapping[str, str] | None = None,
) -> Chart:
    """Draw one bar per label in the order of the rows, made of a piece per part; `colours` are those of the parts."""
    rows, shades = to_series(to_rows(frame, label, value, part), colours)
    rows = rows.with_columns(places(rows["label"]))
    names = rows["label"].unique(maintain_order=True)
    return _draw(rows, shades, [(i + 0.5, shorten(name, _ROOM)) for i, name in enumerate(names)], unit)


def histogram(
    frame: pl.DataFrame, *, start: str, value: str, unit: str, step: float | Literal["double"]
) -> Chart:
    """Draw one bar per bin that begins at `start`, is `step` wide or ends at its double; bins without rows are empty.

    Rows whose start is null or not finite are left out.
    """
    found = to_rows(frame, start, value).select("value", start=frame[start].cast(pl.Float64))
    sums = found.filter(pl.col("start").is_finite()).group_by("start").agg(pl.col("value").sum())
    edges = _edges(sorted(sums["start"]), step)
    bins = pl.DataFrame({"start": edges[:-1]}, schema={"start": pl.Float64})
    names = [f"{number(low)} to {number(high)}" for low, high in pairwise(edges)]
    rows = bins.join(sums, on="start", how="left", maintain_order="left").select(
        pl.Series("label", names, dtype=pl.String), pl.lit("").alias("part"), pl.col("value").fill_null(0.0)
    )
    rows, colours = to_series(rows)
    return _draw(
        rows.with_row_index("place"), colours, [(i, number(edge)) for i, edge in enumerate(edges)], unit
    )


def over_time(frame: pl.DataFrame, *, when: str, value: str, unit: str, width: float = NARROW) -> Chart:
    """Draw the sum of `value` per day, week, month, year, decade or century (UTC) without a gap."""
    step, bins = by_step(frame, when, value)
    rows, colours = to_series(to_rows(bins, "label", "value"))
    starts = bins["start"].dt.epoch("ms")
    found = [
        (starts.search_sorted(at, "right") - 0.5, text)
        for at, text in time_ticks(bins["start"], int(width / _APART), shortest="1d")
    ]
    return _draw(rows.with_row_index("place"), colours, found, f"{unit} by {step}", width)


def _draw(
    rows: pl.DataFrame, colours: Mapping[str, str], labels: Labels, unit: str, width: float = NARROW
) -> Chart:
    pieces = pile(rows)
    totals = add_up(pieces)
    n = max(len(totals), 1)
    low, high = span(pieces)
    is_whole = all(value == int(value) for value in pieces["value"].drop_nulls())
    levels = ticks(low, high, whole=is_whole)
    widest = max(map(text_width, totals["said"]), default=0.0)
    # With room for the value above each bar there is no need of an axis.
    is_direct = low == 0 and widest + 4 <= min((width - _INDENT) / n, _BROADEST)
    left = _INDENT if is_direct else max(text_width(short_number(level)) for level in levels) + 8
    band = min((width - left) / n, _BROADEST)
    right = left + band * n
    marks, top = heading(unit, colours, width)
    top += FONT if is_direct else FONT / 2
    bottom = top + _TALL
    y = scale(low, high or 1.0, bottom, top) if is_direct else scale(levels[0], levels[-1], bottom, top)
    if not is_direct:
        marks += _levels(levels, y, left, right)
    marks += _boxes(pieces, colours, y, left, band)
    if is_direct:
        marks += [
            Text(left + band * (place + 0.5), y(end) - 4, said, "middle", soft=True)
            for place, _, total, said, end in totals.iter_rows()
            if total != 0
        ]
    marks.append(Line(left, y(0.0), right, y(0.0), strong=True))
    placed = spread([(left + band * at, text) for at, text in labels], width)
    marks += [Text(x, bottom + FONT + 4, text, "middle") for x, text in placed]
    return Chart(
        width, bottom + _BELOW, describe(unit, totals.filter(pl.col("total").ne_missing(0.0))), tuple(marks)
    )


def _levels(levels: Sequence[float], y: Callable[[float], float], left: float, right: float) -> list[Mark]:
    """Return the lines of the grid, each with its number beside it."""
    lines: list[Mark] = [Line(left, y(level), right, y(level)) for level in levels if level]
    return lines + [
        Text(left - 8, y(level) + FONT * 0.35, short_number(level), "end", soft=True) for level in levels
    ]


def _boxes(
    pieces: pl.DataFrame, colours: Mapping[str, str], y: Callable[[float], float], left: float, band: float
) -> list[Mark]:
    gap = min(band * 0.2, 6)
    boxes: list[Mark] = []
    for piece in pieces.filter(pl.col("value") != 0).iter_rows(named=True):
        top, bottom = sorted((y(piece["start"]), y(piece["end"])))
        title = tell(piece["label"], piece["value"], piece["part"])
        x = left + band * piece["place"] + gap / 2
        boxes.append(Box(x, top, band - gap, bottom - top, colours[piece["part"]], title))
    return boxes


def _edges(starts: Sequence[float], step: float | Literal["double"]) -> list[float]:
    """Return where bins begin, without a gap if there are few enough, and where the last one ends."""

    def after(edge: float) -> float:
        return max(2 * edge, 1.0) if step == "double" else edge + step

    if not starts:
        return []
    filled = [starts[0]]
    while after(filled[-1]) < starts[-1] and len(filled) < _BINS:
        filled.append(after(filled[-1]))
    bins = sorted({*filled, *starts}) if len(filled) < _BINS else list(starts)
    return [*bins, after(bins[-1])]
