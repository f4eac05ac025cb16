"""Spans inside lines that the vocabulary takes out: a credit in brackets, a pointer at a paragraph's end."""

import re

import polars as pl

from copydesk.transforms.clean.rules import Rule, keep_group
from copydesk.transforms.contract import EDITS, as_edits, empty
from copydesk.transforms.text.lines import find_spans

#: What every pattern of a span rule needs beside it: a bracket, an arrow, or a sentence's end with more text behind.
#: It costs a tenth of the patterns and spares them most lines: `python -m benchmarks.clean`, dev.
_LIKELY = r"[\[(→»›>👉▶►]|[.!?…”\"»’)]\s*[\p{L}👉][^.!?]*[.!?:…→»›>]*$|[.!?…”\"»’)]\s*\p{L}[\p{L} ]*\s?[:|»→]"


def propose_rule_spans(lines: pl.DataFrame, rules: list[Rule]) -> pl.DataFrame:
    """Propose the removal (EDITS) of every match of the span `rules` in the `text` of LINES.

    What the groups `before` and `after` of a pattern hold stays: they say where a span may stand. Spans of two
    rules may overlap; :func:`copydesk.transforms.edits.resolve_overlaps` settles that.
    """
    likely = lines.filter(pl.col("text").str.contains(_LIKELY))
    found = [empty(EDITS)]
    for rule in rules:
        plain = [pattern for pattern in rule.patterns if "(?P<" not in pattern]
        grouped = [pattern for pattern in rule.patterns if "(?P<" in pattern]
        spans = [_cut(likely, pattern) for pattern in (["|".join(plain)] if plain else []) + grouped]
        found += [
            as_edits(
                span.with_columns(rule=pl.lit(rule.name), score=pl.lit(rule.score), replacement=pl.lit(""))
            )
            for span in spans
        ]
    return pl.concat(found)


def _cut(lines: pl.DataFrame, pattern: str) -> pl.DataFrame:
    """Find the spans of one pattern, without what its groups `before` and `after` hold."""
    bare = re.sub(r"\(\?P<\w+>", "(?:", pattern)
    spans = find_spans(lines, f"(?i)(?:{bare})")
    before, after = (
        pl.col("match").str.extract(f"(?i)^(?:{keep_group(pattern, name)})$").str.len_chars().fill_null(0)
        if f"(?P<{name}>" in pattern
        else pl.lit(0)
        for name in ("before", "after")
    )
    return spans.with_columns(
        start=pl.col("start") + before.cast(pl.Int64), end=pl.col("end") - after.cast(pl.Int64)
    )
