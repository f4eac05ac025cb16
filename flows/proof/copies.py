"""The copies of a document: its canonical document or those merged into it, why, and what differs."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, NamedTuple

import polars as pl

from copydesk.flows.proof.diff import Line, Span, compare, count_words
from copydesk.transforms.text.printable import escape_invisible

#: Of a longer sequence of lines that both texts have, this many are shown at each end.
_CONTEXT = 2
#: Limits in characters: of one span, of one comparison, and of two texts together to be compared at all.
_LONGEST, _MOST, _COMPARED = 20_000, 400_000, 4_000_000


class AlignedLine(NamedTuple):
    """One line of the comparison as it is displayed: this document on the left, the partner on the right.

    `kind` is same, changed, left or right (the only side that has the line).
    """

    kind: str
    n_words: int
    runs: tuple[Span, ...]


class FoldedLines(NamedTuple):
    """Lines that are folded or left out: the summary shown instead, and the side that has them (or both)."""

    summary: str
    side: str
    pairs: tuple[AlignedLine, ...] = ()


class Partner(NamedTuple):
    """One copy of the document; `lines` is None if the texts were not compared."""

    doc_id: str
    title: str
    about: str
    is_canonical: bool
    verdict: str
    why: str
    uri: str
    kind: str
    lines: list[AlignedLine | FoldedLines] | None


def to_partners(document: dict[str, Any], duplicates: pl.DataFrame) -> list[Partner]:
    """Return the partners of `document` in the order of `duplicates` (see
    :func:`copydesk.warehouse.queries.proof.read_proofs`).
    """
    return [_partner(document, row) for row in duplicates.iter_rows(named=True)]


def _partner(document: dict[str, Any], row: dict[str, Any]) -> Partner:
    canonical, merged = (row, document) if row["is_merged"] else (document, row)
    return Partner(
        doc_id=row["doc_id"],
        title=escape_invisible(row["title"] or "(no title)"),
        about=about(row),
        is_canonical=row["is_merged"],
        verdict=(
            f"{row['kind']}, similarity {row['similarity']:.2f}; the canonical text has {row['containment']:.0%} of "
            f"the merged text, the merged text has {row['canonical_containment']:.0%} of the canonical text"
        ),
        why=_why(canonical, merged),
        uri=escape_invisible(row["uri"])
        + (f" and {row['n_records'] - 1} more" if row["n_records"] > 1 else ""),
        kind=row["kind"],
        lines=_lines(document["text"], row["text"], row["kind"], is_canonical=row["is_merged"]),
    )


def about(document: dict[str, Any]) -> str:
    """Return a document's source, day of publication and number of words, in one line."""
    source, at = document["source"], document["published_at"]
    return " · ".join(
        [
            *([escape_invisible(source)] if source else []),
            *([_day(at)] if at else []),
            f"{document['n_words']} words",
        ]
    )


def _day(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d}"


def _why(canonical: dict[str, Any], merged: dict[str, Any]) -> str:
    """Return which criterion of copydesk.transforms.dedupe.canonical.in_canonical_order decided."""
    if canonical["n_words"] != merged["n_words"]:
        return f"the more complete text, {canonical['n_words']} words against {merged['n_words']}"
    if canonical["published_at"] != merged["published_at"]:
        if merged["published_at"] is None:
            return "equally long, and the only one with a publication date"
        return f"equally long, and published earlier: {_day(canonical['published_at'])}, {_day(merged['published_at'])}"
    return "equally long and equally early, with the smaller doc_id"


def _lines(
    own: str, other: str | None, kind: str, *, is_canonical: bool
) -> list[AlignedLine | FoldedLines] | None:
    if other is None or len(own) + len(other) > _COMPARED:
        return None
    pairs = [_pair(line) for line in compare(own, other)]
    longer = ("right" if is_canonical else "left") if kind == "contained" else ""
    lines: list[AlignedLine | FoldedLines] = []
    drawn = 0
    for sort, group in groupby(pairs, key=lambda pair: pair.kind):
        for line in _folded(sort, list(group), longer):
            drawn += sum(map(_size, line.pairs if isinstance(line, FoldedLines) else (line,)))
            if drawn > _MOST:
                rest = (
                    line._replace(pairs=())
                    if isinstance(line, FoldedLines)
                    else FoldedLines("… and more", "both")
                )
                return [
                    *lines,
                    rest,
                    FoldedLines("The rest is left out: the comparison is too long.", "both"),
                ]
            lines.append(line)
    return lines


def _size(pair: AlignedLine) -> int:
    return sum(len(run.left) + len(run.right) for run in pair.runs)


def _folded(kind: str, pairs: list[AlignedLine], longer: str) -> Iterator[AlignedLine | FoldedLines]:
    if kind == longer:
        yield FoldedLines(f"… {sum(pair.n_words for pair in pairs)} more words", kind, tuple(pairs))
    elif kind == "same" and len(pairs) > 2 * _CONTEXT + 1:
        hidden = pairs[_CONTEXT:-_CONTEXT]
        n = sum(pair.n_words for pair in hidden)
        yield from pairs[:_CONTEXT]
        yield FoldedLines(f"… {len(hidden)} paragraphs in both, {n} words", "both")
        yield from pairs[-_CONTEXT:]
    else:
        yield from pairs


def _pair(line: Line) -> AlignedLine:
    kind = "left" if not any(run.right for run in line) else "right"
    if all(run.same for run in line):
        kind = "same"
    elif any(run.left for run in line) and any(run.right for run in line):
        kind = "changed"
    sides = zip(*((run.left, run.right) for run in line), strict=True)
    n_words, drawn = [], []
    for side in sides:
        n_words.append(sum(map(count_words, side)))
        last = max((at for at, text in enumerate(side) if text), default=0)
        drawn.append([_shown(text.rstrip() if at == last else text) for at, text in enumerate(side)])
    runs = (Span(run.same, *texts) for run, *texts in zip(line, *drawn, strict=True))
    return AlignedLine(kind, max(n_words), tuple(runs))


def _shown(text: str) -> str:
    more = len(text) - _LONGEST
    cut = f"{text[:_LONGEST]}… ({more} characters more)" if more > 0 else text
    return "\n".join(escape_invisible(line) for line in cut.split("\n"))
