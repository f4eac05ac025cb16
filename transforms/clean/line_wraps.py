"""Line ends inside a segment: each reads as a space or as nothing, and a word that was divided is one word again."""

import polars as pl

from copydesk.transforms.clean.word_frequencies import zipf_values
from copydesk.transforms.contract import as_edits
from copydesk.transforms.text.lines import LINE_END, find_spans
from copydesk.transforms.text.patterns import CLOSING_MARK

#: A line end inside a segment and its context: a divided word before it, the rest of the word or a closing mark after.
_INNER_END = rf"(?:\p{{L}}+[-\x{{AD}}])?[ \t]*(?:{LINE_END})\s*(?:\p{{Ll}}+|{CLOSING_MARK})?"
#: Both parts of a word with a hyphen of its own ("English-language") have this Zipf value, and no list has the whole.
_PART = 3.0


def flatten_body(body: pl.Expr) -> pl.Expr:
    """Return a segment's body as one line, as :func:`mend_line_ends` will leave it, but with all hyphens."""
    return (
        body.str.replace_all(rf"(\p{{L}}-)[ \t]*(?:{LINE_END})\s*", "${1}")
        .str.replace_all(rf"\x{{AD}}[ \t]*(?:{LINE_END})\s*", "")
        .str.replace_all(rf"[ \t]*(?:{LINE_END})\s*({CLOSING_MARK})", "${1}")
        .str.replace_all(rf"[ \t]*(?:{LINE_END})\s*", " ")
    )


def mend_line_ends(lines: pl.DataFrame, langs: pl.DataFrame) -> pl.DataFrame:
    """Propose a space for every line end inside a segment; nothing after a hyphen or before a closing mark.

    `langs` are doc_id and lang. The hyphen that divides a word goes too (rule `line_hyphen`): a soft hyphen always,
    another one before a small letter unless both parts are common words
    of the language and the whole is none. In a language without a word list it stays.
    """
    inner = lines.with_columns(text=pl.col("text").str.strip_chars_end())
    ends = find_spans(inner, _INNER_END).join(
        langs.select("doc_id", "lang"), on="doc_id", how="left", maintain_order="left"
    )
    left = pl.col("match").str.extract(r"^(\p{L}+)[-\x{AD}]")
    after = pl.col("match").str.extract(rf"(\p{{Ll}}+|{CLOSING_MARK})$")
    ends = ends.with_columns(left=left, right=pl.when(after.str.contains(r"^\p{Ll}")).then(after))
    soft = pl.col("match").str.contains(r"^\p{L}+\x{AD}")
    divided = ends["left"].is_not_null() & (ends.select(soft).to_series() | _is_one_word(ends))
    hyphen = pl.col("left").is_not_null()
    closes = after.is_not_null() & pl.col("right").is_null()
    return as_edits(
        ends.with_columns(
            start=pl.col("start")
            + pl.col("left").str.len_chars().cast(pl.Int64).fill_null(0)
            + (hyphen & ~pl.lit(divided)).cast(pl.Int64),
            end=pl.col("end") - after.str.len_chars().cast(pl.Int64).fill_null(0),
            rule=pl.when(pl.lit(divided)).then(pl.lit("line_hyphen")).otherwise(pl.lit("line_wrap")),
            replacement=pl.when(hyphen | closes).then(pl.lit("")).otherwise(pl.lit(" ")),
            score=1.0,
        ),
    )


def _is_one_word(ends: pl.DataFrame) -> pl.Series:
    """Return for each line end whether the parts around its hyphen (left, right, lang) are one word."""
    parts = ends.with_columns(whole=pl.col("left") + pl.col("right"))
    zipf = {name: zipf_values(parts[name], parts["lang"]) for name in ("left", "right", "whole")}
    common = (zipf["left"] >= _PART) & (zipf["right"] >= _PART)
    return parts["whole"].is_not_null() & ((zipf["whole"] > 0) | ~common).fill_null(value=False)
