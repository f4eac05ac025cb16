"""Raw text as described segments: each with its body, its number of words and whether it is prose."""

import polars as pl

from copydesk.transforms.clean.line_breaks import to_segments
from copydesk.transforms.clean.line_wraps import flatten_body
from copydesk.transforms.clean.marks import is_row_in
from copydesk.transforms.html.visible_text import PAGES
from copydesk.transforms.text.lines import LINE_END, fill_rows, to_lines
from copydesk.transforms.text.patterns import ELLIPSIS_END, SENTENCE_END
from copydesk.transforms.text.words import WORD

#: What is invisible at the ends of a line: spaces, control and zero-width characters, and their character
#: references.
SHOWS_NOTHING = (
    r"(?:[\s\x00-\x20\x7F\x{85}\x{A0}\x{AD}\x{200B}\x{2028}\x{2029}\x{2060}\x{3000}\x{FEFF}]"
    r"|&(?:nbsp|NewLine|#(?:160|13|10|8232)|#[xX](?:A0|0?[DA]));)+"
)


def segment(raw: pl.DataFrame) -> pl.DataFrame:
    """Cut `raw` (doc_id, raw_text, media_type) into described LINES, with the line breaks of scrapers mended.

    The views of HTML pages need no mending.
    """
    lines = to_lines(raw)
    pages = raw.filter(pl.col("media_type").is_in(PAGES)).select("doc_id")
    if pages.is_empty():
        return describe_lines(to_segments(lines))
    plain = lines.join(pages, on="doc_id", how="anti", maintain_order="left")
    framed = lines.join(pages, on="doc_id", how="semi", maintain_order="left")
    return describe_lines(pl.concat([to_segments(plain), framed]))


def describe_lines(lines: pl.DataFrame) -> pl.DataFrame:
    """Add body (one line), n_words, prose and the empty marks rule and score to LINES."""
    body = pl.col("text").str.replace(f"{SHOWS_NOTHING}$", "").str.replace(f"^{SHOWS_NOTHING}", "")
    lines = lines.with_columns(body=body)
    joined = lines["body"].str.contains(LINE_END)
    if joined.any():
        mended = fill_rows(joined, lines.filter(joined).select(flatten_body(pl.col("body"))).to_series())
        lines = lines.with_columns(body=pl.coalesce(mended, "body"))
    lines = lines.with_columns(n_words=pl.col("body").str.count_matches(WORD))
    long = lines.select("body", "n_words").with_row_index("row").filter(pl.col("n_words") >= 20)
    ends = pl.col("body").str.contains(SENTENCE_END) & ~pl.col("body").str.contains(ELLIPSIS_END)
    return lines.with_columns(
        prose=is_row_in(lines, long.filter(ends)["row"]),
        rule=pl.lit(None, pl.String),
        score=pl.lit(None, pl.Float64),
    )
