"""The ingest stage: read files into records, skip those that earlier runs read, and keep the ones that go on."""

from typing import Any

import polars as pl

from copydesk.flows.io.inputs import open_file, source_of
from copydesk.flows.io.local_files import TooLong
from copydesk.flows.io.readers import Record, reader_of
from copydesk.flows.io.warehouse import reading
from copydesk.flows.settings import MEGABYTE, Settings
from copydesk.flows.staging.folder import Staging
from copydesk.flows.staging.frames import RECORD
from copydesk.transforms.contract import RAW, conform
from copydesk.transforms.quality.measures import ingest_measures
from copydesk.transforms.text.encoding import doc_id
from copydesk.warehouse.queries import run_history


def ingest_batch(settings: Settings, staging: Staging, number: str, files: list[dict[str, Any]]) -> None:
    """Read one batch of files (rows of LISTING) into RAW."""
    rows = [row for file in files for row in read_file(file, settings.max_record_mb * MEGABYTE)]
    raw = conform(pl.DataFrame(rows, schema=RAW, orient="row"), RAW).sort("uri", "record")
    staging.write("ingest", "raw", raw, number)
    staging.write("ingest", "measured", ingest_measures(raw), number)


def read_file(file: dict[str, Any], limit: float) -> list[tuple[Any, ...]]:
    """Return the rows of RAW of one file (a row of LISTING): one per record, or one with the fault that left it without
    any. No more than `limit` bytes are read.
    """
    uri, size = file["uri"], file["size"]
    media_type, read = reader_of(uri)
    fault, records = file["fault"], []
    if fault is None and (read is None or size > limit):
        fault = "no reader" if read is None else "too long"
    elif fault is None and read is not None:
        try:
            records = [(doc_id(record.data), record) for record in read(open_file(uri, int(limit)))]
        except TooLong:
            fault = "too long"
        except OSError as error:
            fault = f"unreadable: {error.strerror or error}"
    if fault is not None:
        records = [(doc_id(f"{uri} {size}".encode()), Record(0, size, b"", None, None, fault))]
    return [
        raw_row(file, media_type, number, identity, record)
        for number, (identity, record) in enumerate(records)
    ]


def raw_row(
    file: dict[str, Any], media_type: str, number: int, identity: str, record: Record
) -> tuple[Any, ...]:
    """Return the row of RAW for record `number`, whose doc_id is `identity`, of a file (a row of LISTING)."""
    uri = file["uri"]
    return (
        *(identity, uri, number, source_of(uri), media_type, record.charset, record.start, record.end),
        *(file["modified_at"], None, None, record.text, record.fault),
        record.data if record.fault is not None and record.data else None,
    )


def sift_records(settings: Settings, staging: Staging) -> None:
    """Stage `read` (every record, with is_known if an earlier run read it) and the measures of the new records.

    Records that this run retries from quarantine (RETRIED) count as new.
    """
    measures = staging.read_all("ingest", "measured")
    read = measures.select(*RECORD, "source")
    with reading(settings) as warehouse:
        known = run_history.known_records(warehouse, read, staging.read("ingest", "retried"))
    known = known.with_columns(is_known=pl.lit(value=True))
    read = read.join(known, on=RECORD, how="left").with_columns(pl.col("is_known").fill_null(value=False))
    staging.write("ingest", "read", read.sort("uri", "record"))
    new = read.filter(~pl.col("is_known"))
    staging.write("ingest", "measures", measures.join(new, on=RECORD, how="semi"))


def accept_records(settings: Settings, staging: Staging) -> None:
    """Stage the records that go on, new and not rejected, and the primary ones by batch.

    Of byte-identical copies the one with the smallest uri is primary, unless the document is in the warehouse.
    """
    read = staging.read("ingest", "read").filter(~pl.col("is_known"))
    records = read.join(staging.read("ingest", "rejected"), on="doc_id", how="anti").sort("uri", "record")
    with reading(settings) as warehouse:
        old = run_history.known_documents(warehouse, records["doc_id"].unique())
    first = pl.struct("uri", "record").rank("ordinal").over("doc_id") == 1
    is_primary = first & ~pl.col("doc_id").is_in(old["doc_id"].implode())
    records = records.select(*RECORD, is_primary=is_primary)
    staging.write("ingest", "records", records)
    primary = records.filter("is_primary")
    for number in staging.batches("ingest", "raw"):
        batch = staging.read("ingest", "raw", number, columns=RECORD)
        staging.write("ingest", "primary", batch.join(primary, on=RECORD, how="semi"), number)
