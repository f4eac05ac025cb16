"""Baselines: limits for a source's figure of today, learned from the source's own earlier runs.

The test is Student's prediction interval for one more observation (Geisser 1993, ch. 2). On a scale on which the
spread of a figure does not depend on its size, today's figure is within mean ± t · s · sqrt(1 + 1/k) of k earlier
runs, except in a share ALARMS of runs, if runs are alike. s is at least what sampling alone gives: a source whose 200
articles all had a headline has not proved that an article without one is a fault.
"""

import math
from dataclasses import dataclass

import polars as pl

#: The false alarm rate, per figure and run. Measured: `python -m benchmarks.gates alarms` draws sources with weekdays,
#: bursts and growth and finds at most this share of alarms.
ALARMS = 0.001
#: Earlier runs with new documents that a source needs before its figures are judged, and the latest that are used.
MIN_RUNS, MAX_RUNS = 7, 60
SIDES = ("low", "high", "both")
#: A figure that was out of its interval in this many consecutive runs is the new baseline; before, such runs are left
#: out.
STREAK = 7
SCALES = ("count", "size", "time", "share")
#: Spread of the logarithm of article lengths within one source: 0.55 to 0.75 in the dev pages of three outlets; that
#: of a median of n is 1.25 times as much, divided by sqrt(n).
_LENGTHS = 1.25 * 0.7
#: Minimum spread of the logarithm of the time between two runs: a schedule kept to the minute so far may vary.
_TIMES = 0.25


@dataclass(frozen=True)
class LearnedLimit:
    """How a figure is compared with the source's baseline.

    `metric` is its column, `scale` one of SCALES (a number of documents; a size, such as their median length; a time;
    a share, 0 to 1), `side` the direction that is a fault. Smaller deviations than `by_at_least` do not count: a
    factor, or for a share a difference.
    """

    metric: str
    scale: str
    side: str = "both"
    by_at_least: float = 0.0


def prediction_interval(history: pl.DataFrame, today: pl.DataFrame, learned: LearnedLimit) -> pl.DataFrame:
    """Return the interval in which each source's figure of `today` should be: source, value, low, high, is_usual.

    `history` has one row per source and run: source, at, flagged (whether this figure was out of the interval then)
    and the metric. `today` has one row per source: source, n_new and the metric. low, high and is_usual are null for
    a source with fewer than MIN_RUNS usable runs, and is_usual for one without a value today. A count of 0 is no
    value: a run over records that are all known is not judged, and teaches nothing.
    """
    value = _value(learned)
    baseline = _baseline(history.filter(value.is_not_null()), learned)
    sampling = pl.max_horizontal("spread", _sampling(learned.scale))
    half = sampling * (1 + 1 / pl.col("k")).sqrt() * pl.col("quantile")
    judged = (
        today.select("source", "n_new", value=value)
        .join(baseline, on="source", how="left")
        .with_columns(half=half)
        .with_columns(
            low=_from_scale(pl.col("centre") - pl.col("half"), learned.scale),
            high=_from_scale(pl.col("centre") + pl.col("half"), learned.scale),
            middle=_from_scale(pl.col("centre"), learned.scale),
        )
        .with_columns(_widen(learned))
        .with_columns(low=pl.lit(None) if learned.side == "high" else pl.col("low"))
        .with_columns(high=pl.lit(None) if learned.side == "low" else pl.col("high"))
    )
    inside = pl.col("value").is_between(
        pl.col("low").fill_null(-math.inf), pl.col("high").fill_null(math.inf)
    )
    known = pl.col("centre").is_not_null() & pl.col("value").is_not_null()
    return judged.select(
        "source", "value", pl.col("low", "high").cast(pl.Float64), is_usual=pl.when(known).then(inside)
    )


def _value(learned: LearnedLimit) -> pl.Expr:
    value = pl.col(learned.metric).cast(pl.Float64)
    return pl.when(value > 0).then(value) if learned.scale == "count" else value


def _baseline(history: pl.DataFrame, learned: LearnedLimit) -> pl.DataFrame:
    """Return source, k (its usable runs), centre and spread of its figures on the scale, and Student's quantile.

    Runs whose figure was flagged are left out, unless STREAK of them follow each other.
    """
    usable = (
        history.sort("source", "at")
        .with_columns(streak=pl.struct("source", "flagged").rle_id())
        .with_columns(length=pl.len().over("streak"))
        .filter(~pl.col("flagged") | (pl.col("length") >= STREAK))
        .group_by("source", maintain_order=True)
        .tail(MAX_RUNS)
    )
    baseline = (
        usable.with_columns(on_scale=_to_scale(pl.col(learned.metric), learned.scale))
        .group_by("source")
        .agg(k=pl.len(), centre=pl.col("on_scale").mean(), spread=pl.col("on_scale").std())
        .filter(pl.col("k") >= MIN_RUNS)
    )
    return baseline.with_columns(quantile=_quantiles(baseline["k"], two_sided=learned.side == "both"))


def _to_scale(value: pl.Expr, scale: str) -> pl.Expr:
    if scale == "share":
        return value.clip(0, 1).sqrt().arcsin()
    return value.log1p()


def _from_scale(value: pl.Expr, scale: str) -> pl.Expr:
    if scale == "share":
        return value.clip(0, math.pi / 2).sin().pow(2)
    return value.exp() - 1


def _sampling(scale: str) -> pl.Expr:
    """Return the spread, on the scale, that sampling alone gives a figure of `n_new` documents."""
    n = pl.max_horizontal("n_new", pl.lit(1)).cast(pl.Float64)
    if scale == "count":  # a Poisson count around the centre
        return 1 / pl.max_horizontal(pl.col("centre").exp(), pl.lit(1.0)).sqrt()
    if scale == "time":
        return pl.lit(_TIMES)
    return (_LENGTHS if scale == "size" else 0.5) / n.sqrt()


def _widen(learned: LearnedLimit) -> list[pl.Expr]:
    """Widen the limits to the smallest deviation that counts."""
    by = learned.by_at_least
    if learned.scale == "share":
        low, high = pl.col("middle") - by, pl.col("middle") + by
    else:
        low, high = pl.col("middle") / max(by, 1), pl.col("middle") * max(by, 1)
    return [pl.min_horizontal("low", low).alias("low"), pl.max_horizontal("high", high).alias("high")]


def _quantiles(k: pl.Series, *, two_sided: bool) -> pl.Series:
    """Return the quantile of Student's t with k - 1 degrees of freedom that a share ALARMS of runs exceeds."""
    from scipy.special import stdtrit

    return pl.Series(stdtrit(k.to_numpy() - 1.0, 1 - ALARMS / (2 if two_sided else 1)), dtype=pl.Float64)
