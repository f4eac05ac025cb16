"""The clean stage: find the lines that each source repeats, then make edits and clean documents."""

from datetime import UTC, datetime

import polars as pl

from copydesk.flows.io.resources import load_cleaning_resources
from copydesk.flows.io.warehouse import reading
from copydesk.flows.settings import Settings
from copydesk.flows.staging.folder import Staging
from copydesk.flows.staging.frames import RECORD
from copydesk.transforms.clean.metadata import LEAD
from copydesk.transforms.clean.source_template import count_lines, find_evidence, template_keys
from copydesk.transforms.clean.stage import clean
from copydesk.transforms.quality.measures import clean_measures
from copydesk.warehouse.queries import run_history


def key_batch(staging: Staging, number: str) -> None:
    """Stage the keys of the lines of one batch's documents (LINE_KEYS)."""
    raw = _primary(staging, number)
    staging.write("clean", "keys", template_keys(raw), number)


def count_source_lines(settings: Settings, staging: Staging) -> None:
    """Count the lines of every source over the run and the warehouse's history (SOURCE_LINES).

    A document that this run retries was counted by the run whose gate rejected it after clean.
    """
    keys = staging.read_all("clean", "keys")
    with reading(settings) as warehouse:
        history = run_history.source_lines(warehouse, keys.select("source", "key").unique())
    counted = staging.read("ingest", "retried").filter(pl.col("stage") != "ingest")
    counts = count_lines(keys.join(counted, on="doc_id", how="anti"), history)
    counts = pl.concat([counts, history.join(counts, on=["source", "key"], how="anti")]).sort("source", "key")
    staging.write("clean", "source_lines", counts)


def clean_batch(settings: Settings, staging: Staging, number: str) -> None:
    """Clean the primary records of one batch into EDITS and CLEAN."""
    raw = _primary(staging, number)
    keys, counts = staging.read("clean", "keys", number), staging.read("clean", "source_lines")
    noted = staging.noted("run") or {"started_at": datetime.now(UTC).isoformat()}
    latest = datetime.fromisoformat(noted["started_at"]) + LEAD
    edits, documents = clean(raw, load_cleaning_resources(settings), find_evidence(keys, counts), latest)
    staging.write("clean", "edits", edits, number)
    staging.write("clean", "measures", clean_measures(raw, edits, documents), number)
    staging.write("clean", "clean", documents, number)


def _primary(staging: Staging, number: str) -> pl.DataFrame:
    """Return the RAW rows of one batch that go on and are not byte-identical copies of others."""
    primary = staging.read("ingest", "primary", number)
    return staging.read("ingest", "raw", number).join(primary, on=RECORD, how="semi")


def cleaned(staging: Staging, number: str) -> pl.DataFrame:
    """Return the CLEAN documents of one batch that passed the gate."""
    rejected = staging.read("clean", "rejected", columns=["doc_id"])
    return staging.read("clean", "clean", number).join(rejected, on="doc_id", how="anti")


def articles_of(staging: Staging, number: str) -> pl.DataFrame:
    """Return the CLEAN documents of one batch that were merged into no other."""
    merged = staging.read("dedupe", "duplicates", columns=["doc_id"])
    return cleaned(staging, number).join(merged, on="doc_id", how="anti")
