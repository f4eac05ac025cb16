"""Edits: spans of the raw text and their replacements. Rules propose edits; only `apply` produces text.

Python strings are indexed by code point in constant time, Polars' UTF-8 strings are not: a slice in the middle
of a 5 MB line costs a walk from its start. Hence the two loops over documents in this module.
"""

from collections.abc import Iterable, Iterator

import numpy as np
import polars as pl

from copydesk.transforms.contract import EDITS, as_edits, empty


def resolve_overlaps(proposed: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Resolve proposals (frames of EDITS) into EDITS that do not overlap, sorted by document and position.

    Of two overlapping proposals, the one that starts first wins, then the longer one, then the one proposed
    earlier. The rest of the other one, past the winner's end, is kept if it removes text and dropped if it
    replaces text (half a repair would be wrong).
    """
    frames = [as_edits(frame).with_columns(order=pl.lit(order)) for order, frame in enumerate(proposed)]
    if not frames:
        return empty(EDITS)
    ordered = pl.concat(frames).sort(
        "doc_id", "start", -pl.col("end"), "order", "rule", "replacement", "score", "evidence"
    )
    reach = pl.col("end").cum_max().shift(1, fill_value=0).over("doc_id")
    again = (pl.col("start") == pl.col("start").shift(1)) & (pl.col("end") == pl.col("end").shift(1))
    begins = ordered.select((pl.col("start") >= reach) & ~again.fill_null(value=False)).to_series()
    # proposals that begin before others end are resolved in turn; most overlap with none
    heap = np.cumsum(begins.to_numpy())
    keep = np.bincount(heap)[heap] == 1
    start = ordered["start"].to_numpy(writable=True)
    crowded = (
        ordered.with_row_index("row").filter(~keep).select("row", "doc_id", "start", "end", "replacement")
    )
    for row, begin in _resolve_crowded(crowded.iter_rows()):
        keep[row], start[row] = True, begin
    return ordered.select(EDITS.keys()).with_columns(start=pl.Series(start)).filter(keep)


def _resolve_crowded(edits: Iterable[tuple[int, str, int, int, str]]) -> Iterator[tuple[int, int]]:
    """Yield row and start of the edits to keep, among rows sorted by priority."""
    doc, reach, last = None, 0, None
    for row, doc_id, start, end, replacement in edits:
        if doc_id != doc:
            doc, reach, last = doc_id, 0, None
        if (start < reach and (end <= reach or replacement)) or (start, end) == last:
            continue
        yield row, max(start, reach)
        reach, last = end, (start, end)


def apply(raw_text: str, edits: Iterable[tuple[int, int, str]]) -> str:
    """Return the text after `edits` (start, end, replacement), which must be sorted and must not overlap.

    Raises ValueError for edits that are out of order or out of bounds.
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
    if edits.is_empty():
        return raw.select("doc_id", text="raw_text")
    ordered = edits.select("doc_id", "start", "end", "replacement").sort("doc_id", "start", "end")
    rows = list(zip(*(ordered[name].to_list() for name in ("start", "end", "replacement")), strict=True))
    runs = ordered["doc_id"].rle().struct.unnest()
    ends = runs["len"].cum_sum()
    of = {doc: (end - n, end) for doc, n, end in zip(runs["value"], runs["len"], ends, strict=True)}
    texts = [
        apply(text, rows[slice(*of.get(doc_id, (0, 0)))])
        for doc_id, text in raw.select("doc_id", "raw_text").iter_rows()
    ]
    return raw.select("doc_id", text=pl.Series(texts, dtype=pl.String))


def compose(framing: pl.DataFrame, edits: pl.DataFrame) -> pl.DataFrame:
    """Merge `edits` on a view into the `framing` edits that produced the view; return EDITS on the raw text.

    `apply(raw_text, compose(framing, edits)) == apply(apply(raw_text, framing), edits)`; the result is sorted
    and does not overlap. Both arguments are EDITS without overlaps: `framing` has offsets in the raw text, and
    each of its edits spans at least one character and reads as at most one; `edits` has offsets in the view. A
    composed edit covers in the raw text all that it covers in the view, including the markup around it; framing
    edits inside it are dropped.
    """
    less = pl.col("end") - pl.col("start") - pl.col("replacement").str.len_chars().cast(pl.Int64)
    frames = framing.sort("doc_id", "start").with_columns(shift=less.cum_sum().over("doc_id"))
    frames = frames.with_columns(view_end=pl.col("end") - pl.col("shift"))
    frames = frames.with_columns(
        view_start=pl.col("view_end") - pl.col("replacement").str.len_chars().cast(pl.Int64)
    )
    placed = edits.sort("doc_id", "start", "end").with_columns(
        is_insertion=pl.col("start") == pl.col("end"), left=pl.col("start") - 1, right="end"
    )
    # An edit starts before the markup there and ends after it; an insertion comes before it all.
    placed = _shift(_shift(placed, frames, "left", "view_start"), frames, "right", "view_end").with_columns(
        start=pl.col("start") + pl.col("left_shift"),
        end=pl.col("end") + pl.when("is_insertion").then("left_shift").otherwise("right_shift"),
    )
    reach = pl.col("end").cum_max().shift(1, fill_value=0).over("doc_id")  # two edits must not share markup
    placed = placed.with_columns(start=pl.max_horizontal("start", reach), end=pl.max_horizontal("end", reach))
    return pl.concat([as_edits(placed), _outside(framing, placed)]).sort("doc_id", "start", "end")


def _shift(edits: pl.DataFrame, frames: pl.DataFrame, at: str, place: str) -> pl.DataFrame:
    """Add `{at}_shift`: raw minus view offset after the last framing edit whose `place` is at most `at`."""
    last = frames.group_by("doc_id", at=place).agg(pl.col("shift").last()).sort("at")
    return (
        edits.with_row_index("order")
        .sort(at)
        .join_asof(last, left_on=at, right_on="at", by="doc_id", check_sortedness=False)
        .sort("order")
        .with_columns(pl.col("shift").fill_null(0).alias(f"{at}_shift"))
        .drop("order", "at", "shift", strict=False)
    )


def _outside(framing: pl.DataFrame, edits: pl.DataFrame) -> pl.DataFrame:
    """Return the framing edits that no edit covers."""
    spans = edits.filter(pl.col("end") > pl.col("start")).select("doc_id", at="start", reach="end").sort("at")
    found = framing.sort("start").join_asof(
        spans, left_on="start", right_on="at", by="doc_id", check_sortedness=False
    )
    return as_edits(found.filter((pl.col("end") <= pl.col("reach")).fill_null(value=False).not_()))
