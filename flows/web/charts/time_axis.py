"""Time on an axis, in UTC: counts in calendar steps without a gap, and ticks at round moments."""

import polars as pl

#: More bars than this are too thin to be told apart: a longer step is taken.
_BARS = 110
#: Steps of bars: name, Polars duration, the days that one lasts at least, and how one is named.
_STEPS = (
    ("day", "1d", 1, "%-d %b %Y"),
    ("week", "1w", 7, "week of %-d %b %Y"),
    ("month", "1mo", 28, "%b %Y"),
    ("year", "1y", 365, "%Y"),
    ("decade", "10y", 3652, "%Ys"),
    ("century", "100y", 36524, "%Ys"),
)
#: Distances of ticks: hours, and how a tick is named: alone, and where a day or a year begins.
_CLOCK, _DAY, _MONTH, _YEAR = (
    ("%H:%M", "%-d %b %H:%M"),
    ("%-d %b", "%-d %b %Y"),
    ("%b", "%b %Y"),
    ("%Y", "%Y"),
)
_TICKS = (
    *((f"{n}m", n / 60, _CLOCK) for n in (1, 5, 15, 30)),
    *((f"{n}h", n, _CLOCK) for n in (1, 3, 6, 12)),
    *((f"{n}d", 24 * n, _DAY) for n in (1, 2)),
    *((f"{n}w", 168 * n, _DAY) for n in (1, 2)),
    *((f"{n}mo", 730 * n, _MONTH) for n in (1, 3, 6)),
    *((f"{n}y", 8766 * n, _YEAR) for k in (1, 10, 100, 1000) for n in (k, 2 * k, 5 * k)),
)


def utc(moment: str) -> pl.Expr:
    """Return a column of dates or times as naive times in UTC, to the millisecond; naive ones are taken as UTC."""
    return pl.col(moment).cast(pl.Datetime("ms", "UTC")).dt.replace_time_zone(None)


def by_step(frame: pl.DataFrame, when: str, value: str) -> tuple[str, pl.DataFrame]:
    """Sum `value` by the shortest step that gives few enough bars.

    Returns the step (day, week, month, year, decade, century) and one row per step without a gap: start (naive UTC),
    label, value (Float64; what is null or not finite counts 0). Rows without a time are left out.
    """
    number = pl.col(value).cast(pl.Float64)
    known = frame.select(
        start=utc(when), value=pl.when(number.is_finite()).then(number).otherwise(0.0)
    ).drop_nulls("start")
    days = known.select((pl.col("start").max() - pl.col("start").min()).dt.total_days()).item() or 0
    step, every, _, form = next((s for s in _STEPS if days < (_BARS - 2) * s[2]), _STEPS[-1])
    sums = known.group_by(_floor(pl.col("start"), every)).agg(pl.col("value").sum())
    if sums.is_empty():
        return step, sums.with_columns(label=pl.lit("")).select("start", "label", "value")
    whole = sums.select(pl.datetime_range(pl.col("start").min(), pl.col("start").max(), every).alias("start"))
    bins = whole.join(sums, on="start", how="left", maintain_order="left")
    return step, bins.select(
        "start", label=pl.col("start").dt.strftime(form), value=pl.col("value").fill_null(0.0)
    )


def time_ticks(times: pl.Series, most: int, *, shortest: str = "1m") -> list[tuple[int, str]]:
    """Return at most about `most` round moments between the first and the last of `times` (naive UTC).

    Each is milliseconds since 1970 and a label, which names the day or the year where one begins. `shortest` is the
    least distance: a Polars duration. A span that holds no round moment has its first time as the only tick.
    """
    frame = times.drop_nulls().alias("at").to_frame()
    if frame.is_empty():
        return []
    hours = frame.select((pl.col("at").max() - pl.col("at").min()).dt.total_milliseconds()).item() / 3_600_000
    names = [name for name, _, _ in _TICKS]
    fitting = (tick for tick in _TICKS[names.index(shortest) :] if hours / tick[1] <= most - 1)
    every, _, (short, long) = next(fitting, _TICKS[-1])
    first, last = pl.col("at").min(), pl.col("at").max()
    round_moments = pl.datetime_range(_floor(first, every), last, every)
    found = frame.select(round_moments.filter(round_moments >= first).alias("at"))
    if found.is_empty():
        found = frame.select(first)
    group = pl.col("at").dt.truncate("1d" if short == _CLOCK[0] else "1y")
    text = (
        pl.when(group.shift().ne_missing(group))
        .then(pl.col("at").dt.strftime(long))
        .otherwise(pl.col("at").dt.strftime(short))
    )
    return [(at, label) for at, label in found.select(pl.col("at").dt.epoch("ms"), text.alias("text")).rows()]


def _floor(moment: pl.Expr, every: str) -> pl.Expr:
    """Round times down to a step; years to multiples of their number, where Polars' own truncation counts from 1970."""
    if not every.endswith("y"):
        return moment.dt.truncate(every)
    years = int(every.removesuffix("y"))
    return pl.datetime(moment.dt.year() // years * years, 1, 1, time_unit="ms").alias("start")
