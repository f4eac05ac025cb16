"""Records as read, and rejected records."""

import polars as pl

from copydesk.transforms.contract.schema import UTC, Schema, fill

#: One row: one record as read. `doc_id` is the first 128 bits of the sha256 of the record's bytes, in hex.
#: If the bytes are no text, `raw_text` is null, `fault` says why and `payload` has the bytes.
RAW: Schema = {
    "doc_id": pl.String,
    "uri": pl.String,
    "record": pl.Int64,
    "source": pl.String,
    "media_type": pl.String,
    "charset": pl.String,
    "record_start": pl.Int64,
    "record_end": pl.Int64,
    "fetched_at": UTC,
    "title": pl.String,
    "published_at": UTC,
    "raw_text": pl.String,
    "fault": pl.String,
    "payload": pl.Binary,
}


#: One row: one rejected record, with the record itself in `payload`.
QUARANTINE: Schema = {
    "uri": pl.String,
    "record": pl.Int64,
    "doc_id": pl.String,
    "stage": pl.String,
    "expectation": pl.String,
    "detail": pl.String,
    "payload": pl.Binary,
    "record_start": pl.Int64,
    "record_end": pl.Int64,
    "fetched_at": UTC,
}


#: One row: one row of the quarantine that a run retries.
RETRIED: Schema = {
    "uri": pl.String,
    "record": pl.Int64,
    "doc_id": pl.String,
    "stage": pl.String,
    "run_id": pl.String,
}


def as_raw(frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` (doc_id, raw_text and any other columns of RAW) as RAW; the columns it lacks are null.

    Raises polars.exceptions.InvalidOperationError for a value that does not fit its column.
    """
    return fill(frame, RAW)
