"""What the tests of the dedupe stage share: a story with places to edit, and the stage without a warehouse."""

import numpy as np
import polars as pl

from copydesk.transforms.contract import ANCHORS, INDEXED, MERGES, SIGNATURES, empty
from copydesk.transforms.dedupe.candidates import (
    compute_signatures,
    find_bucket_pairs,
    find_candidates,
    to_anchors,
)
from copydesk.transforms.dedupe.canonical import to_duplicates, to_texts
from copydesk.transforms.dedupe.clusters import ClusterResolution, resolve_clusters
from copydesk.transforms.dedupe.corpus import to_corpus, to_token_hashes
from copydesk.transforms.dedupe.verify import verify
from copydesk.transforms.text.hashing import hash_words
from tests.transforms.conftest import PROSE

NO_FRAMES = pl.Series("anchor", dtype=pl.UInt32)
STORY = [
    f"{word}{letter}" for letter in "abcd" for word in " ".join(PROSE).replace(".", "").split()
]  # 228 words


def spell(number: int) -> str:
    """Write a number in letters: figures in a text are compared as numbers."""
    return "".join("abcdefghij"[int(digit)] for digit in str(number))


def story(**changes: str) -> str:
    """Return STORY with the words at some places (w0, w17, ...) changed."""
    words = list(STORY)
    for place, word in changes.items():
        words[int(place[1:])] = word
    return " ".join(words)


def judge(one: str, other: str) -> str | None:
    """Return the kind of pair that two texts are."""
    corpus = to_corpus([to_token_hashes(hash_words(pl.Series([one, other])))])
    return verify(corpus, np.array([0]), np.array([1]))["kind"].item()


def settled(documents: pl.DataFrame) -> tuple[pl.DataFrame, ClusterResolution]:
    """Decide on CLEAN against an empty warehouse; return SIGNATURES too."""
    signatures, codes = compute_signatures(documents)
    anchors = to_anchors(signatures)
    texts = to_texts(signatures, empty(MERGES))
    met = find_bucket_pairs(anchors, empty(ANCHORS), signatures.select(INDEXED.keys()), NO_FRAMES)
    candidates = find_candidates([met.lazy()])
    corpus = to_corpus([codes.unique("text_key")])

    def compare(one: pl.Series, other: pl.Series) -> pl.DataFrame:
        return verify(corpus, corpus.numbers(one), corpus.numbers(other))

    return signatures, resolve_clusters(texts, texts["text_key"], candidates, compare)


def dedupe(documents: pl.DataFrame) -> pl.DataFrame:
    """Return the DUPLICATES of CLEAN."""
    signatures, found = settled(documents)
    return to_duplicates(signatures, found.merges)


def signatures_of(*rows: tuple) -> pl.DataFrame:
    """Return SIGNATURES without anchors: doc_id, text_key, n_words, published_at a row."""
    return pl.DataFrame([(*row, 0, 0, []) for row in rows], schema=SIGNATURES, orient="row")
