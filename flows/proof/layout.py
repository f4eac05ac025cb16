"""Lay out one document: its raw text cut at edits and mentions into rows of pieces."""

import html
import re
from collections.abc import Callable, Iterable, Iterator

import polars as pl

from copydesk.flows.proof.rows import MOVED, Piece, Row
from copydesk.transforms.text.lines import LINE_END
from copydesk.transforms.text.printable import escape_invisible

_LINE_END = re.compile(
    re.sub(r"\\x\{(\w+)\}", lambda m: rf"\u{m[1]:0>4}", LINE_END)
)  # Rust's spelling to Python's


#: Elements of HTML that are never visible, and tags that end a line.
_UNSEEN = re.compile(r"(?is)<(script|style|noscript|template)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)")


_TAG = re.compile(r"<[^<>]*>")


_BLOCK_TAG = re.compile(
    r"(?i)</?(?!(?:a|abbr|b|bdi|bdo|cite|code|em|font|i|img|ins|mark|q|s|small|span|strong|sub|sup|time|u)\b)[a-z][^<>]*>"
)


_BLANK = re.compile(r"[^\S\x1c-\x1f]*")


def to_rows(
    raw_text: str, edits: pl.DataFrame, mentions: pl.DataFrame, *, is_html: bool = False
) -> list[Row]:
    """Lay out one document: one row per line of `raw_text`; consecutive blank lines become one.

    `edits` (start, end, rule, replacement, score) must be sorted and must not overlap; `mentions` (start, end in the
    clean text, label) must be sorted. Control and invisible characters are
    escaped, as in ‹U+001B›. Edits that only change white space or markup show the clean text. If the raw text
    `is_html`, tags in removed text are hidden.
    """
    pieces = _label(_cut(raw_text, edits, _text_of_html if is_html else str), mentions)
    rows = [Row(tuple(row)) for row in _break(pieces)]
    return [
        row
        for at, row in enumerate(rows)
        if not row.is_blank or (0 < at < len(rows) - 1 and not rows[at - 1].is_blank)
    ]


def _cut(raw_text: str, edits: pl.DataFrame, show: Callable[[str], str]) -> Iterator[Piece]:
    """Cut the raw text at the edits; `show` returns what is displayed of a span."""
    reach = 0
    for start, end, rule, new, score in edits.select(
        "start", "end", "rule", "replacement", "score"
    ).iter_rows():
        old = show(raw_text[start:end])
        yield Piece("kept", raw_text[reach:start])
        if rule.startswith("markup") or (start < end and _BLANK.fullmatch(old + new)):
            yield Piece("kept", new)
            if not new and _LINE_END.search(old) and not rule.startswith("markup"):
                yield Piece("break", "")  # what follows is another line of the raw text
        elif new:
            yield Piece("repaired", old, new, rule, score)
        else:
            yield Piece("moved" if rule in MOVED else "removed", old, "", rule, score)
        reach = end
    yield Piece("kept", raw_text[reach:])


def _text_of_html(source: str) -> str:
    """Return approximately what a reader sees of a span of HTML; a block tag at its end is a line end.

    Used for removed text only; kept text is displayed through its markup edits.
    """
    text = _BLOCK_TAG.sub("\n", _UNSEEN.sub("", " ".join(source.split())))
    lines = [line.strip() for line in html.unescape(_TAG.sub("", text)).split("\n")]
    ends = "\n" if len(lines) > 1 and not lines[-1] else ""
    return "\n".join(line for line in lines if line) + ends


def _label(pieces: Iterable[Piece], mentions: pl.DataFrame) -> Iterator[Piece]:
    """Cut kept pieces at the bounds of mentions and label those inside; a repair is labelled as a whole."""
    spans = mentions.select("start", "end", "label").with_row_index().iter_rows()
    number, start, end, label = next(spans, (None, None, 0, ""))
    reach = 0  # in the clean text
    for piece in pieces:
        at, last = reach, reach + len(piece.clean)
        while at < last:
            while start is not None and end <= at:
                number, start, end, label = next(spans, (None, None, 0, ""))
            inside = start is not None and start <= at
            to = last if start is None else min(end if inside else start, last)
            mark = (label, number) if inside else ("", None)
            if piece.kind == "repaired":
                yield piece._replace(label=mark[0], mention=mark[1])
                break
            yield piece._replace(text=piece.text[at - reach : to - reach], label=mark[0], mention=mark[1])
            at = to
        if not piece.clean and (piece.text or piece.kind == "break"):
            yield piece
        reach = last


def _break(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Break pieces at line ends into rows of visible text. A repair stays on one row."""
    row: list[Piece] = []
    for piece in pieces:
        if piece.kind == "repaired":
            old, new = (_LINE_END.sub("↵", text) for text in (piece.text, piece.new))
            row.append(
                piece._replace(text=escape_invisible(old), new=escape_invisible(new) if new.strip() else "␣")
            )
            continue
        if piece.kind == "break":
            if row := [piece for piece in row if piece.text or piece.new]:
                yield row
            row = []
            continue
        first, *others = _LINE_END.split(piece.text)
        row.append(piece._replace(text=escape_invisible(first)))
        for text in others:
            yield [piece for piece in row if piece.text or piece.new]
            row = [piece._replace(text=escape_invisible(text))]
    yield [piece for piece in row if piece.text or piece.new]
