"""Features of a line from its tokens and its repetitions, one number each.

Rows are the non-blank lines of a batch, sorted by document and line. Everything is NumPy over whole batches.
"""

from typing import Any

import numpy as np

from copydesk.transforms.arrays import Floats, Ints
from copydesk.transforms.line_model.document_bounds import DocumentBounds
from copydesk.transforms.line_model.tokens import Tokens

type Matrix = np.ndarray[Any, np.dtype[np.float32]]

#: Kinds of tokens that are counted as they are; those in _SHARED as shares or combined with others.
_COUNTED = (
    "digit",
    "comma",
    "ellipsis",
    "pipe",
    "quote",
    "symbol",
    "at",
    "copyright",
    "web",
    "year",
    "unspaced",
)
_SHARED = ("word", "stop", "title", "caps", "lower")


def compute_line_features(
    tokens: Tokens, n_chars: Floats, function_word: Floats, address_word: Floats
) -> dict[str, Floats]:
    """Return the features of a line alone. The last two arguments are flags by token type: function words of
    any language, and words that address the reader (you, your, we, our).
    """
    kinds = tokens.kinds
    flags = {name: kinds[name] for name in (*_COUNTED, *_SHARED)}
    n = tokens.count_flags(flags | {"function": function_word, "address": address_word})
    n_words = n["word"] - 0.5 * n["unspaced"]  # a Han word has two characters
    words = np.maximum(n_words, 1)
    letters = np.maximum(tokens.total(kinds["word"] * tokens.length), 1)
    last_shown = np.where(
        tokens.at(kinds["close"], -1) > 0, tokens.at(kinds["stop"], -2), tokens.at(kinds["stop"], -1)
    )
    dots = (tokens.at(kinds["dot"], -1) > 0) & (tokens.at(kinds["dot"], -2) > 0)
    return {
        "n_chars": n_chars,
        "n_words": n_words,
        **{f"n_{kind}": n[kind] for kind in _COUNTED},
        "n_stop": n["stop"],
        "ends_stop": np.where(dots, 0, last_shown).astype(np.float32),
        "ends_dots": (dots | (tokens.at(kinds["ellipsis"], -1) > 0)).astype(np.float32),
        "ends_colon": tokens.at(kinds["colon"], -1),
        "ends_ask": tokens.at(kinds["ask"], -1),
        "starts_lower": tokens.at(kinds["lower"], 0),
        "starts_digit": tokens.at(kinds["digit"], 0),
        "starts_quote": tokens.at(kinds["open"], 0),
        "starts_bullet": tokens.at(kinds["bullet"], 0),
        "date_shape": _triples(tokens),
        "address_words": n["address"],
        "title_share": n["title"] / words,
        "caps_share": n["caps"] / words,
        "lower_share": n["lower"] / words,
        "function_words": n["function"],
        "function_share": n["function"] / words,
        "letter_share": letters / np.maximum(n_chars, 1),
        "word_length": letters / words,
        "sentence_length": words / np.maximum(n["stop"], 1),
    }


def _triples(tokens: Tokens) -> Floats:
    """Count runs of digit, joint, digit: dates, times, scores, 12/31, 10:15."""
    is_digit = tokens.kinds["digit"] > 0
    joint = np.flatnonzero(tokens.kinds["joint"][tokens.type[1:-1]]) + 1
    joint = joint[is_digit[tokens.type[joint - 1]] & is_digit[tokens.type[joint + 1]]]
    joint = joint[tokens.row[joint - 1] == tokens.row[joint + 1]]
    return np.bincount(tokens.row[joint], minlength=len(tokens.count)).astype(np.float32)


def count_repetitions(tokens: Tokens, bounds: DocumentBounds) -> dict[str, Floats]:
    """Return how often the line occurs in its document, and how many times before this line."""
    rows = np.arange(len(bounds.start))
    # integer sums wrap around, and are the same in any batch
    running = np.concatenate([[0], np.cumsum(_mix(tokens.type + 1))])
    key = (running[tokens.first + tokens.count] - running[tokens.first]) * 31 + tokens.count
    order = np.lexsort((key, bounds.start))
    new = np.concatenate(
        [[True], (key[order][1:] != key[order][:-1]) | (bounds.start[order][1:] != bounds.start[order][:-1])]
    )
    group = np.cumsum(new) - 1
    size = np.bincount(group) if len(rows) else np.zeros(0, np.int64)
    first = np.flatnonzero(new)
    same, before = np.empty(len(rows), np.float32), np.empty(len(rows), np.float32)
    same[order], before[order] = size[group], rows - first[group]
    return {"same": same, "seen_before": before}


def _mix(codes: Ints) -> Ints:
    """Spread integers over 63 bits (the finaliser of MurmurHash3)."""
    x = codes.astype(np.uint64)
    x = (x ^ (x >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    return ((x ^ (x >> np.uint64(33))) >> np.uint64(1)).astype(np.int64)


def to_matrix(features: dict[str, Floats]) -> Matrix:
    """Return the columns side by side: rows x features, float32, each column contiguous."""
    return np.stack([np.asarray(column, np.float32) for column in features.values()]).T
