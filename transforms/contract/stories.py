"""Frames of the stories stage."""

import polars as pl

from copydesk.transforms.contract.schema import UTC, Schema

#: One row: one document's terms, by which it is compared with others, and their weights.
TERMS: Schema = {
    "doc_id": pl.String,
    "terms": pl.List(pl.UInt32),
    "weights": pl.List(pl.Float32),
}


#: One row: one document's story. `at` is the time of publication or, if that is unknown, of ingestion; `at_from` says
#: which.
STORY_DOCUMENTS: Schema = {
    "story_id": pl.String,
    "doc_id": pl.String,
    "score": pl.Float64,
    "at": UTC,
    "at_from": pl.String,
    "published_at": UTC,
    "fetched_at": UTC,
}
