"""Learned limits: compare each source with what is usual for it."""

import polars as pl

from copydesk.expectations.suite import Expectation
from copydesk.transforms.quality.baselines import prediction_interval


def judge_by_history(
    suite: tuple[Expectation, ...], sources: pl.DataFrame, history: pl.DataFrame | None
) -> pl.DataFrame:
    """Give `sources` a flag for each learned expectation, by its name, and a sentence that says what is usual."""
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
    """Say of a source whether an expectation is for it."""
    if expectation.only is not None:
        return pl.col("source") == expectation.only
    return ~pl.col("source").is_in(list(expectation.but))


def _figure(name: str) -> pl.Expr:
    """Write a figure with as many digits as tell something."""
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
