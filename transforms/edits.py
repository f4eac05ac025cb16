"""Edits: spans of the raw text and what they read instead. Rules propose them; `apply` alone makes text.

Python's strings are indexed by code point in constant time, Polars' UTF-8 strings are not: a slice in the
middle of a 5 MB line costs a walk from its start. Hence the two loops over documents here.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

import polars as pl

from transforms.contract import EDITS, conform, empty

type Edit = tuple[str, int, int, str, str, float]
"""doc_id, start, end, rule, replacement, score: one row of EDITS."""


def resolve(proposed: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Settle proposals (EDITS frames) into EDITS that do not overlap, sorted by document and place.

    Of two proposals that overlap, the one that starts first stays, then the longer one, then the earlier
    proposed; what is left of the other one past its end stays too where it removes text, and goes where it
    replaces it (half a repair would be wrong).
    """
    frames = [conform(frame, EDITS).with_columns(order=pl.lit(order)) for order, frame in enumerate(proposed)]
    if not frames:
        return empty(EDITS)
    ordered = pl.concat(frames).sort(
        "doc_id", "start", -pl.col("end"), "order", "rule", "replacement", "score"
    )
    kept = list(_settle(ordered.select(EDITS.keys()).iter_rows()))
    return pl.DataFrame(kept, schema=EDITS, orient="row")


def _settle(edits: Iterable[Edit]) -> Iterator[Edit]:
    doc, reach, last = None, 0, None
    for doc_id, start, end, rule, replacement, score in edits:
        if doc_id != doc:
            doc, reach, last = doc_id, 0, None
        if (start < reach and (end <= reach or replacement)) or (start, end) == last:
            continue
        yield doc_id, max(start, reach), end, rule, replacement, score
        reach, last = end, (start, end)


def apply(raw_text: str, edits: Iterable[tuple[int, int, str]]) -> str:
    """Return the text after `edits` (start, end, replacement), which must be sorted and must not overlap.

    Raises ValueError for edits out of order or out of the text.
    """
    pieces, reach = [], 0
    for start, end, replacement in edits:
        if not reach <= start <= end <= len(raw_text):
            raise ValueError(f"edit [{start}, {end}) does not fit after {reach} in a text of {len(raw_text)}")
        pieces += [raw_text[reach:start], replacement]
        reach = end
    return "".join([*pieces, raw_text[reach:]])


def apply_all(raw: pl.DataFrame, edits: pl.DataFrame) -> pl.DataFrame:
    """Apply EDITS to every document of `raw` (doc_id, raw_text); return doc_id and text."""
    by_doc = {
        doc_id: [row[1:] for row in rows]
        for doc_id, rows in groupby(
            edits.select("doc_id", "start", "end", "replacement").sort("doc_id", "start", "end").iter_rows(),
            key=itemgetter(0),
        )
    }
    texts = [
        apply(text, by_doc.get(doc_id, ())) for doc_id, text in raw.select("doc_id", "raw_text").iter_rows()
    ]
    return raw.select("doc_id", text=pl.Series(texts, dtype=pl.String))


def raw_offset(edits: Iterable[tuple[int, int, str]], offset: int) -> int:
    """Map an offset in the clean text to the raw text; inside a replacement, to the start of its span.

    `edits` are (start, end, replacement), sorted, not overlapping.
    """
    shift = 0  # raw minus clean, so far
    for start, end, replacement in edits:
        clean_start = start - shift
        if offset < clean_start:
            break
        if offset < clean_start + len(replacement):
            return start
        shift += (end - start) - len(replacement)
    return offset + shift
