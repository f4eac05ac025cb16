"""The clean stage over documents that fit into memory: a source's template is counted over all of them."""

from collections.abc import Callable, Iterable
from datetime import datetime

import polars as pl

from copydesk.transforms.clean.source_template import count_lines, find_evidence, template_keys
from copydesk.transforms.clean.stage import CleaningResources, clean
from copydesk.transforms.contract import CLEAN, EDITS, EVIDENCE, LINE_KEYS, SOURCE_LINES, empty


def clean_batches(
    batches: Callable[[], Iterable[pl.DataFrame]],
    resources: CleaningResources,
    *,
    has_sources: bool,
    latest: datetime | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Clean batches of RAW (doc_id unique over all of them); return (EDITS, CLEAN), in the order of the batches.

    `batches` is called twice where documents have sources: the first pass counts the lines that each source repeats.
    A date of publication after `latest` is wrong.
    """
    evidence = empty(EVIDENCE)
    if has_sources:
        keys = pl.concat([empty(LINE_KEYS), *(template_keys(raw) for raw in batches())])
        evidence = find_evidence(keys, count_lines(keys, empty(SOURCE_LINES)))
    edits, documents = [empty(EDITS)], [empty(CLEAN)]
    for raw in batches():
        if not raw.is_empty():
            marked, cleaned = clean(raw, resources, evidence, latest)
            edits.append(marked)
            documents.append(cleaned)
    return pl.concat(edits), pl.concat(documents)
