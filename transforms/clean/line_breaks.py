"""Line breaks that a scraper introduced, and the segments that it should have left.

Three kinds of damage are mended: text wrapped at a fixed width (lines are joined), one line per inline element,
as BeautifulSoup's `get_text` writes it (fragments are joined), and a whole page on one line (cut into sentences
and menus). Only the segmentation changes: a segment is a span of the raw text.

Measured on ../shared/eval/clean/variants_dev: choosing the best segments gives a 4-gram F1 of 0.990 for wrapped
text, 0.992 for fragments and 0.972 for one line, so the score is limited by the classifier and not by the
segmentation.
"""

from typing import Any

import numpy as np
import polars as pl

from copydesk.transforms.arrays import Flags, Ints
from copydesk.transforms.clean.single_line_pages import cut_page
from copydesk.transforms.clean.wrapped_blocks import find_wrapped
from copydesk.transforms.contract import LINES, conform
from copydesk.transforms.text.lines import fill_rows
from copydesk.transforms.text.patterns import CLOSING_MARK, LATIN_SENTENCE_END, LINE_STOP

#: Widths at which text is wrapped, in characters.
_WIDTHS = (40, 130)
#: A document is wrapped if this share of its lines over half the width is too full for the next word.
_FULL_SHARE = 0.6
_MIN_LONG_LINES = 8
#: A line of this length with this share of its document's characters is a page on one line.
_ONE_LINE_CHARS, _ONE_LINE_SHARE = 800, 0.6

_CLOSES = rf"^{CLOSING_MARK}(?:\s|$|[\"”’)])|^['’](?:s|re|ve|d|ll|t)\b"
_OPEN_END = r"(?:[,(“‘\[–—]|\b(?:\p{Ll}{1,4}|\p{Ll}+(?:ed|ing)))$"


def to_segments(lines: pl.DataFrame) -> pl.DataFrame:
    """Join and cut LINES into the segments that rules judge: also LINES, tiling the same text.

    A segment's text may contain line ends; a segment without a line end at its end is a part of a line.
    """
    if lines.is_empty():
        return lines
    return _cut_long_lines(_join(lines, _continues(lines)))


def _continues(lines: pl.DataFrame) -> Flags:
    """Return for each line whether it continues the line above."""
    body = lines.select(body=pl.col("text").str.strip_chars())
    document = lines["doc_id"].rle_id().to_numpy().astype(np.int64)
    length = body["body"].str.len_chars().cast(pl.Int64).to_numpy()
    above = _above(length)
    follows = (document == _above(document)) & (above > 0) & (length > 0)
    follows[0] = False

    def ask(question: pl.Expr, rows: Flags) -> Ints:
        """Return the answers on `rows`, 0 elsewhere."""
        found = np.zeros(len(lines), np.int64)
        found[rows] = body.filter(pl.Series(rows)).select(question.cast(pl.Int64)).to_series().to_numpy()
        return found

    text, begins = pl.col("body").str, np.flatnonzero(np.diff(document, prepend=-1))
    spaced = ask(text.contains(" ", literal=True), length > 0)
    width = np.maximum.reduceat(np.where(spaced, length, 0), begins)[document]
    long = length * 2 >= width
    n_long = np.bincount(document, long)[document]
    wrapped = (width >= _WIDTHS[0]) & (width <= _WIDTHS[1]) & (n_long >= _MIN_LONG_LINES)
    head = ask(text.extract(r"^([^\s-]+-?|\S)").str.len_chars().fill_null(0), wrapped & follows)
    below = np.concatenate([head[1:], [0]])
    full = (below > 0) & (length + 1 - ask(text.ends_with("-"), wrapped) + below > width)
    wrapped &= np.bincount(document, full & long)[document] >= _FULL_SHARE * n_long

    closing = ask(text.contains(_CLOSES), follows) > 0
    ends = ask(text.contains(LATIN_SENTENCE_END), np.concatenate([closing[1:], [False]])) > 0
    closing &= ~_above(ends)
    fragmented = np.bincount(document, closing)[document] >= 2
    n_words = ask(text.count_matches(" ", literal=True), fragmented) + 1
    stops = _above(ask(text.contains(LINE_STOP), fragmented)) > 0
    opens = _above(ask(text.contains(_OPEN_END), fragmented)) > 0
    lower = (ask(text.contains(r"^\p{Ll}"), fragmented & follows) > 0) & (n_words + _above(n_words) >= 5)
    joins = closing | (fragmented & ~stops & (lower | (opens & (_above(n_words) >= 4))))
    in_block, goes_on_in_block = find_wrapped(lines)
    divided = _above(ask(text.contains(r"\p{L}\x{AD}$"), length > 0)) > 0  # a word
    goes_on: Flags = follows & (
        divided | np.where(in_block, goes_on_in_block, np.where(wrapped, _above(full), joins))
    )
    return goes_on


def _above[T: np.generic](values: "np.ndarray[Any, np.dtype[T]]") -> "np.ndarray[Any, np.dtype[T]]":
    """Return for each line the value of the line above; for the first line its own value."""
    return np.concatenate([values[:1], values[:-1]])


def _join(lines: pl.DataFrame, continues: Flags) -> pl.DataFrame:
    """Make one segment of every line and the lines that continue it."""
    if not continues.any():
        return lines
    segment = np.cumsum(~continues) - 1
    size = np.bincount(segment)
    parts = size[segment] > 1
    whole = lines.filter(parts).group_by(pl.Series(segment[parts]), maintain_order=True)
    joined = whole.agg(pl.col("text").str.join(""))["text"]
    segments = lines.filter(~continues).with_columns(
        end=lines["end"].gather(np.cumsum(size) - 1),
        text=pl.coalesce(fill_rows(pl.Series(size > 1), joined), "text"),
    )
    return _number(segments)


def _cut_long_lines(lines: pl.DataFrame) -> pl.DataFrame:
    """Cut pages on one line into sentences and menus.

    A Python loop over such lines only: Rust's regular expressions have no look-behind, and the runs of menu
    words are found token by token.
    """
    length = pl.col("end") - pl.col("start")
    whole = (length >= _ONE_LINE_CHARS) & (length >= _ONE_LINE_SHARE * length.sum().over("doc_id"))
    if not lines.select(whole.any()).item():
        return lines
    pieces = [
        cut_page(text) if is_whole else [text] for text, is_whole in lines.select("text", whole).iter_rows()
    ]
    cuts = lines.with_columns(text=pl.Series(pieces, dtype=pl.List(pl.String))).explode(
        "text", empty_as_null=True
    )
    size = pl.col("text").str.len_chars().cast(pl.Int64)
    reach = pl.col("start").first().over("doc_id") + size.cum_sum().over("doc_id")
    return _number(cuts.with_columns(start=reach - size, end=reach))


def _number(segments: pl.DataFrame) -> pl.DataFrame:
    """Number the segments of each document from 0."""
    return conform(segments.with_columns(line=pl.int_range(pl.len()).over("doc_id")), LINES)
