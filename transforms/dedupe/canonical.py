"""Canonical documents: which of several documents with the same content readers see, and which are its duplicates.

Documents and texts have one total order: most words first, then the earliest published, then the smallest doc_id.
"""

import polars as pl

from copydesk.transforms.contract import DUPLICATES, INDEXED, TEXTS, conform


def in_canonical_order(documents: pl.DataFrame) -> pl.DataFrame:
    """Sort documents (n_words, published_at, doc_id): the first of a cluster is its canonical document."""
    return documents.sort(-pl.col("n_words"), "published_at", "doc_id", nulls_last=True)


def to_texts(signatures: pl.DataFrame, merges: pl.DataFrame) -> pl.DataFrame:
    """Return the TEXTS of INDEXED documents in canonical order, each with its first document, and the `merges` (MERGES)
    of earlier runs.
    """
    first = in_canonical_order(signatures.select(INDEXED.keys())).unique(
        "text_key", keep="first", maintain_order=True
    )
    return conform(first.join(merges, on="text_key", how="left", maintain_order="left"), TEXTS)


def to_duplicates(signatures: pl.DataFrame, merges: pl.DataFrame) -> pl.DataFrame:
    """Return the DUPLICATES among INDEXED documents, given the MERGES of their texts.

    A document follows its text: into the canonical document of the text that it was merged into. Of several documents
    with one text, all but the first in canonical order are exact duplicates.
    """
    first = to_texts(signatures, merges).select("text_key", "canonical_key", first="doc_id")
    scores = merges.select("text_key", "kind", "similarity", "containment", "canonical_containment")
    canonical = first.select(canonical_key="text_key", first_of_canonical="first")
    rows = (
        signatures.select("doc_id", "text_key")
        .join(first, on="text_key")
        .join(canonical, on="canonical_key", how="left")
        .join(scores, on="text_key", how="left")
        .with_columns(canonical_doc_id=pl.coalesce("first_of_canonical", "first"))
        .filter(pl.col("canonical_doc_id") != pl.col("doc_id"))
        .with_columns(
            pl.col("kind").fill_null("exact"),
            pl.col("similarity", "containment", "canonical_containment").fill_null(1.0),
            pl.col("canonical_key").fill_null(pl.col("text_key")),
        )
    )
    return conform(rows.sort("doc_id"), DUPLICATES)
