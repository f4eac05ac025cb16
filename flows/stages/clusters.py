"""Clusters over runs: which texts of a run, and of earlier runs, are merged into which.

A text whose canonical text was merged into a better one is resolved again, with fresh candidates, until nothing
changes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb
import polars as pl

from copydesk.flows.staging.folder import Staging
from copydesk.transforms.contract import INDEXED, MERGES, empty
from copydesk.transforms.dedupe.candidates import HEADS, find_bucket_pairs, find_candidates, to_anchors
from copydesk.transforms.dedupe.canonical import to_texts
from copydesk.transforms.dedupe.clusters import ClusterResolution, resolve_clusters
from copydesk.transforms.dedupe.corpus import to_corpus, to_token_hashes
from copydesk.transforms.dedupe.index_lookup import Segment, find_indexed
from copydesk.transforms.dedupe.verify import verifier
from copydesk.transforms.text.hashing import hash_words, in_parts
from copydesk.warehouse.index.token_hash_store import TokenHashStore
from copydesk.warehouse.queries import known_texts


@dataclass(frozen=True)
class TextLookup:
    """Where texts are: those of this run in its staging folder, older ones in the warehouse, its index and the store of
    token hashes.
    """

    staging: Staging
    warehouse: duckdb.DuckDBPyConnection
    store: TokenHashStore
    index: Sequence[Segment]
    signatures: pl.DataFrame

    def token_hashes(self, texts: pl.DataFrame) -> Iterator[pl.DataFrame]:
        """Yield the TOKEN_HASHES of `texts` (text_key, doc_id): of this run, then those in the store, then those of
        texts that have to be read from the warehouse, which are added to the store.
        """
        for part in self.staged():
            found = part.join(texts, on="text_key", how="semi").unique("text_key")
            texts = texts.join(found, on="text_key", how="anti")
            yield found
        for found in self.store.find(texts["text_key"]):
            texts = texts.join(found, on="text_key", how="anti")
            yield found
        if texts.is_empty():
            return
        for part in in_parts(known_texts.texts_of(self.warehouse, texts["doc_id"]), "text"):
            read = to_token_hashes(hash_words(part["text"]))
            self.store.add(read)
            yield read

    def staged(self) -> Iterator[pl.DataFrame]:
        """Yield the TOKEN_HASHES of this run's texts, one batch at a time."""
        batches = self.staging.batches("dedupe", "token_hashes")
        return (self.staging.read("dedupe", "token_hashes", batch) for batch in batches)

    def anchors(self, text_keys: pl.Series) -> pl.DataFrame:
        """Return the ANCHORS of `text_keys`, of this run or an earlier one."""
        own = self.signatures.filter(pl.col("text_key").is_in(text_keys.implode()))
        return pl.concat([to_anchors(own), known_texts.anchors_of(self.warehouse, text_keys)]).unique()

    def load(self, text_keys: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return the INDEXED documents of `text_keys` and of their canonical texts, and the MERGES of earlier runs."""
        merges = known_texts.merges_of(self.warehouse, text_keys)
        keys = pl.concat([text_keys, merges["canonical_key"].alias(text_keys.name)]).unique()
        return find_indexed(self.index, keys), merges


def decide_clusters(
    lookup: TextLookup, candidates: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Decide on all texts of the run, given their CANDIDATES.

    Returns the INDEXED documents whose texts were looked at, and the MERGES and overlaps of these texts.
    """
    documents, merges, overlaps = lookup.signatures.select(INDEXED.keys()), empty(MERGES), [empty(MERGES)]
    loaded = documents["text_key"].clear()
    pending = lookup.signatures["text_key"].unique()
    while not pending.is_empty():
        keys = pl.concat([pending, candidates["text_key"], candidates["other_key"]]).unique()
        known, earlier = lookup.load(_without(keys, loaded))
        loaded = pl.concat([loaded, keys, known["text_key"]]).unique()
        documents = _add(documents, known)
        before = pl.concat([merges, earlier])
        resolved = _resolve(lookup, to_texts(documents, before), pending, candidates)
        merges = resolved.merges
        overlaps.append(resolved.overlaps)
        newly_merged = _without(merges["text_key"], before["text_key"])
        members = known_texts.members_of(lookup.warehouse, newly_merged)
        pending = pl.concat([resolved.unresolved, _without(members, loaded)])
        if not pending.is_empty():
            documents = pl.concat(
                [documents, find_indexed(lookup.index, _without(pending, documents["text_key"]))]
            )
            candidates = _fresh_candidates(lookup, documents, pending)
    documents, merges = _add_members(lookup, documents, merges)
    return documents, merges, _select_overlaps(pl.concat(overlaps), merges)


def _fresh_candidates(lookup: TextLookup, documents: pl.DataFrame, pending: pl.Series) -> pl.DataFrame:
    """Return the CANDIDATES of the texts `pending`, among this run's texts and the index."""
    anchors = lookup.anchors(pending)
    own = to_anchors(lookup.signatures).join(anchors.select("anchor").unique(), on="anchor", how="semi")
    old, theirs, templates = known_texts.known_anchors(
        lookup.warehouse, lookup.index, anchors, documents, HEADS
    )
    both = pl.concat([own, old]).unique(["text_key", "anchor"])
    return find_candidates(
        [find_bucket_pairs(anchors, both, pl.concat([documents, theirs]), templates).lazy()]
    )


def _resolve(
    lookup: TextLookup, texts: pl.DataFrame, pending: pl.Series, candidates: pl.DataFrame
) -> ClusterResolution:
    keys = pl.concat([candidates["text_key"], candidates["other_key"]]).unique()
    compared = texts.select("text_key", "doc_id", "n_words").filter(pl.col("text_key").is_in(keys.implode()))
    corpus = to_corpus(lookup.token_hashes(compared.drop("n_words")), int(compared["n_words"].sum()))
    return resolve_clusters(texts, pending, candidates, verifier(corpus))


def _add_members(
    lookup: TextLookup, documents: pl.DataFrame, merges: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add the texts that were merged into a text whose first document has changed: their rows name that document."""
    first = to_texts(documents, merges).select("doc_id", "text_key")
    old = documents.join(lookup.signatures, on="doc_id", how="anti")
    moved = (
        to_texts(old, merges).select("doc_id", "text_key").join(first, on=["doc_id", "text_key"], how="anti")
    )
    members = _without(known_texts.members_of(lookup.warehouse, moved["text_key"]), documents["text_key"])
    known, earlier = lookup.load(members)
    return _add(documents, known), pl.concat([merges, earlier])


def _select_overlaps(overlaps: pl.DataFrame, merges: pl.DataFrame) -> pl.DataFrame:
    """Return the overlaps of merged texts with texts that are canonical in the end, without the merges themselves."""
    merged = merges["text_key"].implode()
    return (
        overlaps.unique(["text_key", "canonical_key"])
        .filter(pl.col("text_key").is_in(merged) & ~pl.col("canonical_key").is_in(merged))
        .join(merges, on=["text_key", "canonical_key"], how="anti")
        .sort("text_key", "canonical_key")
    )


def _add(documents: pl.DataFrame, more: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([documents, more]).unique("doc_id", keep="first", maintain_order=True)


def _without(keys: pl.Series, others: pl.Series) -> pl.Series:
    return keys.filter(~keys.is_in(others.implode()))
