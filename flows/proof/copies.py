"""The documents that one was merged into, or that were merged into it: who is the keeper and why, and what differs."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, NamedTuple

import polars as pl

from copydesk.flows.proof.diff import Line, Run, compare, count_words
from copydesk.transforms.text.printable import escape_invisible

#: Of a run of more lines that both texts have, only this many are drawn at each end.
_CONTEXT = 2
#: Characters of a run that are drawn; of a whole comparison; of two texts, above which they are not compared.
_LONGEST, _MOST, _COMPARED = 20_000, 400_000, 4_000_000


class Pair(NamedTuple):
    """One line of the comparison, left this document's and right the partner's, as it is drawn.

    `kind` is same, changed, left or right (which side alone has it).
    """

    kind: str
    n_words: int
    runs: tuple[Run, ...]


class Gap(NamedTuple):
    """Lines that are not drawn, or folded: what is said instead, and which side alone has them (or both)."""

    summary: str
    side: str
    pairs: tuple[Pair, ...] = ()


class Partner(NamedTuple):
    """One partner; `lines` is None where its text is not laid beside."""

    doc_id: str
    title: str
    about: str
    is_keeper: bool
    verdict: str
    why: str
    uri: str
    kind: str
    lines: list[Pair | Gap] | None


def to_partners(document: dict[str, Any], duplicates: pl.DataFrame) -> list[Partner]:
    """Return the partners of `document` in the order of `duplicates` (see
    :func:`copydesk.warehouse.queries.proof.read_proofs`).
    """
    return [_partner(document, row) for row in duplicates.iter_rows(named=True)]


def _partner(document: dict[str, Any], row: dict[str, Any]) -> Partner:
    keeper, merged = (row, document) if row["is_merged"] else (document, row)
    return Partner(
        doc_id=row["doc_id"],
        title=escape_invisible(row["title"] or "(no title)"),
        about=about(row),
        is_keeper=row["is_merged"],
        verdict=(
            f"{row['kind']}, similarity {row['similarity']:.2f}; the keeper has {row['containment']:.0%} of the "
            f"merged text, the merged text has {row['canonical_containment']:.0%} of the keeper"
        ),
        why=_why(keeper, merged),
        uri=escape_invisible(row["uri"])
        + (f" and {row['n_records'] - 1} more" if row["n_records"] > 1 else ""),
        kind=row["kind"],
        lines=_lines(document["text"], row["text"], row["kind"], is_keeper=row["is_merged"]),
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


def _why(keeper: dict[str, Any], merged: dict[str, Any]) -> str:
    """Say which step of copydesk.transforms.dedupe.canonical.in_canonical_order decided."""
    if keeper["n_words"] != merged["n_words"]:
        return f"the more complete one, {keeper['n_words']} words against {merged['n_words']}"
    if keeper["published_at"] != merged["published_at"]:
        if merged["published_at"] is None:
            return "as long, and only it says when it was published"
        return (
            f"as long, and published earlier: {_day(keeper['published_at'])}, {_day(merged['published_at'])}"
        )
    return "as long and as early, and its doc_id is the smaller"


def _lines(own: str, other: str | None, kind: str, *, is_keeper: bool) -> list[Pair | Gap] | None:
    if other is None or len(own) + len(other) > _COMPARED:
        return None
    pairs = [_pair(line) for line in compare(own, other)]
    longer = ("right" if is_keeper else "left") if kind == "contained" else ""
    lines: list[Pair | Gap] = []
    drawn = 0
    for sort, group in groupby(pairs, key=lambda pair: pair.kind):
        for line in _folded(sort, list(group), longer):
            drawn += sum(map(_size, line.pairs if isinstance(line, Gap) else (line,)))
            if drawn > _MOST:
                rest = line._replace(pairs=()) if isinstance(line, Gap) else Gap("… and more", "both")
                return [*lines, rest, Gap("The rest is not drawn: it is too much to read.", "both")]
            lines.append(line)
    return lines


def _size(pair: Pair) -> int:
    return sum(len(run.left) + len(run.right) for run in pair.runs)


def _folded(kind: str, pairs: list[Pair], longer: str) -> Iterator[Pair | Gap]:
    if kind == longer:
        yield Gap(f"… {sum(pair.n_words for pair in pairs)} more words", kind, tuple(pairs))
    elif kind == "same" and len(pairs) > 2 * _CONTEXT + 1:
        hidden = pairs[_CONTEXT:-_CONTEXT]
        n = sum(pair.n_words for pair in hidden)
        yield from pairs[:_CONTEXT]
        yield Gap(f"… {len(hidden)} paragraphs that both have, {n} words", "both")
        yield from pairs[-_CONTEXT:]
    else:
        yield from pairs


def _pair(line: Line) -> Pair:
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
    runs = (Run(run.same, *texts) for run, *texts in zip(line, *drawn, strict=True))
    return Pair(kind, max(n_words), tuple(runs))


def _shown(text: str) -> str:
    more = len(text) - _LONGEST
    cut = f"{text[:_LONGEST]}… ({more} characters more)" if more > 0 else text
    return "\n".join(escape_invisible(line) for line in cut.split("\n"))
