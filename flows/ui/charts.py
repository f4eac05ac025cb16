"""A bar chart of counts over time, as numbers for a template."""

from typing import NamedTuple

import polars as pl

#: More bars than this are too thin to be told apart: a longer step is taken.
_BARS = 110
#: Steps: their names, the days that they last at least, Polars' word or the number of years, and how one is named.
_STEPS = (
    ("day", 1, "1d", "%-d %b %Y"),
    ("week", 7, "1w", "week of %-d %b %Y"),
    ("month", 28, "1mo", "%b %Y"),
    ("year", 365, 1, ""),
    ("decade", 3652, 10, "s"),
    ("century", 0, 100, "s"),
)


class Bar(NamedTuple):
    """One step of time: its name, its count, and its height, 0 to 100."""

    label: str
    n: int
    height: float


class Chart(NamedTuple):
    """Bars without gaps in time; `step` is day, week, month, year, decade or century; `top` is the greatest count."""

    step: str
    bars: list[Bar]
    top: int


def bars(days: pl.DataFrame) -> Chart | None:
    """Count `n_documents` by the shortest step that gives few enough bars; None where `days` (day) is empty."""
    if days.is_empty():
        return None
    span = days.select((pl.col("day").max() - pl.col("day").min()).dt.total_days()).item()
    step, _, every, form = next(found for found in _STEPS if span < (_BARS - 2) * found[1] or not found[1])
    counts = _by_days(days, every, form) if isinstance(every, str) else _by_years(days, every, form)
    top = max(n for _, n in counts)
    return Chart(step, [Bar(label, n, round(100 * n / top, 2)) for label, n in counts], top)


def _by_days(days: pl.DataFrame, every: str, form: str) -> list[tuple[str, int]]:
    counts = days.sort("day").group_by_dynamic("day", every=every).agg(pl.col("n_documents").sum())
    whole = counts.upsample("day", every=every).select("day", pl.col("n_documents").fill_null(0))
    # strftime's own year has fewer than four figures before the year 1000.
    return [(day.strftime(form.replace("%Y", f"{day.year:04}")), n) for day, n in whole.iter_rows()]


def _by_years(days: pl.DataFrame, every: int, form: str) -> list[tuple[str, int]]:
    year = (pl.col("day").dt.year() // every).alias("year")
    counts = dict(days.group_by(year).agg(pl.col("n_documents").sum()).iter_rows())
    return [(f"{at * every}{form}", counts.get(at, 0)) for at in range(min(counts), max(counts) + 1)]
