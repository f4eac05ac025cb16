"""Inline rules: boilerplate inside a line, such as a credit in brackets or a link at the end of a paragraph."""

import re

import polars as pl

from copydesk.transforms.clean.rules import Rule, keep_group
from copydesk.transforms.contract import EDITS, as_edits, empty
from copydesk.transforms.text.lines import find_spans

#: A condition for every pattern of a span rule: a bracket, an arrow, or the end of a sentence with more text
#: after it. It costs a tenth of the patterns and rules out most lines: `python -m benchmarks.clean`, dev.
_LIKELY = r"[\[(→»›>👉▶►]|[.!?…”\"»’)]\s*[\p{L}👉][^.!?]*[.!?:…→»›>]*$|[.!?…”\"»’)]\s*\p{L}[\p{L} ]*\s?[:|»→]"


def propose_rule_spans(lines: pl.DataFrame, rules: list[Rule]) -> pl.DataFrame:
    """Propose the removal (EDITS) of every match of the span `rules` in the `text` of LINES.

    The groups `before` and `after` of a pattern are context and stay. Spans of two rules may overlap;
    :func:`copydesk.transforms.edits.resolve_overlaps` resolves that.
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
    """Find the spans of one pattern, without its groups `before` and `after`."""
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
