"""The dedupe stage: signatures per batch, candidate pairs per band of anchors, then clusters of the whole run.

A new text is compared with everything ever loaded. What earlier runs decided is kept unless a better canonical text was
found.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import polars as pl

from copydesk.flows.errors import UsageError
from copydesk.flows.io.warehouse import known_words, reading
from copydesk.flows.settings import Settings
from copydesk.flows.stages.clean import cleaned
from copydesk.flows.stages.clusters import TextLookup, decide_clusters
from copydesk.flows.staging.folder import Staging
from copydesk.flows.staging.frames import OLD
from copydesk.transforms.contract import DUPLICATES, INDEXED
from copydesk.transforms.dedupe.candidates import (
    HEADS,
    compute_signatures,
    find_bucket_pairs,
    find_candidates,
    to_anchors,
)
from copydesk.transforms.dedupe.canonical import to_duplicates, to_texts
from copydesk.transforms.quality.measures import dedupe_measures
from copydesk.warehouse.index.near_duplicate_index import open_index, write_index
from copydesk.warehouse.queries import known_texts, stories

#: Texts whose anchors one band holds: bounds the memory of pairing them.
BAND = 100_000


def signature_batch(settings: Settings, staging: Staging, number: str) -> None:
    """Stage the SIGNATURES and TOKEN_HASHES of one batch; of batch OLD, those of loaded documents without one."""
    if number == OLD:
        with reading(settings) as warehouse:
            documents = known_texts.without_signature(warehouse)
    else:
        documents = cleaned(staging, number)
    signatures, codes = compute_signatures(documents)
    staging.write("dedupe", "token_hashes", codes, number)
    staging.write("dedupe", "signatures", signatures, number)


def update_index(settings: Settings) -> None:
    """Sort the documents loaded since the last run into the index. Raises UsageError when it cannot be written."""
    try:
        with _reading(settings) as warehouse:
            write_index(warehouse, settings.index)
    except OSError as error:
        why = error.strerror or error
        raise UsageError(
            f"cannot write the index {settings.index}: {why}; free some disk space, or delete it "
            "(it is rebuilt automatically)"
        ) from error


def band_names(staging: Staging) -> list[str]:
    """Return the names of the bands of anchors (by their value) that this run's texts are paired in."""
    count = 1 + staging.count("dedupe", "signatures") // BAND
    return [f"{band:05}-of-{count:05}" for band in range(count)]


def pair_band(settings: Settings, staging: Staging, band: str) -> None:
    """Stage the pairs of texts that share a bucket of one band, within the run and with the index."""
    number, _, count = band.split("-")
    signatures = _signatures(staging)
    new = to_anchors(signatures, (int(number), int(count)))
    with _reading(settings) as warehouse:
        index = open_index(warehouse, settings.index)
        known, theirs, templates = known_texts.known_anchors(warehouse, index, new, signatures, HEADS)
    texts = pl.concat([signatures.select(INDEXED.keys()), theirs])
    staging.write("dedupe", "pairs", find_bucket_pairs(new, known, texts, templates), band)


def dedupe_run(settings: Settings, staging: Staging) -> None:
    """Decide which documents of the run are merged into which, within it and with the warehouse.

    Stages duplicates (the rows that are new or changed), decided (the documents whose old row they replace), texts (the
    outcome of every text that was looked at), overlaps and reopened (loaded documents that are articles again and were
    not tagged yet).
    """
    signatures = _signatures(staging)
    candidates = find_candidates(
        [pl.scan_parquet(file, glob=False) for file in staging.files("dedupe", "pairs")]
    )
    with _reading(settings) as warehouse, known_words(settings) as words:
        lookup = TextLookup(staging, warehouse, words, open_index(warehouse, settings.index), signatures)
        documents, merges, overlaps = decide_clusters(lookup, candidates)
        for token_hashes in lookup.staged():
            words.add(token_hashes)
        old = documents.join(signatures, on="doc_id", how="anti")
        duplicates = to_duplicates(documents, merges)
        before = known_texts.duplicates_of(warehouse, old["text_key"])
        same = before.join(duplicates, on=list(DUPLICATES), how="semi").select("doc_id")
        free_again = before.join(duplicates, on="doc_id", how="anti")["doc_id"]
        staging.write("dedupe", "reopened", stories.untagged(warehouse, free_again))
    staging.write("dedupe", "duplicates", duplicates.join(same, on="doc_id", how="anti"))
    staging.write("dedupe", "decided", documents.select("doc_id").join(same, on="doc_id", how="anti"))
    staging.write("dedupe", "texts", to_texts(documents, merges).select("text_key", "canonical_key"))
    staging.write("dedupe", "overlaps", overlaps)
    staging.write("dedupe", "measures", dedupe_measures(duplicates))


@contextmanager
def _reading(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse for many small queries: with several threads they take a tenth longer."""
    with reading(settings) as warehouse:
        warehouse.execute("SET threads = 1")
        yield warehouse


def _signatures(staging: Staging) -> pl.DataFrame:
    return staging.read_all("dedupe", "signatures")
