"""The clean stage over documents that fit into memory: a source's template is counted over all of them."""

from collections.abc import Callable, Iterable

import polars as pl

from copydesk.transforms.clean.segments import segment
from copydesk.transforms.clean.source_template import count_lines, find_evidence, to_keys
from copydesk.transforms.clean.stage import CleaningResources, clean
from copydesk.transforms.contract import CLEAN, EDITS, EVIDENCE, LINE_KEYS, SOURCE_LINES, empty
from copydesk.transforms.html.visible_text import to_views


def key_lines(raw: pl.DataFrame) -> pl.DataFrame:
    """Return the LINE_KEYS of RAW: the lines of each document, of a page those that it shows."""
    _, views = to_views(raw)
    return to_keys(segment(raw.with_columns(raw_text=views["view"])), raw)


def clean_batches(
    batches: Callable[[], Iterable[pl.DataFrame]], resources: CleaningResources, *, has_sources: bool
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Clean batches of RAW (doc_id unique over all of them); return (EDITS, CLEAN), in the order of the batches.

    `batches` is called twice where documents have sources: the first pass counts the lines that each source repeats.
    """
    evidence = empty(EVIDENCE)
    if has_sources:
        keys = pl.concat([empty(LINE_KEYS), *(key_lines(raw) for raw in batches())])
        evidence = find_evidence(keys, count_lines(keys, empty(SOURCE_LINES)))
    edits, documents = [empty(EDITS)], [empty(CLEAN)]
    for raw in batches():
        if not raw.is_empty():
            marked, cleaned = clean(raw, resources, evidence)
            edits.append(marked)
            documents.append(cleaned)
    return pl.concat(edits), pl.concat(documents)
