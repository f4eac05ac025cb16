"""Rows of a proof sheet: lines of the raw text, each a sequence of pieces, with folds of removed lines."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import polars as pl

#: Rules that move text from the article into a column.
MOVED = {"headline": "title", "byline": "byline"}
#: More consecutive removed lines than this are folded after the first ones.
_FOLD, _SHOWN = 6, 3


class Piece(NamedTuple):
    """A span of text with one style. `kind` is kept, removed, repaired (`new` replaces `text`), moved, or break.

    `mention` is the index of the mention that contains it, `label` the mention's label.
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
        """The part of it that is in the clean text."""
        return {"kept": self.text, "repaired": self.new}.get(self.kind, "")


class Row(NamedTuple):
    """One line of the raw text."""

    pieces: tuple[Piece, ...]

    @property
    def sign(self) -> str:
        """The sign in the left margin: - removed, ~ changed, ^ moved to a column, else a space."""
        kinds = {piece.kind for piece in self.pieces if piece.kind != "kept" or piece.text.strip()}
        if kinds == {"removed"}:
            return "-"
        if "moved" in kinds:
            return "^"
        return "~" if kinds & {"removed", "repaired"} else " "

    @property
    def is_blank(self) -> bool:
        """Whether the row shows nothing."""
        return not any(piece.text.strip() or piece.new for piece in self.pieces)

    @property
    def notes(self) -> list[str]:
        """The notes in the right margin: each rule with its score, and its count if above one."""
        marks = Counter(
            f"→ {MOVED[piece.rule]}" if piece.kind == "moved" else f"{piece.rule} {piece.score:.2f}"
            for piece in self.pieces
            if piece.kind != "kept"
        )
        return [note if n == 1 else f"{note} ×{n}" for note, n in marks.items()]


class Fold(NamedTuple):
    """Removed lines that are shown as one line with their count."""

    rows: tuple[Row, ...]

    @property
    def summary(self) -> str:
        """The number of lines, by rule."""
        rules = Counter(piece.rule for row in self.rows for piece in row.pieces if piece.rule)
        by_rule = ", ".join(f"{rule} {n}" for rule, n in rules.most_common())
        return f"… {sum(row.sign == '-' for row in self.rows)} lines removed: {by_rule}"


def fold(rows: Iterable[Row]) -> Iterator[Row | Fold]:
    """Fold long sequences of removed lines after their first ones."""
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


def count_rules(edits: pl.DataFrame) -> pl.DataFrame:
    """Return the edits by rule: rule, n_edits, n_characters and mean_score, most characters first."""
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
    """Return the style of an entity label: who, body, where or what."""
    return {
        "PERSON": "who",
        "PER": "who",
        "ORG": "body",
        "NORP": "body",
        "GPE": "where",
        "LOC": "where",
        "FAC": "where",
    }.get(label, "what")
