"""Line ends inside a segment: each reads as a space or as nothing."""

import polars as pl

from copydesk.transforms.contract import as_edits
from copydesk.transforms.text.lines import LINE_END, find_spans
from copydesk.transforms.text.patterns import CLOSING_MARK

#: A line end inside a segment and its context: a hyphen before it, a closing mark after it.
_INNER_END = rf"(?:\p{{L}}-)?[ \t]*(?:{LINE_END})\s*{CLOSING_MARK}?"


def flatten_body(body: pl.Expr) -> pl.Expr:
    """Return a segment's body as one line, as :func:`mend_line_ends` will leave it."""
    return (
        body.str.replace_all(rf"(\p{{L}}-)[ \t]*(?:{LINE_END})\s*", "${1}")
        .str.replace_all(rf"[ \t]*(?:{LINE_END})\s*({CLOSING_MARK})", "${1}")
        .str.replace_all(rf"[ \t]*(?:{LINE_END})\s*", " ")
    )


def mend_line_ends(lines: pl.DataFrame) -> pl.DataFrame:
    """Propose a space for every line end inside a segment; nothing after a hyphen or before a closing mark."""
    inner = lines.with_columns(text=pl.col("text").str.strip_chars_end())
    ends = find_spans(inner, _INNER_END)
    hyphen = ends["match"].str.contains(r"^\p{L}-")
    closes = ends["match"].str.contains(f"{CLOSING_MARK}$")
    return as_edits(
        ends.with_columns(
            start=pl.col("start") + hyphen.cast(pl.Int64) * 2,
            end=pl.col("end") - closes.cast(pl.Int64),
            rule=pl.lit("line_wrap"),
            replacement=pl.when(hyphen | closes).then(pl.lit("")).otherwise(pl.lit(" ")),
            score=1.0,
        ),
    )
