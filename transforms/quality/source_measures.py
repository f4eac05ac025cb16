"""A run's figures per source, which the gates compare with the source's baseline.

One function per stage, from its measures to one row per source; joined they are the rows of SOURCE_RUNS.
"""

from datetime import datetime

import polars as pl

#: Fewer records do not show that a feed repeats itself.
_ENOUGH = 20


def ingest_sources(read: pl.DataFrame, history: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """Count the records `read` (one row per record: source, is_known), and the hours since the source last had new
    records.

    `history` has one row per source and run: source, at (when the run began), n_new.
    """
    latest = history.filter(pl.col("n_new") > 0).group_by("source").agg(latest=pl.col("at").max())
    hours = (pl.lit(now) - pl.col("latest")).dt.total_seconds() / 3600
    return (
        read.group_by("source")
        .agg(n_read=pl.len().cast(pl.Int64), n_known=pl.col("is_known").sum().cast(pl.Int64))
        .join(latest, on="source", how="left")
        .select(
            "source", "n_read", "n_known", n_new=pl.col("n_read") - pl.col("n_known"), hours_since_new=hours
        )
        .sort("source")
    )


def clean_sources(measures: pl.DataFrame, history: pl.DataFrame) -> pl.DataFrame:
    """Aggregate the measures of cleaned documents; `lang` is the most frequent language of the source so far.

    `history` has one row per source and run: source, lang.
    """
    known = measures.filter(pl.col("lang").is_not_null())
    main = (
        _most_frequent(known).join(
            _most_frequent(history), on="source", how="full", coalesce=True, suffix="_before"
        )
    ).select("source", lang=pl.coalesce("lang_before", "lang"))
    return (
        measures.join(main, on="source", how="left", suffix="_main")
        .group_by("source")
        .agg(
            n_documents=pl.len().cast(pl.Int64),
            median_words=pl.col("n_words").median(),
            median_kept=pl.col("kept_share").median(),
            titled_share=pl.col("has_title").mean(),
            dated_share=pl.col("stamp").is_not_null().mean(),
            damaged_share=(pl.col("lost_per_1000") > 0).mean(),
            lang=pl.col("lang_main").first(),
            lang_share=pl.col("lang").eq_missing(pl.col("lang_main")).mean(),
        )
        .sort("source")
    )


def dedupe_sources(records: pl.DataFrame) -> pl.DataFrame:
    """Return the share of copies among accepted `records` (one row per record: source, is_copy).

    `all_copied_share` is the same, but null for a source with fewer than 20 records.
    """
    share = pl.col("is_copy").mean()
    return (
        records.group_by("source")
        .agg(copied_share=share, all_copied_share=pl.when(pl.len() >= _ENOUGH).then(share))
        .sort("source")
    )


def tag_sources(measures: pl.DataFrame) -> pl.DataFrame:
    """Return the median of mentions per 100 words over tagged documents."""
    return measures.group_by("source").agg(pl.col("mentions_per_100_words").median()).sort("source")


def _most_frequent(documents: pl.DataFrame) -> pl.DataFrame:
    """Return each source's most frequent language: source, lang."""
    return (
        documents.filter(pl.col("lang").is_not_null())
        .group_by("source", "lang")
        .len()
        .sort("len", "lang", descending=[True, False])
        .group_by("source", maintain_order=True)
        .agg(pl.col("lang").first())
    )
