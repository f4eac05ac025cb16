"""Features of the text that need no trained weights, and the inputs of those that do."""

from typing import NamedTuple

import numpy as np
import polars as pl

from copydesk.transforms.arrays import Floats
from copydesk.transforms.line_model.cohesion import SharedWords, compute_cohesion, share_words
from copydesk.transforms.line_model.document_bounds import DocumentBounds
from copydesk.transforms.line_model.features import compute_line_features, count_repetitions
from copydesk.transforms.line_model.ngrams import (
    CONTEXT_TOKENS,
    OWN_TOKENS,
    LineNgrams,
    compute_known_shares,
    encode_types,
    hash_ngrams,
)
from copydesk.transforms.line_model.position import (
    LANDMARK,
    compute_neighbour_features,
    compute_position_features,
)
from copydesk.transforms.line_model.tokens import tokenize


class BaseFeatures(NamedTuple):
    """Features by name, the bounds of the documents, the n-grams of each line (its own, and as context of
    others), shared words.
    """

    features: dict[str, Floats]
    bounds: DocumentBounds
    grams: tuple[LineNgrams, LineNgrams]
    words: SharedWords


def compute_base_features(
    lines: pl.DataFrame, vocabulary: pl.Series, function_words: pl.Series, address_words: pl.Series
) -> BaseFeatures:
    """Compute the features of lines (doc_id, body), sorted by document, that need no trained weights.

    `function_words` and `address_words` are the two word lists of
    :func:`copydesk.transforms.line_model.features.compute_line_features`.
    """
    tokens = tokenize(lines["body"])
    document = lines["doc_id"].rle_id().to_numpy()
    bounds = DocumentBounds.of(document)
    own = compute_line_features(
        tokens,
        lines["body"].str.len_chars().to_numpy().astype(np.float32),
        *(
            tokens.types.is_in(words.implode()).to_numpy().astype(np.float32)
            for words in (function_words, address_words)
        ),
    )
    code = encode_types(tokens.types, vocabulary)
    grams = (hash_ngrams(tokens, code, OWN_TOKENS), hash_ngrams(tokens, code, CONTEXT_TOKENS))
    words = share_words(tokens, document.astype(np.int64))
    features = (
        own
        | count_repetitions(tokens, bounds)
        | compute_cohesion(words, tokens.count >= LANDMARK)
        | compute_position_features(own, bounds)
        | compute_neighbour_features(own, bounds)
        | compute_known_shares(tokens, code, bounds)
    )
    return BaseFeatures(features, bounds, grams, words)
