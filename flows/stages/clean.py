"""The clean stage: which lines each source repeats, then edits and clean documents."""

from typing import TYPE_CHECKING, Any

import polars as pl

from copydesk.flows.io.resources import load_cleaning_resources
from copydesk.flows.io.warehouse import reading
from copydesk.flows.settings import Settings
from copydesk.flows.staging import RECORD, Staging
from copydesk.transforms.clean.learned_rules import MIN_DOCUMENTS
from copydesk.transforms.clean.source_template import count_lines, find_evidence, template_keys
from copydesk.transforms.clean.stage import clean
from copydesk.transforms.contract import LINE_KEYS
from copydesk.transforms.quality.measures import clean_measures
from copydesk.warehouse.queries import run_history

if TYPE_CHECKING:
    pass


def key_batch(staging: Staging, number: str) -> dict[str, Any]:
    """Note which lines the documents of one batch hold (LINE_KEYS)."""
    raw = _primary(staging, number)
    keys = template_keys(raw)
    staging.write("clean", f"keys-{number}", keys)
    return {"batch": number, "n_lines": len(keys)}


def count_source_lines(settings: Settings, staging: Staging) -> dict[str, Any]:
    """Count the lines of every source over the run and the warehouse's history (SOURCE_LINES).

    A document that this run takes up again was counted by the run whose gate rejected it after clean.
    """
    keys = staging.read_all("clean", "keys", LINE_KEYS)
    with reading(settings) as warehouse:
        history = run_history.source_lines(warehouse, keys.select("source", "key").unique())
    counted = staging.read("ingest", "retried").filter(pl.col("stage") != "ingest")
    counts = count_lines(keys.join(counted, on="doc_id", how="anti"), history)
    counts = pl.concat([counts, history.join(counts, on=["source", "key"], how="anti")]).sort("source", "key")
    staging.write("clean", "source_lines", counts)
    return {"n_lines": len(counts), "n_shared": int((counts["n_documents"] >= MIN_DOCUMENTS).sum())}


def clean_batch(settings: Settings, staging: Staging, number: str) -> dict[str, Any]:
    """Clean the primary records of one batch into EDITS and CLEAN."""
    raw = _primary(staging, number)
    keys, counts = staging.read("clean", f"keys-{number}"), staging.read("clean", "source_lines")
    edits, documents = clean(raw, load_cleaning_resources(settings), find_evidence(keys, counts))
    staging.write("clean", f"edits-{number}", edits)
    staging.write("clean", f"measures-{number}", clean_measures(raw, edits, documents))
    staging.write("clean", f"clean-{number}", documents)
    return {"batch": number, "n_documents": len(documents), "n_edits": len(edits)}


def _primary(staging: Staging, number: str) -> pl.DataFrame:
    """Return the RAW rows of one batch that go on and are no byte-for-byte copies."""
    primary = staging.read("ingest", "records").filter("is_primary")
    return staging.read("ingest", f"raw-{number}").join(primary, on=RECORD, how="semi")


def cleaned(staging: Staging, number: str) -> pl.DataFrame:
    """Return the CLEAN documents of one batch that passed the gate."""
    rejected = staging.read("clean", "rejected")
    return staging.read("clean", f"clean-{number}").join(rejected, on="doc_id", how="anti")


def articles_of(staging: Staging, number: str) -> pl.DataFrame:
    """Return the CLEAN documents of one batch that were merged into no other."""
    return cleaned(staging, number).join(staging.read("dedupe", "duplicates"), on="doc_id", how="anti")
