"""Cells of a grid: two columns of labels against each other."""

from collections.abc import Mapping

import polars as pl

from copydesk.flows.web.charts.marks import (
    NARROW,
    WIDE,
    Box,
    Chart,
    Text,
    describe,
    heading,
    label_beside,
    tell,
)
from copydesk.flows.web.charts.rows import shown, to_rows
from copydesk.flows.web.charts.scales import FONT, number, shorten, spread, text_width

#: Pixels: the broadest cell, its height, the longest label beside and at a column, the room below the grid.
_CELL, _ROW, _BESIDE, _ABOVE, _BELOW = 28, 18, 300, 130, 22
_SLOPE = 0.71  # sine and cosine of 45 degrees
_PALEST = 0.06  # opacity of 0


def grid(
    frame: pl.DataFrame, *, across: str, down: str, value: str, colours: Mapping[str, str], unit: str = ""
) -> Chart:
    """Draw one cell per row of the frame in the colour that `colours` gives its value, else in a soft one.

    Labels are in the order of the rows (those of `down`, if both columns have the same). Of several rows for one cell
    the last one counts.
    """
    colour = shown(value).replace_strict(dict(colours), default="soft", return_dtype=pl.String)
    cells = frame.select(
        shown(across).alias("across"),
        shown(down).alias("down"),
        shown(value).alias("said"),
        colour.alias("colour"),
        pl.lit(1.0).alias("shade"),
    )
    return _draw(cells, colours, unit)


def heat_map(frame: pl.DataFrame, *, across: str, down: str, value: str, unit: str) -> Chart:
    """Draw one cell per row of the frame, the stronger the larger its number (its square root); else like `grid`."""
    amounts = to_rows(frame, down, value)["value"]
    most = max([0.0, *amounts.drop_nulls()])
    cells = frame.select(
        shown(across).alias("across"),
        shown(down).alias("down"),
        amounts.map_elements(number, return_dtype=pl.String, skip_nulls=False).alias("said"),
        pl.lit("one").alias("colour"),
        (_PALEST + (1 - _PALEST) * (amounts.clip(0.0, most) / (most or 1.0)).sqrt()).alias("shade"),
    )
    return _draw(cells, {}, f"{unit}: the strongest is {number(most)}")


def _draw(cells: pl.DataFrame, colours: Mapping[str, str], unit: str) -> Chart:
    cells = cells.unique(["across", "down"], keep="last", maintain_order=True)
    rows = cells["down"].unique(maintain_order=True).to_list()
    heads = cells["across"].unique(maintain_order=True).to_list()
    is_square = set(rows) == set(heads)
    heads = rows if is_square else heads
    left = min(max(map(text_width, rows), default=0.0), _BESIDE) + 8
    slant = max((text_width(shorten(head, _ABOVE)) for head in heads), default=0.0) * _SLOPE + FONT
    cell = min(_CELL, (WIDE - left - slant) / max(len(heads), 1))
    width = max(NARROW, left + cell * len(heads) + slant)
    marks, top = heading(unit, colours, NARROW)
    top += slant if is_square else 0.0
    bottom = top + _ROW * len(rows)
    for each in cells.drop_nulls("shade").iter_rows(named=True):
        x, y = left + cell * heads.index(each["across"]), top + _ROW * rows.index(each["down"])
        title = tell(f"{each['down']}, {each['across']}", each["said"])
        marks.append(Box(x + 0.5, y + 0.5, cell - 1, _ROW - 1, each["colour"], title, each["shade"]))
    marks += [label_beside(left - 8, top + _ROW * (i + 0.5), row, _BESIDE) for i, row in enumerate(rows)]
    middles = [(left + cell * (i + 0.5), shorten(head, _ABOVE)) for i, head in enumerate(heads)]
    if is_square:
        marks += [Text(x + 4, top - 6, text, turn=-45) for x, text in middles]
    else:
        marks += [Text(x, bottom + FONT + 4, text, "middle") for x, text in spread(middles, width)]
    about = cells.select(pl.format("{}, {}", "down", "across").alias("label"), "said")
    return Chart(width, bottom + (0 if is_square else _BELOW), describe(unit, about), tuple(marks))
