"""One document's marked-up text, as lines of pieces: what a proof sheet draws, in the terminal or on a page."""

import html
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import polars as pl

from copydesk.transforms.text.lines import LINE_END
from copydesk.transforms.text.printable import escape_invisible

#: Rules that take text out of the article and into a column: their matter is moved, not lost.
MOVED = {"headline": "title", "byline": "byline"}
#: A run of more removed lines than this is folded after its first ones.
_FOLD, _SHOWN = 6, 3
_LINE_END = re.compile(
    re.sub(r"\\x\{(\w+)\}", lambda m: rf"\u{m[1]:0>4}", LINE_END)
)  # Rust's spelling to Python's
#: What a removed span of HTML hides, and the tags that end a line.
_UNSEEN = re.compile(r"(?is)<(script|style|noscript|template)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)")
_TAG = re.compile(r"<[^<>]*>")
_BLOCK_TAG = re.compile(
    r"(?i)</?(?!(?:a|abbr|b|bdi|bdo|cite|code|em|font|i|img|ins|mark|q|s|small|span|strong|sub|sup|time|u)\b)[a-z][^<>]*>"
)
_BLANK = re.compile(r"[^\S\x1c-\x1f]*")


class Piece(NamedTuple):
    """A run of text with one look. `kind` is kept, removed, repaired (`text` reads `new` instead), moved, or break.

    `mention` is the number of the mention that it belongs to, `label` that one's.
    """

    kind: str
    text: str
    new: str = ""
    rule: str = ""
    score: float = 1.0
    label: str = ""
    mention: int | None = None

    @property
    def clean(self) -> str:
        """What of it is in the clean text."""
        return {"kept": self.text, "repaired": self.new}.get(self.kind, "")


class Row(NamedTuple):
    """One line of the raw text."""

    pieces: tuple[Piece, ...]

    @property
    def sign(self) -> str:
        """A mark for the left margin: - removed whole, ~ changed, ^ moved to a column, else a space."""
        kinds = {piece.kind for piece in self.pieces if piece.kind != "kept" or piece.text.strip()}
        if kinds == {"removed"}:
            return "-"
        if "moved" in kinds:
            return "^"
        return "~" if kinds & {"removed", "repaired"} else " "

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing to read."""
        return not any(piece.text.strip() or piece.new for piece in self.pieces)

    @property
    def notes(self) -> list[str]:
        """What the right margin says: each rule with its score, and how often where more than once."""
        marks = Counter(
            f"→ {MOVED[piece.rule]}" if piece.kind == "moved" else f"{piece.rule} {piece.score:.2f}"
            for piece in self.pieces
            if piece.kind != "kept"
        )
        return [note if n == 1 else f"{note} ×{n}" for note, n in marks.items()]


class Fold(NamedTuple):
    """Removed lines that are drawn as one line which counts them."""

    rows: tuple[Row, ...]

    @property
    def summary(self) -> str:
        """How many lines, by which rules."""
        rules = Counter(piece.rule for row in self.rows for piece in row.pieces if piece.rule)
        by_rule = ", ".join(f"{rule} {n}" for rule, n in rules.most_common())
        return f"… {sum(row.sign == '-' for row in self.rows)} lines removed: {by_rule}"


def to_rows(
    raw_text: str, edits: pl.DataFrame, mentions: pl.DataFrame, *, is_html: bool = False
) -> list[Row]:
    """Lay one document out, a row a line of `raw_text`; runs of blank lines become one.

    `edits` (start, end, rule, replacement, score) must be sorted and must not overlap; `mentions` (start, end in the
    clean text, label) must be sorted. Characters that a terminal must not get are spelt out, as in ‹U+001B›.
    Marks that only change white space or markup are drawn as what the clean text reads. Where the raw text
    `is_html`, of what was removed the tags are not drawn.
    """
    pieces = _label(_cut(raw_text, edits, _text_of_html if is_html else str), mentions)
    rows = [Row(tuple(row)) for row in _break(pieces)]
    return [
        row
        for at, row in enumerate(rows)
        if not row.is_blank or (0 < at < len(rows) - 1 and not rows[at - 1].is_blank)
    ]


def fold(rows: Iterable[Row]) -> Iterator[Row | Fold]:
    """Fold long runs of removed lines, but for their first ones."""
    removed: list[Row] = []
    blanks: list[Row] = []
    for row in rows:
        if row.sign == "-":
            removed += [*(blanks if removed else ()), row]
            if len(removed) == 1:
                yield from blanks
            blanks = []
        elif row.is_blank:
            blanks.append(row)
        else:
            yield from [*_folded(removed), *blanks, row]
            removed, blanks = [], []
    yield from [*_folded(removed), *blanks]


def _folded(removed: list[Row]) -> list[Row | Fold]:
    at = [number for number, row in enumerate(removed) if row.sign == "-"]
    if len(at) <= _FOLD:
        return [*removed]
    return [*removed[: at[_SHOWN]], Fold(tuple(removed[at[_SHOWN] :]))]


def _cut(raw_text: str, edits: pl.DataFrame, show: Callable[[str], str]) -> Iterator[Piece]:
    """Cut the raw text at the edits; `show` says what is drawn of a span. A loop over what is drawn."""
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
    """Return about what a reader sees of a span of HTML; a block tag at its end is a line end.

    For the eye only: what is kept is drawn by its own markup edits.
    """
    text = _BLOCK_TAG.sub("\n", _UNSEEN.sub("", " ".join(source.split())))
    lines = [line.strip() for line in html.unescape(_TAG.sub("", text)).split("\n")]
    ends = "\n" if len(lines) > 1 and not lines[-1] else ""
    return "\n".join(line for line in lines if line) + ends


def _label(pieces: Iterable[Piece], mentions: pl.DataFrame) -> Iterator[Piece]:
    """Cut the kept pieces at the ends of mentions and label what lies within; a repair is labelled whole."""
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


def count_rules(edits: pl.DataFrame) -> pl.DataFrame:
    """Return the marks of each rule: rule, n_edits, n_characters and mean_score, most characters first."""
    return (
        edits.group_by("rule")
        .agg(
            n_edits=pl.len(),
            n_characters=(pl.col("end") - pl.col("start")).sum(),
            mean_score=pl.col("score").mean().round(2),
        )
        .sort(pl.col("n_characters"), "rule", descending=[True, False])
    )


def group_label(label: str) -> str:
    """Return who, where or what: the three looks that entities have."""
    return {
        "PERSON": "who",
        "PER": "who",
        "ORG": "body",
        "NORP": "body",
        "GPE": "where",
        "LOC": "where",
        "FAC": "where",
    }.get(label, "what")
