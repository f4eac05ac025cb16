"""The catalogue of staged frames: which stage writes which frame, with which schema, once or once per batch.

The measures are what the gates check (copydesk.transforms.quality.measures); the sources are the measures per source.
"""

from dataclasses import dataclass

import polars as pl

from copydesk.expectations.verdict import FAILURES, QUALITY, REJECTED
from copydesk.transforms.contract import (
    ALIASES,
    CANDIDATES,
    CLEAN,
    DUPLICATES,
    EDITS,
    ENTITIES,
    LINE_KEYS,
    MENTIONS,
    MERGES,
    NAMED_MENTIONS,
    NAMES,
    RAW,
    RETRIED,
    SIGNATURES,
    SOURCE_LINES,
    SOURCE_RUNS,
    STAND_INS,
    STORY_DOCUMENTS,
    TERMS,
    TOKEN_HASHES,
    UTC,
    Schema,
)

STAGES = ("ingest", "clean", "dedupe", "tag", "load")
#: The columns that identify a record.
RECORD = ("doc_id", "uri", "record")
#: The batch of loaded documents that have no signature yet.
OLD = "old"
#: The batch of loaded documents that this run makes articles again.
REOPENED = "reopened"

_RECORD: Schema = {name: RAW[name] for name in RECORD}
_INGEST_MEASURES: Schema = _RECORD | {
    "source": pl.String,
    "stamp": UTC,
    "place": pl.String,
    "has_reader": pl.Boolean,
    "is_small_enough": pl.Boolean,
    "is_readable": pl.Boolean,
    "n_bytes": pl.Int64,
    "is_text": pl.Boolean,
    "n_letters": pl.Int64,
    "n_chars": pl.Int64,
    "stray_share": pl.Float64,
}
_CLEAN_MEASURES: Schema = {
    "doc_id": pl.String,
    "source": pl.String,
    "n_words": pl.Int64,
    "kept_share": pl.Float64,
    "article_score": pl.Float64,
    "is_listing": pl.Int64,
    "lang": pl.String,
    "lang_confidence": pl.Float64,
    "stamp": UTC,
    "has_title": pl.Boolean,
    "lost_per_1000": pl.Float64,
    "n_edits": pl.Int64,
    "has_plausible_date": pl.Boolean,
    "has_language": pl.Int64,
    "unaccounted": pl.Int64,
}
_PAIRS: Schema = CANDIDATES | {"shared": pl.Int64, "telling": pl.Int64, "sampled": pl.Int64}
_DEDUPE_MEASURES: Schema = {
    "doc_id": pl.String,
    "similarity": pl.Float64,
    "evidence": pl.Float64,
    "canonical_is_merged": pl.Boolean,
}
_TAG_MEASURES: Schema = {
    "doc_id": pl.String,
    "n_mentions": pl.Int64,
    "n_misplaced": pl.Int64,
    "n_untyped": pl.Int64,
    "mentions_per_100_words": pl.Float64,
}


@dataclass(frozen=True)
class Staged:
    """One staged frame: its schema, and whether each batch writes its part (`by_batch`) or the run writes it once."""

    schema: Schema
    by_batch: bool = False


def _sources(*names: str, **others: pl.DataType | type[pl.DataType]) -> Staged:
    """Return the frame of a stage's measures per source: `names` as in SOURCE_RUNS."""
    return Staged({name: SOURCE_RUNS[name] for name in ("source", *names)} | others)


#: Which documents a gate looked at, what it found, what it rejected and which sources failed.
_GATE = {
    "results": Staged(QUALITY),
    "failures": Staged(FAILURES),
    "rejected": Staged(REJECTED),
    "flagged": Staged({"source": pl.String, "expectation": pl.String}),
}
_INGEST = {
    "retried": Staged(RETRIED),
    "raw": Staged(RAW, by_batch=True),
    "measured": Staged(_INGEST_MEASURES, by_batch=True),
    "read": Staged(_RECORD | {"source": pl.String, "is_known": pl.Boolean}),
    "measures": Staged(_INGEST_MEASURES),
    "history": Staged(SOURCE_RUNS | {"at": UTC}),
    "records": Staged(_RECORD | {"is_primary": pl.Boolean}),
    "primary": Staged(_RECORD, by_batch=True),
    "sources": _sources("n_read", "n_known", "n_new", "hours_since_new"),
}
_CLEAN = {
    "keys": Staged(LINE_KEYS, by_batch=True),
    "source_lines": Staged(SOURCE_LINES),
    "edits": Staged(EDITS, by_batch=True),
    "measures": Staged(_CLEAN_MEASURES, by_batch=True),
    "clean": Staged(CLEAN, by_batch=True),
    "sources": _sources(
        *("n_documents", "median_words", "median_kept", "titled_share", "dated_share", "damaged_share"),
        *("lang", "lang_share", "n_new"),
    ),
}
_DEDUPE = {
    "token_hashes": Staged(TOKEN_HASHES, by_batch=True),
    "signatures": Staged(SIGNATURES, by_batch=True),
    "pairs": Staged(_PAIRS, by_batch=True),  # a batch is a band of anchors
    "reopened": Staged({"doc_id": pl.String, "lang": pl.String, "text": pl.String}),
    "duplicates": Staged(DUPLICATES),
    "decided": Staged({"doc_id": pl.String}),
    "texts": Staged({"text_key": pl.UInt64, "canonical_key": pl.UInt64}),
    "overlaps": Staged(MERGES),
    "measures": Staged(_DEDUPE_MEASURES),
    "sources": _sources("copied_share", "n_new", all_copied_share=pl.Float64),
}
_TAG = {
    "read": Staged(NAMED_MENTIONS, by_batch=True),
    "tagged": Staged({"doc_id": pl.String, "tagged_by": pl.String}, by_batch=True),
    "measures": Staged(_TAG_MEASURES, by_batch=True),
    "terms": Staged(TERMS | {"published_at": UTC, "fetched_at": UTC}, by_batch=True),
    "story_documents": Staged(STORY_DOCUMENTS),
    "story_terms": Staged(TERMS),
    "story_changes": Staged(dict.fromkeys(("doc_id", "old_story_id", "new_story_id", "kind"), pl.String)),
    "mentions": Staged(MENTIONS),
    "entity_names": Staged(NAMES),
    "stand_ins": Staged(STAND_INS),
    "entities": Staged(ENTITIES),
    "entity_moves": Staged({"old_id": pl.String, "entity_id": pl.String}),
    "entity_rules": Staged(ALIASES),
    "sources": _sources("mentions_per_100_words", "n_new"),
}

#: By stage and name.
FRAMES: dict[tuple[str, str], Staged] = {
    (stage, name): staged
    for stage, frames in zip(STAGES, (_INGEST, _CLEAN, _DEDUPE, _TAG, {}), strict=True)
    for name, staged in (_GATE | frames).items()
}
