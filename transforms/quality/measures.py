"""Measures: narrow frames of ids, numbers and flags, which a gate checks instead of text.

One row per document (in ingest: per record); copydesk.transforms.quality.source_measures aggregates them per source.
"""

import polars as pl

from copydesk.transforms.text.encoding import STRAY_BASE

#: A character that was lost for good: U+FFFD, or a question mark inside a word ("caf?s" for cafés).
_LOST = r"\x{FFFD}+|(?:^|[\s“\"(])[\p{L}’']+\?\p{Ll}"
#: In a text of fewer characters than these one lost character is no sign of damage.
_SHORT = 400
_STRAY = rf"[\x{{{STRAY_BASE + 0x80:X}}}-\x{{{STRAY_BASE + 0xFF:X}}}]"


def ingest_measures(raw: pl.DataFrame) -> pl.DataFrame:
    """Return the measures of RAW, one row per record. Text measures are null without text; such rows fail `is_text`."""
    fault = pl.col("fault").fill_null("")
    was_read = ~(
        fault.str.starts_with("no reader") | fault.str.starts_with("unreadable") | (fault == "too long")
    )
    n_chars = pl.col("raw_text").str.len_chars().cast(pl.Int64)
    size = pl.col("record_end") - pl.col("record_start")
    return raw.select(
        "doc_id",
        "uri",
        "record",
        "source",
        stamp="fetched_at",
        place=pl.col("uri") + "#" + pl.col("record").cast(pl.String),
        has_reader=fault != "no reader",
        is_small_enough=fault != "too long",
        is_readable=~fault.str.starts_with("unreadable"),
        n_bytes=pl.when(was_read).then(size),
        is_text=pl.when(was_read).then(pl.col("raw_text").is_not_null()),
        n_letters=pl.col("raw_text").str.count_matches(r"[\p{L}\p{N}]").cast(pl.Int64),
        n_chars=n_chars,
        stray_share=pl.col("raw_text").str.count_matches(_STRAY) / pl.max_horizontal(n_chars, 1),
    )


def clean_measures(raw: pl.DataFrame, edits: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Return the measures of CLEAN, one row per document; `unaccounted` are the characters of the raw text that
    neither the text nor the edits account for.
    """
    change = edits.group_by("doc_id").agg(
        n_edits=pl.len(),
        less=(pl.col("end") - pl.col("start") - pl.col("replacement").str.len_chars().cast(pl.Int64)).sum(),
    )
    n_chars = pl.col("text").str.len_chars()
    length = raw.select("doc_id", n_raw=pl.col("raw_text").str.len_chars().cast(pl.Int64))
    return (
        documents.join(length, on="doc_id", how="left")
        .join(change, on="doc_id", how="left")
        .select(
            "doc_id",
            "source",
            "n_words",
            "kept_share",
            "article_score",
            "lang",
            "lang_confidence",
            stamp="published_at",
            is_listing=pl.col("is_listing").cast(pl.Int64),
            has_title=pl.col("title").is_not_null(),
            lost_per_1000=pl.col("text").str.count_matches(_LOST) * 1000 / pl.max_horizontal(n_chars, _SHORT),
            n_edits=pl.col("n_edits").fill_null(0),
            has_plausible_date=pl.col("published_from").fill_null("") != "implausible",
            has_language=pl.col("lang").is_not_null().cast(pl.Int64),
            unaccounted=pl.col("n_raw") - pl.col("less").fill_null(0) - n_chars.cast(pl.Int64),
        )
    )


def dedupe_measures(duplicates: pl.DataFrame) -> pl.DataFrame:
    """Return the measures of DUPLICATES, one row per merged document."""
    merged = pl.col("doc_id").implode()
    evidence = pl.max_horizontal("containment", "canonical_containment")
    return duplicates.select(
        "doc_id",
        "similarity",
        evidence=evidence,
        canonical_is_merged=pl.col("canonical_doc_id").is_in(merged),
    )


def tag_measures(documents: pl.DataFrame, mentions: pl.DataFrame) -> pl.DataFrame:
    """Return the measures of MENTIONS in `documents` (doc_id, text), one row per document."""
    # A loop over mentions: Polars counts to each from the start of its text, which is quadratic for a text of names.
    texts = dict(documents.select("doc_id", "text").iter_rows())
    spans = mentions.select("doc_id", "start", "end", "surface").iter_rows()
    wrong = [texts.get(doc_id, "")[start:end] != surface for doc_id, start, end, surface in spans]
    placed = mentions.with_columns(
        wrong=pl.Series(wrong, dtype=pl.Boolean), untyped=pl.col("label").fill_null("") == ""
    )
    counted = placed.group_by("doc_id").agg(
        n_mentions=pl.len(),
        n_misplaced=pl.col("wrong").sum().cast(pl.Int64),
        n_untyped=pl.col("untyped").sum().cast(pl.Int64),
    )
    words = pl.max_horizontal(pl.col("text").str.count_matches(r"[\p{L}\p{N}]+"), 1)
    return (
        documents.join(counted, on="doc_id", how="left")
        .with_columns(pl.col("n_mentions", "n_misplaced", "n_untyped").fill_null(0))
        .select(
            *("doc_id", "n_mentions", "n_misplaced", "n_untyped"),
            mentions_per_100_words=pl.col("n_mentions") * 100 / words,
        )
    )
