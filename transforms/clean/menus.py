"""Menu words: runs of short lines, section names above the headline, words glued to the front of a line."""

import polars as pl

from copydesk.transforms.clean.marks import drop_blank_lines, mark_rows, mark_vocabulary
from copydesk.transforms.clean.rules import Rule, match_rule

#: A cut-off headline is recognised by this many first characters of the full one: fewer match by chance.
_KNOWN_START = 15


def mark_sections(lines: pl.DataFrame, rules: list[Rule]) -> pl.DataFrame:
    """Mark menu words that are a whole line above the headline: the section's name."""
    headline_at = pl.when(pl.col("headline").is_not_null()).then("line").min().over("doc_id")
    lines = lines.with_columns(above=(pl.col("line") < headline_at).fill_null(value=False))
    return mark_vocabulary(lines, rules, "above").drop("above")


def mark_menus(lines: pl.DataFrame, rules: list[Rule]) -> pl.DataFrame:
    """Mark runs of three or more lines of at most three words outside the prose of which a third are menu words."""
    short = (pl.col("n_words") <= 3) & ~pl.col("body").str.contains(r"[.!?:;,\"”]$")
    bottom = (pl.col("prose").cast(pl.Int64).cum_sum(reverse=True).over("doc_id") == 0) | pl.col("top")
    for rule in rules:
        shown = drop_blank_lines(lines).with_columns(inside=short & bottom)
        run = (pl.col("doc_id").rle_id() * 2 + pl.col("inside").cast(pl.UInt32)).rle_id()
        runs = shown.with_columns(run=run).filter("inside").filter(pl.len().over("run") >= 3)
        menus = runs.filter(match_rule(rule).sum().over("run") * 3 >= pl.len().over("run"))
        lines = mark_rows(lines, rule.name, rule.score, menus["row"])
    return lines


def measure_glue(lines: pl.DataFrame, rules: list[Rule]) -> pl.DataFrame:
    """Add `glue`: the number of characters of menu words glued to the front of a line ("ArticlesBridge
    closed").

    Only down to the first prose line, and only if the glued word occurs once in the document: NewsGuild, which
    an article on NewsGuild repeats, is a name.
    """
    first = pl.col("top") | (pl.col("prose") & (pl.col("prose").cast(pl.Int64).cum_sum().over("doc_id") == 1))
    words = "|".join(rule.alternatives for rule in rules) or r"\b\B"
    pattern = rf"^((?:{words})+)(?:\p{{Lu}}[\p{{L}}’']*|\p{{Lu}}|[“\"‘¿¡]\S+|\d+)\s+\S+\s+\S+"
    candidates = lines.filter(first & pl.col("rule").is_null() & pl.col("body").str.contains(pattern))
    found = candidates.select(
        "doc_id",
        "line",
        glued=pl.col("body").str.extract(pattern),
        token=pl.col("body").str.extract(r"^(\S+)"),
    )
    uses = (
        lines.join(found.select("doc_id", "token"), on="doc_id")
        .group_by("doc_id", "token")
        .agg(uses=pl.col("body").str.count_matches(pl.col("token"), literal=True).sum())
    )
    once = found.join(uses.filter(pl.col("uses") == 1), on=["doc_id", "token"])
    glue = once.select("doc_id", "line", glue=pl.col("glued").str.len_chars().cast(pl.Int64))
    return lines.join(glue, on=["doc_id", "line"], how="left", maintain_order="left").with_columns(
        pl.col("glue").fill_null(0)
    )


def mark_cut_headlines(lines: pl.DataFrame) -> pl.DataFrame:
    """Mark a top line that is menu words glued to the (often cut-off) headline that the next line gives in full."""
    pairs = drop_blank_lines(lines.select("doc_id", "body", "top", "rule"))
    pairs = pairs.with_columns(below=pl.col("body").shift(-1).over("doc_id")).filter(
        pl.col("top") & pl.col("rule").is_null() & (pl.col("below").str.len_chars() >= _KNOWN_START)
    )
    below = pl.col("below")
    at = pl.col("body").str.find(below.str.slice(0, _KNOWN_START), literal=True)
    stem = pl.col("body").str.replace(r"\s*(?:\.\.\.|…)$", "")
    rest = stem.cast(pl.Binary).bin.slice(at).cast(pl.String, strict=False)
    cut = pairs.filter(at.is_between(1, 60)).filter(below.str.starts_with(rest.fill_null("\0")))
    return mark_rows(lines, "cut_headline", 0.95, cut["row"])
