"""The schemas of all frames, declared once.

A frame has the same name everywhere: here, in staged Parquet, in the warehouse, in its suite and in its tests.
Offsets count Unicode code points of the column that they name. Every transform ends in :func:`conform`.
"""

from copydesk.transforms.contract.clean import (
    CLEAN,
    EDITS,
    EVIDENCE,
    LINE_KEYS,
    LINES,
    SOURCE_LINES,
    as_clean,
    as_edits,
)
from copydesk.transforms.contract.dedupe import (
    ANCHORS,
    CANDIDATES,
    DUPLICATES,
    INDEXED,
    MERGES,
    PAIRS,
    SIGNATURES,
    TEXTS,
    TOKEN_HASHES,
)
from copydesk.transforms.contract.entities import (
    ALIASES,
    ENTITIES,
    LISTED,
    MENTIONS,
    NAME_ENTITIES,
    NAMED_MENTIONS,
    NAMES,
    STAND_INS,
)
from copydesk.transforms.contract.quality import SOURCE_RUNS
from copydesk.transforms.contract.records import QUARANTINE, RAW, RETRIED, as_raw
from copydesk.transforms.contract.schema import UTC, Schema, conform, empty, fill
from copydesk.transforms.contract.stories import STORY_DOCUMENTS, TERMS

__all__ = [
    "ALIASES",
    "ANCHORS",
    "CANDIDATES",
    "CLEAN",
    "DUPLICATES",
    "EDITS",
    "ENTITIES",
    "EVIDENCE",
    "INDEXED",
    "LINES",
    "LINE_KEYS",
    "LISTED",
    "MENTIONS",
    "MERGES",
    "NAMED_MENTIONS",
    "NAMES",
    "NAME_ENTITIES",
    "PAIRS",
    "QUARANTINE",
    "RAW",
    "RETRIED",
    "SIGNATURES",
    "SOURCE_LINES",
    "SOURCE_RUNS",
    "STAND_INS",
    "STORY_DOCUMENTS",
    "TERMS",
    "TEXTS",
    "TOKEN_HASHES",
    "UTC",
    "Schema",
    "as_clean",
    "as_edits",
    "as_raw",
    "conform",
    "empty",
    "fill",
]
