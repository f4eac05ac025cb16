"""Retrying rejected records: their bytes become RAW again.

The bytes are those that the quarantine kept; if it kept none (no reader, unreadable, too long), those of the file at
the record's uri.
"""

from dataclasses import replace
from typing import Any

import polars as pl

from copydesk.flows.io.inputs import find_file
from copydesk.flows.io.readers import Record, reader_of
from copydesk.flows.io.warehouse import reading
from copydesk.flows.settings import MEGABYTE, Settings
from copydesk.flows.stages.ingest import raw_row, read_file
from copydesk.flows.staging.folder import Staging
from copydesk.transforms.contract import RAW, RETRIED, UTC, Schema, conform
from copydesk.transforms.quality.measures import ingest_measures
from copydesk.transforms.text.encoding import doc_id
from copydesk.warehouse.queries import quarantine

#: One row: one record to retry. uri, size, modified_at and fault are as in LISTING: of the file as it is now, or as it
#: was when its bytes were kept. `fault` says why the file cannot be read, else it is null.
_REJECTED: Schema = {
    "uri": pl.String,
    "size": pl.Int64,
    "modified_at": UTC,
    **RETRIED,
    "is_kept": pl.Boolean,
    "record_start": pl.Int64,
    "fault": pl.String,
}


def list_rejected(chosen: pl.DataFrame, *, follow: bool = True) -> pl.DataFrame:
    """Return one row per record to retry, sorted by uri, of the rows of
    :func:`copydesk.flows.run.selection.select_quarantined`. Unless `follow` is set, a file behind a link has a fault.
    """
    # A loop over rows: each file that has to be read again is looked for.
    rows = [_place(row, follow=follow) for row in chosen.iter_rows(named=True)]
    listing = pl.DataFrame(rows, schema=_REJECTED, orient="row")
    return listing.sort("uri", "record", "doc_id")


def _place(row: dict[str, Any], *, follow: bool) -> dict[str, Any]:
    kept = row["n_bytes"] is not None
    place = {name: row[name] for name in RETRIED} | {
        "is_kept": kept,
        "record_start": row["record_start"] or 0,
    }
    if kept:
        return place | {"size": row["n_bytes"], "modified_at": row["fetched_at"]}
    try:
        return place | find_file(row["uri"], follow=follow)
    except (OSError, ValueError, ImportError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        size = (row["record_end"] or 0) - place["record_start"]
        return place | {"size": size, "modified_at": row["fetched_at"], "fault": f"unreadable: {reason}"}


def retry_batch(settings: Settings, staging: Staging, number: str, records: list[dict[str, Any]]) -> None:
    """Read one batch of rejected records (rows of :func:`list_rejected`) into RAW, as `ingest_batch` does files."""
    kept = conform(pl.DataFrame([record for record in records if record["is_kept"]], schema=RETRIED), RETRIED)
    with reading(settings) as warehouse:
        payloads = quarantine.payloads(warehouse, kept)
        rows = [
            row
            for record in records
            for row in _read(
                record, next(payloads) if record["is_kept"] else None, settings.max_record_mb * MEGABYTE
            )
        ]
    raw = conform(pl.DataFrame(rows, schema=RAW, orient="row"), RAW)
    # A file that is read again may hold bytes that were kept, too.
    raw = raw.unique(["doc_id", "uri", "record"], keep="first", maintain_order=True)
    raw = raw.sort("uri", "record", "doc_id")
    # Versions of one file may lie in quarantine side by side: no two of them are the same record.
    measures = ingest_measures(raw).with_columns(place=pl.col("place") + " " + pl.col("doc_id"))
    staging.write("ingest", "raw", raw, number)
    staging.write("ingest", "measured", measures, number)


def _read(row: dict[str, Any], payload: bytes | None, limit: float) -> list[tuple[Any, ...]]:
    """Return the rows of RAW of one rejected record."""
    media_type, read = reader_of(row["uri"])
    start = row["record_start"]

    def unread(data: bytes, fault: str) -> tuple[Any, ...]:
        record = Record(start, start + row["size"], data, None, None, fault)
        return raw_row(row, media_type, row["record"], row["doc_id"], record)

    if row["fault"] is not None:
        return [unread(b"", row["fault"])]
    if payload is None:
        found = read_file(row, limit)
    elif read is None:
        return [unread(payload, "no reader")]
    else:
        found = [
            raw_row(row, media_type, number, doc_id(record.data), _move(record, start))
            for number, record in enumerate(read(payload), row["record"])
        ]
    is_there = any(number == row["record"] for _, _, number, *_ in found)
    return found if is_there else [*found, unread(payload or b"", "unreadable: no such record any more")]


def _move(record: Record, start: int) -> Record:
    """Return `record`, read from its own bytes, at its place in the file."""
    return replace(record, start=start + record.start, end=start + record.end)
