"""Learned limits: compare the figures of each source with its baseline."""

import polars as pl

from copydesk.expectations.suite import Expectation
from copydesk.transforms.quality.baselines import prediction_interval


def judge_by_history(
    suite: tuple[Expectation, ...], sources: pl.DataFrame, history: pl.DataFrame | None
) -> pl.DataFrame:
    """Add to `sources`, for each learned expectation, a flag (by its name) and the observed and usual figures in
    words (by its name and " said").
    """
    flags: dict[str, list[pl.DataFrame]] = {}
    for expectation in suite:
        if expectation.learned is None:
            continue
        if history is None:
            past = sources.clear().with_columns(at=pl.lit(None, pl.Int64), flagged=pl.lit(value=False))
        else:
            past = history.with_columns(flagged=pl.col("flagged").list.contains(expectation.name))
        usual = prediction_interval(past, sources.filter(_concerns(expectation)), expectation.learned)
        said = pl.format("{} = {}, usual {}", pl.lit(expectation.column), _figure("value"), _range())
        flags.setdefault(expectation.name, []).append(usual.select("source", flag="is_usual", said=said))
    for name, parts in flags.items():
        named = pl.concat(parts).select(
            "source", pl.col("flag").alias(name), pl.col("said").alias(f"{name} said")
        )
        sources = sources.join(named, on="source", how="left", maintain_order="left")
    return sources


def _concerns(expectation: Expectation) -> pl.Expr:
    """Return whether an expectation is for a source."""
    if expectation.only is not None:
        return pl.col("source") == expectation.only
    return ~pl.col("source").is_in(list(expectation.but))


def _figure(name: str) -> pl.Expr:
    """Format a figure with its significant digits."""
    value = pl.col(name)
    whole = value.round(0).cast(pl.Int64, strict=False).cast(pl.String)
    is_whole = (value.abs() >= 20) | (value == value.round(0))
    return pl.when(is_whole).then(whole).otherwise(value.round(2).cast(pl.String))


def _range() -> pl.Expr:
    low, high = _figure("low"), _figure("high")
    return (
        pl.when(pl.col("low").is_null())
        .then(pl.lit("at most ") + high)
        .when(pl.col("high").is_null())
        .then(pl.lit("at least ") + low)
        .otherwise(low + pl.lit(" to ") + high)
    )
