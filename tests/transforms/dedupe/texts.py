"""What the tests of the dedupe stage share: a story with places to edit, and signatures."""

import numpy as np
import polars as pl

from copydesk.transforms.contract import SIGNATURES
from copydesk.transforms.dedupe.corpus import to_corpus, to_token_hashes
from copydesk.transforms.dedupe.verify import verify
from copydesk.transforms.text.hashing import hash_words
from tests.transforms.conftest import PROSE

NO_TEMPLATES = pl.Series("anchor", dtype=pl.UInt32)
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


def signatures_of(*rows: tuple) -> pl.DataFrame:
    """Return SIGNATURES without anchors: doc_id, text_key, n_words, published_at a row."""
    return pl.DataFrame([(*row, 0, 0, []) for row in rows], schema=SIGNATURES, orient="row")
