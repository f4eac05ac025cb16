"""Teasers: lines below the heading of a teaser block, and lines that an ellipsis cuts off."""

import polars as pl

from copydesk.transforms.clean.marks import drop_blank_lines, mark_rows
from copydesk.transforms.text.patterns import CLOSERS, COMPLETE_SENTENCE_END, PUNCTUATED_END

_CUT = r"(?:\.\.\.|…|\[…\])\s*[\])]?$"
_QUOTED = r"[\"“”„«»‘]|\bI\b"
#: A few words and an ellipsis after a whole sentence: a link glued to a paragraph, which the inline rules
#: remove.
_LINK = rf"[.!?]{CLOSERS}\s+\S+(?:\s\S+){{0,2}}(?:\.\.\.|…)$"


def mark_tails(lines: pl.DataFrame, headings: list[str]) -> pl.DataFrame:
    """Mark the lines below the heading of a teaser block with its rule, down to the next line of prose.

    A heading above the first prose line belongs to a menu and takes no other line with it. If prose follows, a
    sentence of four words or more inside the block may belong to the article and stays. Measured on dev,
    multi_dev and web_dev with `python -m benchmarks.clean --no-peers --no-html`: 98 % of what a heading removes
    is boilerplate.
    """
    heads = pl.col("rule").is_in(headings) & ~pl.col("top")
    block = pl.when(heads).then("rule").when(pl.col("prose")).then(pl.lit("")).forward_fill().over("doc_id")
    score = pl.when(heads).then("score").forward_fill().over("doc_id")
    prose_below = (
        (pl.col("prose") & pl.col("rule").is_null()).cast(pl.Int64).cum_sum(reverse=True).over("doc_id")
    )
    lines = lines.with_columns(block=block, block_score=score, prose_below=prose_below)
    sentence = (
        pl.col("body").str.contains(COMPLETE_SENTENCE_END)
        & (pl.col("n_words") >= 4)
        & (pl.col("prose_below") > 0)
    )
    hit = (
        pl.col("rule").is_null() & (pl.col("block").fill_null("") != "") & (pl.col("body") != "") & ~sentence
    )
    return lines.with_columns(
        rule=pl.when(hit).then("block").otherwise("rule"),
        score=pl.when(hit).then("block_score").otherwise("score"),
    ).drop("block", "block_score", "prose_below")


def mark_cut_teasers(lines: pl.DataFrame) -> pl.DataFrame:
    """Mark lines of eight words or more that an ellipsis cuts off below a headline-like line, and that line
    too.

    Not if the line is speech. On dev, multi_dev and web_dev 188 of 196 such lines are boilerplate. The line
    above is marked only below the first prose: above it, it may be the headline.
    """
    shown = drop_blank_lines(lines)
    long = shown.with_columns(above=pl.col("body").shift(1).over("doc_id")).filter(
        pl.col("rule").is_null() & (pl.col("n_words") >= 8) & pl.col("above").is_not_null()
    )
    cut = long.filter(pl.col("body").str.contains(_CUT)).filter(
        ~pl.col("body").str.contains(_QUOTED)
        & ~pl.col("body").str.contains(_LINK)
        & ~pl.col("above").str.contains(PUNCTUATED_END)
    )
    lines = mark_rows(lines, "cut_teaser", 0.98, cut["row"])
    below = pl.col("rule").is_in(["cut_teaser", "cut_sentence"]).shift(-1).over("doc_id")
    shown = drop_blank_lines(lines)
    named = shown.filter(below & ~pl.col("top") & (pl.col("n_words") >= 3))
    return mark_rows(
        lines, "cut_teaser", 0.9, named.filter(~pl.col("body").str.contains(PUNCTUATED_END))["row"]
    )
