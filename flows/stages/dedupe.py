"""The dedupe stage: sign texts a batch at a time, find candidates a band of hashes at a time, then decide on all.

A new text is checked against everything ever loaded; what earlier runs decided is kept unless a better canonical text
came.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb
import polars as pl

from copydesk.flows.errors import UsageError
from copydesk.flows.io.warehouse import known_words, reading
from copydesk.flows.settings import Settings
from copydesk.flows.stages.clean import cleaned
from copydesk.flows.staging.folder import Staging
from copydesk.flows.staging.frames import OLD
from copydesk.transforms.contract import DUPLICATES, INDEXED, MERGES, empty
from copydesk.transforms.dedupe.candidates import (
    HEADS,
    compute_signatures,
    find_bucket_pairs,
    find_candidates,
    to_anchors,
)
from copydesk.transforms.dedupe.canonical import to_duplicates, to_texts
from copydesk.transforms.dedupe.clusters import ClusterResolution, resolve_clusters
from copydesk.transforms.dedupe.corpus import to_corpus, to_token_hashes
from copydesk.transforms.dedupe.index_lookup import Segment, find_indexed
from copydesk.transforms.dedupe.verify import verify
from copydesk.transforms.quality.measures import dedupe_measures
from copydesk.transforms.text.hashing import hash_words, in_parts
from copydesk.warehouse.index.near_duplicate_index import open_index, write_index
from copydesk.warehouse.index.token_hash_store import add_token_hashes, find_token_hashes
from copydesk.warehouse.queries import known_texts, stories

#: Texts whose anchors one band holds: bounds the memory of meeting them.
BAND = 100_000


def signature_batch(settings: Settings, staging: Staging, number: str) -> None:
    """Sign the documents of one batch; of the batch OLD those of the warehouse that have no signature."""
    if number == OLD:
        with reading(settings) as warehouse:
            documents = known_texts.without_signature(warehouse)
    else:
        documents = cleaned(staging, number)
    signatures, codes = compute_signatures(documents)
    staging.write("dedupe", "codes", codes, number)
    staging.write("dedupe", "signatures", signatures, number)


def update_index(settings: Settings) -> None:
    """Sort what was loaded since the last run into the index. Raises UsageError where that cannot be written."""
    try:
        with _reading(settings) as warehouse:
            write_index(warehouse, settings.index)
    except OSError as error:
        why = error.strerror or error
        raise UsageError(
            f"cannot write the index {settings.index}: {why}; free some disk space, or delete it: it is only a cache"
        ) from error


def band_names(staging: Staging) -> list[str]:
    """Return the names of the bands into which the anchors of this run's texts are parted, by their value."""
    count = 1 + staging.count("dedupe", "signatures") // BAND
    return [f"{band:05}-of-{count:05}" for band in range(count)]


def pair_band(settings: Settings, staging: Staging, band: str) -> None:
    """Find the pairs of texts that meet in the buckets of one band, within the run and with the index."""
    number, _, count = band.split("-")
    signatures = _signatures(staging)
    new = to_anchors(signatures, (int(number), int(count)))
    with _reading(settings) as warehouse:
        index = open_index(warehouse, settings.index)
        known, theirs, frames = known_texts.known_anchors(warehouse, index, new, signatures, HEADS)
    pairs = find_bucket_pairs(new, known, pl.concat([signatures.select(INDEXED.keys()), theirs]), frames)
    staging.write("dedupe", "pairs", pairs, band)


def dedupe_run(settings: Settings, staging: Staging) -> None:
    """Decide which documents of the run are merged into which, within it and with the warehouse.

    Stages duplicates (the rows that are new or changed), decided (the documents whose old row is void), texts (what
    became of every text that was looked at), overlaps and reopened (older documents that readers see again, not tagged
    yet).
    """
    signatures = _signatures(staging)
    candidates = find_candidates(
        [pl.scan_parquet(file, glob=False) for file in staging.files("dedupe", "pairs")]
    )
    with _reading(settings) as warehouse, known_words(settings) as words:
        run = _Run(staging, warehouse, words, open_index(warehouse, settings.index), signatures)
        everyone, merges, overlaps = _decide(run, candidates)
        for codes in run.signed():
            add_token_hashes(words, codes)
        old = everyone.join(signatures, on="doc_id", how="anti")
        duplicates = to_duplicates(everyone, merges)
        before = known_texts.duplicates_of(warehouse, old["text_key"])
        same = before.join(duplicates, on=list(DUPLICATES), how="semi").select("doc_id")
        free_again = before.join(duplicates, on="doc_id", how="anti")["doc_id"]
        staging.write("dedupe", "reopened", stories.untagged(warehouse, free_again))
    staging.write("dedupe", "duplicates", duplicates.join(same, on="doc_id", how="anti"))
    staging.write("dedupe", "decided", everyone.select("doc_id").join(same, on="doc_id", how="anti"))
    staging.write("dedupe", "texts", to_texts(everyone, merges).select("text_key", "canonical_key"))
    staging.write("dedupe", "overlaps", overlaps)
    staging.write("dedupe", "measures", dedupe_measures(duplicates))


