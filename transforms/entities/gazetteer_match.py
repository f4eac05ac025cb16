"""Match names in texts: those of the gazetteer, and those that the model recognised elsewhere in the same document.

A loop over capitalised words, because the names of the document change from document to document. A word costs a few
dictionary look-ups however many names there are: ten thousand names take linear time.
"""

import re
from collections.abc import Iterable, Iterator

import polars as pl

#: An index of names: their lengths by their first word, longest first; and the names themselves.
type NameIndex = tuple[dict[str, list[int]], frozenset[str] | set[str]]

#: Code points before and after a mention that its evidence is read from.
BEFORE, AFTER = 24, 16
#: Longer names are not matched again.
LONGEST = 60
_CAPITALISED = re.compile(r"\b[^\W\d_a-z]\w*")
_LOWER = re.compile(r"\b[a-z]\w*")
_HYPHENS = "-‐‑"
FOUND = {
    "doc_id": pl.String, "start": pl.Int64, "end": pl.Int64, "surface": pl.String, "label": pl.String,
    "before": pl.String, "after": pl.String,
}  # fmt: skip


def index_names(names: Iterable[str]) -> NameIndex:
    """Return the index of names; only those that begin with a capital can be matched."""
    held = {name for name in names if _CAPITALISED.match(name)}
    lengths: dict[str, set[int]] = {}
    for name in held:
        lengths.setdefault(_CAPITALISED.findall(name)[0], set()).add(len(name))
    return {word: sorted(some, reverse=True) for word, some in lengths.items()}, held


def match_gazetteer(
    documents: pl.DataFrame, spans: pl.DataFrame, listed: NameIndex, no_names: frozenset[str]
) -> pl.DataFrame:
    """Add to the recognised spans (doc_id, start, surface, label) of documents (doc_id, text) the names found again.

    Their label is null. A word of `no_names` is not looked for again. A found name replaces the spans that it wholly
    covers where it has several words; any other overlap is the span's. Returns FOUND, by document and start, without
    overlaps.
    """
    by_document = {
        doc_id: part.select("start", "surface", "label").rows()
        for (doc_id,), part in spans.sort("start").group_by("doc_id", maintain_order=True)
    }
    rows = [
        (
            doc_id,
            start,
            end,
            text[start:end],
            label,
            text[max(0, start - BEFORE) : start],
            text[end : end + AFTER],
        )
        for doc_id, text in documents.select("doc_id", "text").iter_rows()
        for start, end, label in _spot_one(text, by_document.get(doc_id, []), listed, no_names)
    ]
    return pl.DataFrame(rows, schema=FOUND, orient="row")


def _spot_one(
    text: str, spans: list[tuple[int, str, str]], listed: NameIndex, no_names: frozenset[str]
) -> list[tuple[int, int, str | None]]:
    merged: list[tuple[int, int, str | None]] = []
    rest = [(start, start + len(surface), label) for start, surface, label in spans]
    rest.reverse()
    for start, end in _hits(text, _repeatable(text, spans, no_names), listed):
        while rest and rest[-1][1] <= start:
            merged.append(rest.pop())
        covered = []
        while rest and rest[-1][0] < end:
            covered.append(rest.pop())
        whole = all(start <= a and b <= end for a, b, _ in covered)
        if not covered or (whole and (start, end) != covered[0][:2] and " " in text[start:end]):
            merged.append((start, end, None))
        else:
            rest.extend(reversed(covered))
    return merged + rest[::-1]


def _repeatable(text: str, spans: list[tuple[int, str, str]], no_names: frozenset[str]) -> NameIndex:
    """Return the names worth looking for again: not one word that the text also writes in lower case."""
    words: set[str] | None = None
    names = set()
    for name in {surface for _, surface, _ in spans if 2 < len(surface) <= LONGEST}:
        if " " not in name:
            words = set(_LOWER.findall(text)) if words is None else words
            if name.lower() in words or name in no_names:
                continue
        names.add(name)
    return index_names(names)


def _hits(text: str, *sources: NameIndex) -> Iterator[tuple[int, int]]:
    """Yield the longest known name at each capitalised word, left to right, as (start, end)."""
    past = 0
    (lengths_a, names_a), (lengths_b, names_b) = sources
    for match in _CAPITALISED.finditer(text):
        start, word = match.start(), match.group()
        if start < past or not (word in lengths_a or word in lengths_b):
            continue
        ends = [start + n for n in lengths_a.get(word, ()) if text[start : start + n] in names_a]
        ends += [start + n for n in lengths_b.get(word, ()) if text[start : start + n] in names_b]
        ends = [end for end in ends if _stands_alone(text, start, end)]
        if ends:
            past = max(ends)
            yield start, past


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Return whether the span is no part of a compound or an address (China-based, @Reuters, .../India)."""
    if start and text[start - 1] in _HYPHENS + "@/._\\":
        return False
    if end >= len(text):
        return True
    glued = text[end].isalnum() or text[end] == "_"
    return not glued and not (text[end] in _HYPHENS and text[end + 1 : end + 2].isalnum())
