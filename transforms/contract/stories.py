"""Stories."""

import polars as pl

from copydesk.transforms.contract.schema import UTC, Schema

#: One row: the terms that a document is known by among reports of the same event, and their weights.
TERMS: Schema = {
    "doc_id": pl.String,
    "terms": pl.List(pl.UInt32),
    "weights": pl.List(pl.Float32),
}


#: One row: one document's story. `at` is the time that counts, and `at_from` says whether it is that of publication or,
#: where none is known, that of ingestion.
STORY_DOCUMENTS: Schema = {
    "story_id": pl.String,
    "doc_id": pl.String,
    "score": pl.Float64,
    "at": UTC,
    "at_from": pl.String,
    "published_at": UTC,
    "fetched_at": UTC,
}