@contextmanager
def _reading(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse for many small questions: threads that wait for each other would cost a tenth more."""
    with reading(settings) as warehouse:
        warehouse.execute("SET threads = 1")
        yield warehouse


def _signatures(staging: Staging) -> pl.DataFrame:
    return staging.read_all("dedupe", "signatures")


@dataclass(frozen=True)
class _Run:
    """Where texts are: this run's in its staging folder, older ones in the warehouse and in the file of words."""

    staging: Staging
    warehouse: duckdb.DuckDBPyConnection
    words: sqlite3.Connection
    index: Sequence[Segment]
    signatures: pl.DataFrame

    def codes(self, texts: pl.DataFrame) -> Iterator[pl.DataFrame]:
        """Yield the CODES of `texts` (text_key, doc_id): what this run signed, then words that were kept, then those of
        texts that have to be read, which are kept from now on.
        """
        for part in self.signed():
            found = part.join(texts, on="text_key", how="semi").unique("text_key")
            texts = texts.join(found, on="text_key", how="anti")
            yield found
        for found in find_token_hashes(self.words, texts["text_key"]):
            texts = texts.join(found, on="text_key", how="anti")
            yield found
        if texts.is_empty():
            return
        for part in in_parts(known_texts.texts_of(self.warehouse, texts["doc_id"]), "text"):
            read = to_token_hashes(hash_words(part["text"]))
            add_token_hashes(self.words, read)
            yield read

    def signed(self) -> Iterator[pl.DataFrame]:
        """Yield the CODES of this run's texts, a batch at a time."""
        batches = self.staging.batches("dedupe", "codes")
        return (self.staging.read("dedupe", "codes", batch) for batch in batches)

    def anchors(self, text_keys: pl.Series) -> pl.DataFrame:
        """Return the ANCHORS of `text_keys`, of this run or an earlier one."""
        own = self.signatures.filter(pl.col("text_key").is_in(text_keys.implode()))
        return pl.concat([to_anchors(own), known_texts.anchors_of(self.warehouse, text_keys)]).unique()


def _decide(run: _Run, candidates: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return every document that was looked at (INDEXED), the MERGES and the overlaps of their texts.

    In passes: a text whose canonical text was merged into a better one is decided again, until nothing changes.
    """
    everyone, merges, overlaps = run.signatures.select(INDEXED.keys()), empty(MERGES), [empty(MERGES)]
    loaded = everyone["text_key"].clear()
    pending = run.signatures["text_key"].unique()
    while not pending.is_empty():
        keys = pl.concat([pending, candidates["text_key"], candidates["other_key"]]).unique()
        known, stood = _load(run, _without(keys, loaded))
        loaded = pl.concat([loaded, keys, known["text_key"]]).unique()
        everyone = pl.concat([everyone, known]).unique("doc_id", keep="first", maintain_order=True)
        before = pl.concat([merges, stood])
        texts = to_texts(everyone, before)
        settled = _settle(run, texts, pending, candidates)
        merges = settled.merges
        overlaps.append(settled.overlaps)
        fallen = _without(merges["text_key"], before["text_key"])
        pending = pl.concat(
            [settled.unresolved, _without(known_texts.members_of(run.warehouse, fallen), loaded)]
        )
        if pending.is_empty():
            break
        unseen = find_indexed(run.index, _without(pending, everyone["text_key"]))
        everyone = pl.concat([everyone, unseen])
        anchors = run.anchors(pending)
        own = to_anchors(run.signatures).join(anchors.select("anchor").unique(), on="anchor", how="semi")
        old, theirs, frames = known_texts.known_anchors(run.warehouse, run.index, anchors, everyone, HEADS)
        both = pl.concat([own, old]).unique(["text_key", "anchor"])
        candidates = find_candidates(
            [find_bucket_pairs(anchors, both, pl.concat([everyone, theirs]), frames).lazy()]
        )
    everyone, merges = _with_members(run, everyone, merges)
    merged = merges["text_key"].implode()
    standing = (
        pl.concat(overlaps)
        .unique(["text_key", "canonical_key"])
        .filter(pl.col("text_key").is_in(merged) & ~pl.col("canonical_key").is_in(merged))
        .join(merges, on=["text_key", "canonical_key"], how="anti")
        .sort("text_key", "canonical_key")
    )
    return everyone, merges, standing


def _with_members(
    run: _Run, everyone: pl.DataFrame, merges: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add the texts that were merged into one whose best document is another now: their rows name that document."""
    best = to_texts(everyone, merges).select("doc_id", "text_key")
    old = everyone.join(run.signatures, on="doc_id", how="anti")
    moved = (
        to_texts(old, merges).select("doc_id", "text_key").join(best, on=["doc_id", "text_key"], how="anti")
    )
    members = _without(known_texts.members_of(run.warehouse, moved["text_key"]), everyone["text_key"])
    known, stood = _load(run, members)
    return pl.concat([everyone, known]).unique("doc_id", keep="first", maintain_order=True), pl.concat(
        [merges, stood]
    )


def _settle(
    run: _Run, texts: pl.DataFrame, pending: pl.Series, candidates: pl.DataFrame
) -> ClusterResolution:
    asked = pl.concat([candidates["text_key"], candidates["other_key"]]).unique()
    laid = texts.select("text_key", "doc_id", "n_words").filter(pl.col("text_key").is_in(asked.implode()))
    corpus = to_corpus(run.codes(laid.drop("n_words")), int(laid["n_words"].sum()))

    def compare(one: pl.Series, other: pl.Series) -> pl.DataFrame:
        return verify(corpus, corpus.numbers(one), corpus.numbers(other))

    return resolve_clusters(texts, pending, candidates, compare)


def _load(run: _Run, text_keys: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return what the warehouse knows of `text_keys` and of their canonical texts: documents, and MERGES."""
    merges = known_texts.merges_of(run.warehouse, text_keys)
    everyone = pl.concat([text_keys, merges["canonical_key"].alias(text_keys.name)]).unique()
    return find_indexed(run.index, everyone), merges


def _without(keys: pl.Series, others: pl.Series) -> pl.Series:
    return keys.filter(~keys.is_in(others.implode()))
