"""Dots on lanes over time, in UTC."""

import polars as pl

from copydesk.flows.web.charts.marks import (
    WIDE,
    Chart,
    Dot,
    Line,
    Text,
    describe,
    heading,
    label_beside,
    tell,
)
from copydesk.flows.web.charts.rows import places, shown, to_series
from copydesk.flows.web.charts.scales import FONT, scale, spread, text_width
from copydesk.flows.web.charts.time_axis import time_ticks, utc

#: Pixels: the height of a lane, the longest label beside one, the room below the axis, between ticks, beside dots.
_LANE, _BESIDE, _BELOW, _APART, _MARGIN = 26, 300, 22, 100, 12


def timeline(frame: pl.DataFrame, *, when: str, lane: str, colour: str, unit: str) -> Chart:
    """Draw one dot per row on the lane of its label, coloured by a column; rows without a time are left out."""
    known = frame.select(shown(lane).alias("label"), shown(colour).alias("part"), utc(when).alias("at"))
    dots, colours = to_series(known.drop_nulls("at").with_columns(value=1.0))
    dots = dots.with_columns(places(dots["label"]), ms=pl.col("at").dt.epoch("ms"))
    lanes = dots["label"].unique(maintain_order=True).to_list()
    left = min(max(map(text_width, lanes), default=0.0), _BESIDE) + 8
    marks, top = heading(unit, colours, WIDE)
    bottom = top + _LANE * len(lanes)
    first, last = min(dots["ms"], default=0), max(dots["ms"], default=0)
    is_one = first == last  # then it is in the middle
    x = scale(first - is_one, last + is_one, left + _MARGIN, WIDE - _MARGIN)
    ticks = [(x(at), text) for at, text in time_ticks(dots["at"], int((WIDE - left) / _APART))]
    marks += [Line(at, top, at, bottom) for at, _ in ticks]
    for i, name in enumerate(lanes):
        y = top + _LANE * (i + 0.5)
        marks += [Line(left, y, WIDE, y), label_beside(left - 8, y, name, _BESIDE)]
    for each in dots.iter_rows(named=True):
        title = tell(each["label"], f"{each['at']:%Y-%m-%d %H:%M} UTC", each["part"])
        marks.append(Dot(x(each["ms"]), top + _LANE * (each["place"] + 0.5), colours[each["part"]], title))
    marks.append(Line(left, bottom, WIDE, bottom, strong=True))
    marks += [Text(at, bottom + FONT + 4, text, "middle") for at, text in spread(ticks, WIDE)]
    per_lane = dots.group_by("label", maintain_order=True).agg(pl.len().cast(pl.String).alias("said"))
    return Chart(WIDE, bottom + _BELOW, describe(unit, per_lane), tuple(marks))
