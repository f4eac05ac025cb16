"""Rows of a chart: labels that can be shown, finite numbers, series with colours, values laid end to end.

A value that is null or not finite is null from here on and has no mark. Labels may come from hostile documents: their
hidden characters are spelt out.
"""

from collections.abc import Mapping

import polars as pl

from copydesk.flows.web.charts.scales import number
from copydesk.transforms.text.printable import escape_invisible

SERIES, OTHERS, UNKNOWN = ("one", "two", "three", "four", "five"), "others", "unknown"
_LARGEST = 1e300  # what is larger is drawn as this, so that sums of it stay finite


def to_rows(frame: pl.DataFrame, label: str, value: str, part: str | None = None) -> pl.DataFrame:
    """Return label and part as text that can be shown (a null is "unknown"), and value as a finite Float64 or null."""
    number = pl.col(value).cast(pl.Float64)
    finite = pl.when(number.is_finite()).then(number.clip(-_LARGEST, _LARGEST))
    return frame.select(
        shown(label).alias("label"),
        (pl.lit("") if part is None else shown(part)).alias("part"),
        finite.alias("value"),
    )


def shown(column: str) -> pl.Expr:
    """Return a column as text with hidden characters spelt out; a null is "unknown"."""
    text = pl.col(column).cast(pl.String).fill_null(UNKNOWN)
    return text.map_elements(escape_invisible, return_dtype=pl.String)


def places(labels: pl.Series) -> pl.Series:
    """Number labels from 0 in the order in which they first occur."""
    names = labels.unique(maintain_order=True)
    return labels.replace_strict(names, pl.int_range(len(names), eager=True), return_dtype=pl.Int64).alias(
        "place"
    )


def to_series(
    rows: pl.DataFrame, given: Mapping[str, str] | None = None
) -> tuple[pl.DataFrame, dict[str, str]]:
    """Give the parts of rows (part, value) colours: the `given` ones, else by their sum, the largest first.

    Parts that have no given colour, or come after the fifth, become "others". Returns the rows with an index `series`,
    and the colour of each series.
    """
    sums = (
        rows.group_by("part").agg(pl.col("value").abs().sum()).sort("value", "part", descending=[True, False])
    )
    names = [name for name in sums["part"] if name != OTHERS]
    colours = dict(given or zip(names, SERIES, strict=False))
    if not set(sums["part"]) <= colours.keys():
        colours[OTHERS] = "soft"
    known = rows.with_columns(
        pl.when(pl.col("part").is_in(list(colours))).then("part").otherwise(pl.lit(OTHERS)).alias("part")
    )
    return known.with_columns(
        series=pl.col("part").replace_strict(list(colours), list(range(len(colours))), return_dtype=pl.Int64)
    ), colours


def pile(rows: pl.DataFrame) -> pl.DataFrame:
    """Lay the values of one place end to end, series by series: from `start` to `end`, negative ones downwards.

    Takes rows (place, label, part, series, value); values of one place and series are summed,
    null if none of them is a number.
    """
    total = pl.when(pl.col("value").count() > 0).then(pl.col("value").sum())
    summed = rows.group_by("place", "series", "part").agg(pl.col("label").first(), total.alias("value"))
    ends = pl.col("value").cum_sum().over("place", pl.col("value") < 0)
    return (
        summed.sort("place", "series")
        .with_columns(end=ends)
        .with_columns(start=pl.col("end") - pl.col("value"))
    )


def add_up(pieces: pl.DataFrame) -> pl.DataFrame:
    """Return one row per place: label, total, how the total is `said`, and the `end` of its positive pieces."""
    total = pl.when(pl.col("value").count() > 0).then(pl.col("value").sum())
    sums = pieces.group_by("place", maintain_order=True).agg(
        pl.col("label").first(),
        total.alias("total"),
        pl.max_horizontal(pl.col("end").max(), pl.lit(0.0)).alias("end"),
    )
    said = pl.col("total").map_elements(number, return_dtype=pl.String, skip_nulls=False)
    return sums.select("place", "label", "total", said.alias("said"), "end")


def span(pieces: pl.DataFrame) -> tuple[float, float]:
    """Return the least and the greatest end of a piece; 0 is between them."""
    ends = [0.0, *pieces["end"].drop_nulls()]
    return min(ends), max(ends)
