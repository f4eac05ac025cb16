"""Texts as arrays of token hashes, which is all that a comparison of texts needs."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from copydesk.transforms.arrays import Codes, Hashes, Ints
from copydesk.transforms.contract import TOKEN_HASHES
from copydesk.transforms.text.buffers import to_binary, to_bytes
from copydesk.transforms.text.hashing import Words


@dataclass(frozen=True)
class Corpus:
    """Texts as token hashes of four bytes: text number t has text_key key[t] and token_hash[first[t] : first[t + 1]],
    with its closing sentinels. The lowest bit of a token hash says whether the word is a number.
    """

    key: Hashes
    token_hash: Codes
    first: Ints

    def numbers(self, text_keys: pl.Series) -> Ints:
        """Return the number of the text of each key. Every key must be in the corpus."""
        found: Ints = self._order[np.searchsorted(self.key, text_keys.to_numpy(), sorter=self._order)]
        return found

    @cached_property
    def _order(self) -> Ints:
        return np.argsort(self.key)


def to_token_hashes(words: Words) -> pl.DataFrame:
    """Return the TOKEN_HASHES of texts."""
    hashes = to_binary(words.code, words.first)
    return pl.DataFrame({"text_key": words.key, "token_hashes": hashes}, schema=TOKEN_HASHES)


def to_corpus(parts: Iterable[pl.DataFrame], n_words: int = 0) -> Corpus:
    """Return the texts of all `parts` (TOKEN_HASHES), numbered in their order.

    The array of a single part is used as it is. For several, memory for `n_words` and a quarter more (counts differ,
    and there are sentinels) is reserved at once: pages that are never written cost nothing, while an array that grows
    is in memory twice for a moment.
    """
    hashes, used = np.zeros(0, "<u4"), 0
    keys, counts = [np.zeros(0, np.uint64)], [np.zeros(1, np.int64)]
    for part in parts:
        data, begin = to_bytes(part["token_hashes"])
        keys.append(part["text_key"].to_numpy())
        counts.append(np.diff(begin) // 4)
        more, begun = data.view("<u4"), used
        used += len(more)
        if not begun:
            hashes = more
        elif len(more):
            if used > len(hashes):
                grown = np.empty(max(n_words * 5 // 4, used * 3 // 2), "<u4")
                grown[:begun] = hashes[:begun]
                hashes = grown
            hashes[begun:used] = more
    return Corpus(np.concatenate(keys), hashes[:used], np.cumsum(np.concatenate(counts)))
