"""Word n-grams of a line and of the lines around it, scored by linear models: one table, ten scores per line.

A bucket of the table holds the weights of one hashed n-gram: for occurring in the line itself (two models: the
line alone, and the line among its neighbours), and for occurring one, two or three lines above or below, or
four to ten lines above or below. So "People are also reading" speaks against the lines below it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from copydesk.transforms.arrays import Floats, Ints, spread
from copydesk.transforms.line_model.document_bounds import DocumentBounds
from copydesk.transforms.line_model.tokens import Tokens, sum_consecutive

type Table = np.ndarray[Any, np.dtype[np.float32]]

BITS = 17
#: A line is represented by its first 60 tokens, a neighbour by its first 12.
OWN_TOKENS, CONTEXT_TOKENS = 60, 12
#: The columns of the table: "alone", "among", and then one per window of surrounding lines (first, last,
#: scale).
AROUND: tuple[tuple[int, int, float], ...] = (
    (-1, -1, 0.5),
    (1, 1, 0.5),
    (-2, -2, 0.4),
    (2, 2, 0.4),
    (-3, -3, 0.3),
    (3, 3, 0.3),
    (-10, -4, 0.15),
    (4, 10, 0.15),
)
COLUMNS = 2 + len(AROUND)


@dataclass(frozen=True)
class LineNgrams:
    """The hashed n-grams of lines: `bucket` sorted by line, and by line where its n-grams begin and how many
    there are.
    """

    bucket: Ints
    first: Ints
    count: Ints


def encode_types(types: pl.Series, vocabulary: pl.Series) -> Ints:
    """Return by token type its number in the vocabulary, from 2; 1 if unknown; numbers are encoded by their
    length.
    """
    figures = pl.lit("0") + types.str.len_chars().clip(1, 5).cast(pl.String)
    shaped = pl.select(pl.when(types.str.contains(r"^\p{Nd}")).then(figures).otherwise(types).alias("type"))[
        "type"
    ]
    known = shaped.cast(pl.Enum(vocabulary), strict=False).to_physical().cast(pl.Int64)
    return (known.fill_null(-1) + 2).to_numpy()


def hash_ngrams(tokens: Tokens, code: Ints, limit: int) -> LineNgrams:
    """Hash the words, the pairs (with the line's ends) and the first two words of every line's first `limit`
    tokens.
    """
    count = np.minimum(tokens.count, limit)
    inside = spread(tokens.first, count)
    of = code[tokens.type[inside]]
    begin = np.cumsum(count) - count
    before = np.concatenate([[0], of[:-1]])[: len(of)]
    before[begin[count > 0]] = 0
    pair = before * 1_000_003 + of
    last, second = (begin + count - 1)[count > 0], (begin + 1)[count > 1]
    # a line's n-grams are adjacent: its words, its pairs, its end, its first two words
    total = 2 * count + (count > 0) + (count > 1)
    first = np.cumsum(total) - total
    bucket = np.empty(total.sum(), np.int64)
    at = np.arange(len(of)) + np.repeat(first - begin, count)
    for place, hashed in (  # the offset modulo 8 separates the four kinds
        (at, of * 8 + 1),
        (at + np.repeat(count, count), pair * 8 + 2),
        ((first + 2 * count)[count > 0], of[last] * 8 + 3),
        ((first + 2 * count + 1)[count > 1], pair[second] * 8 + 5),
    ):
        bucket[place] = hashed
    return LineNgrams(_bucket(bucket), first, total)


def _bucket(hashed: Ints) -> Ints:
    """Mix hashes and return their top BITS bits."""
    x = hashed.view(np.uint64)
    for shift in (33, 29):
        x ^= x >> np.uint64(shift)
        x *= np.uint64(0xFF51AFD7ED558CCD)
    x >>= np.uint64(64 - BITS)
    return x.view(np.int64)


def score_ngrams(grams: LineNgrams, weights: "np.ndarray[Any, Any]") -> Floats:
    """Return by line the sum of its n-grams' weights, divided by the square root of their number."""
    total = sum_consecutive(weights.astype(np.float64)[grams.bucket], grams.first, grams.count)
    return (total / np.sqrt(np.maximum(grams.count, 1))).astype(np.float32)


def compute_margins(
    own: LineNgrams, context: LineNgrams, bounds: DocumentBounds, table: Table, bias: Floats
) -> tuple[Floats, Floats]:
    """Return the margins of the two linear models: of the line alone, and of the line among its neighbours."""
    among = score_ngrams(own, table[:, 1])
    for place, (low, high, scale) in enumerate(AROUND):
        near = score_ngrams(context, table[:, 2 + place])
        among = among + scale * bounds.window_mean(near, low, high) * bounds.window_size(low, high)
    return score_ngrams(own, table[:, 0]) + bias[0], among + bias[1]


def compute_known_shares(tokens: Tokens, code: Ints, bounds: DocumentBounds) -> dict[str, Floats]:
    """Return the share of a line's words, and of its document's, in the vocabulary: how far the margins can be
    trusted.

    `code` is the result of :func:`encode_types` by token type.
    """
    is_word = tokens.kinds["word"]
    known, words = tokens.total(is_word * (code > 1)), tokens.total(is_word)
    return {
        "known": known / np.maximum(words, 1),
        "known_on_page": bounds.sum_document(known) / np.maximum(bounds.sum_document(words), 1),
    }


def compute_margin_features(
    alone: Floats, among: Floats, n_words: Floats, bounds: DocumentBounds
) -> dict[str, Floats]:
    """Return the two margins, those of the surrounding lines, their means over windows, and the margin relative
    to the document's: in a language of which few words are known, all margins are low.
    """
    found: dict[str, Floats] = {}
    weight = np.minimum(n_words, 40) / 40
    for name, margin in (("alone", alone), ("among", among)):
        found[name] = margin
        for by in (-2, -1, 1, 2):
            found[f"{name}@{by}"] = bounds.shift(margin, by)
        for low, high in ((-2, 2), (-6, -1), (1, 6), (-12, 12)):
            found[f"{name}[{low},{high}]"] = bounds.window_mean(margin, low, high)
        found[f"{name} by words"] = bounds.window_mean(margin * weight, -3, 3)
        mean = bounds.sum_document(margin * (weight * 40 + 1)) / bounds.sum_document(weight * 40 + 1)
        found |= {
            f"{name} on page": mean,
            f"{name} - page": margin - mean,
            f"{name} - greatest": margin - bounds.max_document(margin),
            f"{name} rank": bounds.rank_in_document(
                np.round(margin, 3)
            ),  # rounded: sums differ in their last bits
        }
    return found
