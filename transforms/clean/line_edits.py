"""Edits that follow from marked lines: their removal, inline spans, and line ends."""

import polars as pl

from copydesk.transforms.clean.inline_rules import propose_rule_spans
from copydesk.transforms.clean.rules import Rule
from copydesk.transforms.clean.segments import SHOWS_NOTHING
from copydesk.transforms.contract import as_edits
from copydesk.transforms.text.lines import LINE_END, ends_line


def propose_removals(lines: pl.DataFrame) -> pl.DataFrame:
    """Propose the removal of every marked line, and of the menu words glued to the front of others."""
    marked = lines.filter(pl.col("rule").is_not_null()).with_columns(replacement=pl.lit(""))
    front = (
        pl.col("text").str.len_chars() - pl.col("text").str.replace(f"^{SHOWS_NOTHING}", "").str.len_chars()
    )
    unstuck = pl.col("start") + front.cast(pl.Int64) + pl.col("glue")
    own = pl.col("rule").fill_null("headline") == "headline"  # the menu words have their own rule
    glued = lines.filter((pl.col("glue") > 0) & own)
    return as_edits(
        pl.concat(
            [
                marked.with_columns(
                    start=pl.when((pl.col("glue") > 0) & own).then(unstuck).otherwise("start")
                ),
                glued.with_columns(
                    evidence=pl.lit(None, pl.Int64),
                    end=unstuck,
                    rule=pl.lit("glued_menu_word"),
                    score=0.9,
                    replacement=pl.lit(""),
                ),
            ]
        )
    )


def propose_inline_removals(lines: pl.DataFrame, rules: tuple[Rule, ...]) -> list[pl.DataFrame]:
    """Propose the removal of what span rules find in whole lines: in a part of a line, the end of a span is
    unknown.
    """
    lines = lines.filter(ends_line(pl.col("text")) | (pl.col("line") == 0).all().over("doc_id"))
    kept = lines.filter(pl.col("rule").is_null()).with_columns(
        text=pl.col("text").str.replace(f"{SHOWS_NOTHING}$", "")
    )
    return [propose_rule_spans(kept, [rule for rule in rules if rule.where == "span"])]


def propose_line_ends(lines: pl.DataFrame) -> pl.DataFrame:
    """Propose one LF for every other line end and the white space before it; nothing at the end of the text.

    A segment that is a part of a line keeps its end, except for white space at the end of the text.
    """
    last = pl.col("line") == pl.col("line").max().over("doc_id")
    kept = lines.filter(pl.col("rule").is_null()).with_columns(last=last)
    content = pl.col("text").str.replace(f"{SHOWS_NOTHING}$", "").str.len_chars().cast(pl.Int64)
    old = pl.col("text").str.slice(content)
    new = pl.when("last").then(pl.lit("")).when(old.str.contains(LINE_END)).then(pl.lit("\n")).otherwise(old)
    return as_edits(
        kept.with_columns(
            replacement=new, start=pl.col("start") + content, rule=pl.lit("line_end"), score=1.0
        ).filter(old != pl.col("replacement"))
    )
