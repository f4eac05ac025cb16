"""What is usual for a source: limits for today's figure, learned from its own earlier runs.

The test is Student's prediction interval for one more observation (Geisser 1993, ch. 2): on a scale on which the
figure's spread does not depend on its size, today's lies within mean ± t · s · sqrt(1 + 1/k) of k earlier runs but for
a share ALARMS of runs, where runs are alike. s is never taken for less than sampling alone gives: a source that has
had a headline on each of its 200 articles has not proved that one without is a fault.
"""

import math
from dataclasses import dataclass

import polars as pl

#: How often a source without a fault may be said to have one, each figure, each run. Measured: `python -m
#: benchmarks.gates alarms` draws sources with weekdays, bursts and growth and finds at most this share of alarms.
ALARMS = 0.001
#: Earlier runs with new documents that a source must have before its figures are judged, and how many are looked at.
MIN_RUNS, MAX_RUNS = 7, 60
SIDES = ("low", "high", "both")
#: A figure that was out of the usual this many runs in a row is the new usual; before, such runs teach nothing.
STREAK = 7
SCALES = ("count", "size", "time", "share")
#: Spread of the logarithm of article lengths within one source: 0.55 to 0.75 in the dev pages of three outlets; of a
#: median of n it is 1.25 times that by sqrt(n).
_LENGTHS = 1.25 * 0.7
#: Least spread of the logarithm of a time between two runs: a schedule kept to the minute is no promise.
_TIMES = 0.25


@dataclass(frozen=True)
class LearnedLimit:
    """How a figure is judged by the source's history.

    `metric` is the column, `scale` one of SCALES (a number of documents; a size, such as their median length; a time; a
    share, 0 to 1), `side` which way is a fault. A deviation counts only `by_at_least`: that many times more or less, of
    a share that difference.
    """

    metric: str
    scale: str
    side: str = "both"
    by_at_least: float = 0.0


def prediction_interval(history: pl.DataFrame, today: pl.DataFrame, learned: LearnedLimit) -> pl.DataFrame:
    """Return for each source of `today` what its history says of a figure: source, value, low, high, is_usual.

    `history` has source, at, flagged (of this figure) and the metric, a row a run; `today` source, n_new and the
    metric, a row a source. low, high and is_usual are null where fewer than MIN_RUNS runs teach, or today has no value.
    No documents at all is no count of documents: a run over what is known already teaches nothing and is not judged.
    """
    metric = learned.metric
    value = pl.col(metric).cast(pl.Float64)
    if learned.scale == "count":
        value = pl.when(value > 0).then(value)
    taught = (
        history.filter(value.is_not_null())
        .sort("source", "at")
        .with_columns(streak=pl.struct("source", "flagged").rle_id())
        .with_columns(length=pl.len().over("streak"))
        .filter(~pl.col("flagged") | (pl.col("length") >= STREAK))
        .group_by("source", maintain_order=True)
        .tail(MAX_RUNS)
    )
    usual = (
        taught.with_columns(on_scale=_to_scale(pl.col(metric), learned.scale))
        .group_by("source")
        .agg(k=pl.len(), centre=pl.col("on_scale").mean(), spread=pl.col("on_scale").std())
        .filter(pl.col("k") >= MIN_RUNS)
    )
    quantiles = _quantiles(usual["k"], two_sided=learned.side == "both")
    half = (
        pl.max_horizontal("spread", _sampling(learned.scale))
        * (1 + 1 / pl.col("k")).sqrt()
        * pl.col("quantile")
    )
    judged = (
        today.select("source", "n_new", value=value)
        .join(usual.with_columns(quantile=quantiles), on="source", how="left")
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


def _to_scale(value: pl.Expr, scale: str) -> pl.Expr:
    if scale == "share":
        return value.clip(0, 1).sqrt().arcsin()
    return value.log1p()


def _from_scale(value: pl.Expr, scale: str) -> pl.Expr:
    if scale == "share":
        return value.clip(0, math.pi / 2).sin().pow(2)
    return value.exp() - 1


def _sampling(scale: str) -> pl.Expr:
    """Return the spread on the scale that a figure of `n_new` documents has by chance alone."""
    n = pl.max_horizontal("n_new", pl.lit(1)).cast(pl.Float64)
    if scale == "count":  # of a Poisson count around the centre
        return 1 / pl.max_horizontal(pl.col("centre").exp(), pl.lit(1.0)).sqrt()
    if scale == "time":
        return pl.lit(_TIMES)
    return (_LENGTHS if scale == "size" else 0.5) / n.sqrt()


def _widen(learned: LearnedLimit) -> list[pl.Expr]:
    """Move the limits out to where a deviation counts."""
    by = learned.by_at_least
    if learned.scale == "share":
        low, high = pl.col("middle") - by, pl.col("middle") + by
    else:
        low, high = pl.col("middle") / max(by, 1), pl.col("middle") * max(by, 1)
    return [pl.min_horizontal("low", low).alias("low"), pl.max_horizontal("high", high).alias("high")]


def _quantiles(k: pl.Series, *, two_sided: bool) -> pl.Series:
    """Return Student's t for k - 1 degrees of freedom that ALARMS of runs exceed."""
    from scipy.special import stdtrit

    return pl.Series(stdtrit(k.to_numpy() - 1.0, 1 - ALARMS / (2 if two_sided else 1)), dtype=pl.Float64)
