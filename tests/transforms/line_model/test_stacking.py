"""Features of the second round: the first probabilities around a line."""

import numpy as np
import polars as pl

from copydesk.transforms.line_model.base_features import BaseFeatures
from copydesk.transforms.line_model.cohesion import share_words
from copydesk.transforms.line_model.document_bounds import DocumentBounds
from copydesk.transforms.line_model.ngrams import LineNgrams
from copydesk.transforms.line_model.stacking import compute_stacked_features
from copydesk.transforms.line_model.tokens import tokenize


def test_the_first_probabilities_around_a_line_are_those_of_its_document() -> None:
    first = np.array([0.9, 0.1, 0.4, 0.6], np.float32)
    n_words = np.array([9, 1, 9, 9], np.float32)
    document = np.array([0, 0, 0, 1])
    words = share_words(tokenize(pl.Series(["the pier", "a pier", "x", "the pier"])), document)
    nothing = LineNgrams(*(np.zeros(0, np.int64) for _ in range(3)))
    plain = BaseFeatures({"n_words": n_words}, DocumentBounds.of(document), (nothing, nothing), words)
    found = compute_stacked_features(first, plain)
    np.testing.assert_array_equal(found["p@1"], [*first[[1, 2]].tolist(), np.nan, np.nan])
    np.testing.assert_array_equal(found["p@-1"], [np.nan, *first[:2].tolist(), np.nan])
    np.testing.assert_allclose(found["p[-8,-1]"], [0, 0.9, (9 + 0.2) / 12, 0], rtol=1e-5)
    assert found["n_likely"].tolist() == [1, 1, 1, 1]
    assert found["up>0.5"].tolist() == [200, 1, 2, 200]
    assert found["down>0.3"].tolist() == [2, 1, 200, 200]
    assert found["down<0.3,0"].tolist() == [1, 200, 200, 200]
    np.testing.assert_allclose(found["stretch_words"], [9, -0.2, 4, 6], rtol=1e-5)
    np.testing.assert_allclose(found["shared_likely"], [0.1, 0.9, -1, -1], rtol=1e-5)
