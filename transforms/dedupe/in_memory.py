"""Duplicates among documents that fit into memory: the steps of the dedupe stage, without an index and a warehouse."""

import polars as pl

from copydesk.transforms.contract import ANCHORS, DUPLICATES, INDEXED, MERGES, empty
from copydesk.transforms.dedupe.candidates import (
    compute_signatures,
    find_bucket_pairs,
    find_candidates,
    to_anchors,
)
from copydesk.transforms.dedupe.canonical import to_duplicates, to_texts
from copydesk.transforms.dedupe.clusters import ClusterResolution, resolve_clusters
from copydesk.transforms.dedupe.corpus import to_corpus
from copydesk.transforms.dedupe.verify import verifier

#: No anchor is a template's: only an index of hundreds of texts can know one.
_NO_TEMPLATES = pl.Series("anchor", dtype=pl.UInt32)


def find_duplicates(documents: pl.DataFrame) -> pl.DataFrame:
    """Return the DUPLICATES among `documents` (CLEAN: doc_id, text, n_words and published_at are read)."""
    if documents.is_empty():
        return empty(DUPLICATES)
    signatures, resolution = resolve_documents(documents, with_overlaps=False)
    return to_duplicates(signatures, resolution.merges)


def resolve_documents(
    documents: pl.DataFrame, *, with_overlaps: bool = True
) -> tuple[pl.DataFrame, ClusterResolution]:
    """Return the SIGNATURES of `documents` (CLEAN), and what is decided on their texts; `with_overlaps` as in
    :func:`copydesk.transforms.dedupe.canonical.resolve_clusters`.
    """
    signatures, codes = compute_signatures(documents)
    anchors = to_anchors(signatures)
    shared = find_bucket_pairs(anchors, empty(ANCHORS), signatures.select(INDEXED.keys()), _NO_TEMPLATES)
    candidates = find_candidates([shared.lazy()])
    compared = pl.concat([candidates["text_key"], candidates["other_key"]]).unique()
    corpus = to_corpus([codes.filter(pl.col("text_key").is_in(compared.implode())).unique("text_key")])
    texts = to_texts(signatures, empty(MERGES))
    resolution = resolve_clusters(
        texts, texts["text_key"], candidates, verifier(corpus), with_overlaps=with_overlaps
    )
    return signatures, resolution
