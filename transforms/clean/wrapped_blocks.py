"""Blocks of wrapped copy: runs of lines, without a blank line between, that are broken at one width.

Newswire, quoted mail and exports of press databases are wrapped at 50 to 80 columns, one story among unwrapped
lines or alone, and often shorter than what shows the width of a whole document. So each block is judged by itself.
"""

import numpy as np
import polars as pl

from copydesk.transforms.arrays import Flags, Ints
from copydesk.transforms.text.patterns import CLOSERS, STOP

#: Widths at which blocks are wrapped, in characters: narrower runs of lines are menus, verse and tables.
_WIDTHS = (40, 130)
#: This share of the breaks after a long line must be forced: the next word would not have fitted.
_FORCED_SHARE = 0.6
#: A break in the middle of a sentence: no mark before it that ends something, and the next line goes on in lower case.
_ENDS = rf"(?:{STOP}|[:|•·…]){CLOSERS}$"
_STARTS_LOWER = r"^[(\[\"“‘«]?\p{Ll}"
#: What begins in lower case and is no continuation: a byline, a day, a list's mark.
_STARTS_NEW = r"^(?:by|von|por|par|di|door|av) \p{Lu}|^\p{Ll}\)|^(?:https?|www)\b|^[a-z]+@"
#: A block's first line may be shorter, for its dateline was cut off; it goes on if it is no heading: if it ends with a
#: comma or a small word, or three in ten of its words are in lower case.
_GOES_ON = r"(?:,|\b\p{Ll}{1,4})$"
_LOWER_SHARE = 0.3
#: Columns of figures, and rules of dashes: a table's rows are never joined.
_IS_ROW = r"\S(?: {3,}|\t+ *)\S|^[-=*_ ]+$"
#: The prefix of quoted mail.
QUOTE_PREFIX = r"^\s*(?:> ?)+"


def find_wrapped(lines: pl.DataFrame) -> tuple[Flags, Flags]:
    """Return for each of LINES whether it is inside a block of wrapped copy, and whether it continues the line above.

    A line continues the one above where that is full and the line is not indented further, or where that stops in the
    middle of a sentence at half the block's width or more. A table's rows continue nothing.
    """
    if lines.is_empty():
        return np.zeros(0, np.bool_), np.zeros(0, np.bool_)
    shown = lines.select(
        text=pl.col("text").str.strip_chars_end().str.replace(QUOTE_PREFIX, ""), doc="doc_id"
    )
    text = shown["text"]
    body = text.str.strip_chars_start()
    length = text.str.len_chars().cast(pl.Int64).to_numpy()
    blank = (body == "").to_numpy()
    document = shown["doc"].rle_id().to_numpy().astype(np.int64)
    new = np.concatenate([[True], (document[1:] != document[:-1]) | blank[1:] | blank[:-1]])
    block = np.cumsum(new) - 1
    size = np.bincount(block)
    width = np.zeros(len(size), np.int64)
    np.maximum.at(width, block, length)
    wide = ((size > 1) & (width >= _WIDTHS[0]) & (width <= _WIDTHS[1]))[block]
    inside, goes_on = np.zeros(len(lines), np.bool_), np.zeros(len(lines), np.bool_)
    rows = np.flatnonzero(wide)
    if len(rows):
        indent = length - body.str.len_chars().cast(pl.Int64).to_numpy()
        inside[rows], goes_on[rows] = _judge_blocks(
            body.gather(rows), length[rows], indent[rows], width[block[rows]], block[rows]
        )
    return inside, goes_on


def _judge_blocks(
    body: pl.Series, length: Ints, indent: Ints, width: Ints, block: Ints
) -> tuple[Flags, Flags]:
    """Judge the lines of blocks that may be wrapped; all arrays have one entry per line."""

    def ask(pattern: str) -> Flags:
        return body.str.contains(pattern).to_numpy()

    first = np.concatenate([[True], block[1:] != block[:-1]])
    number, above = np.cumsum(first) - 1, np.arange(len(body)) - 1
    head = body.str.extract(r"^([^\s-]+-?|\S)").str.len_chars().fill_null(0).cast(pl.Int64).to_numpy()
    stops, is_row = ask(_ENDS), ask(_IS_ROW)
    long_above = ~first & (length[above] * 2 >= width)
    forced = long_above & (length[above] + (~ask(r"\p{L}-$")[above]) + head > width)
    midway = long_above & ~stops[above] & ask(_STARTS_LOWER) & ~ask(_STARTS_NEW)
    breaks = np.bincount(number, long_above & (forced | ~(stops[above] | first[above])))
    is_wrapped = (
        (np.bincount(number, midway) >= 1)
        & (np.bincount(number, forced) >= _FORCED_SHARE * breaks)
        & (np.bincount(number, is_row) * 2 < np.bincount(number))
    )
    inside = is_wrapped[number] & ~is_row
    words, small = (body.str.count_matches(rf"\b{kind}").to_numpy() for kind in (r"\p{L}", r"\p{Ll}"))
    goes_on = ask(_GOES_ON) | (small >= _LOWER_SHARE * words)
    short_start = long_above & first[above] & ~stops[above] & goes_on[above]
    deeper = indent > indent[above]
    return inside, inside & ~is_row[above] & (((forced | short_start) & ~deeper) | midway)
