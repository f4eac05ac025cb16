"""Features of a line's position and of its neighbours."""

import numpy as np

from copydesk.transforms.line_model.document_bounds import DocumentBounds
from copydesk.transforms.line_model.position import compute_position_features
from tests.transforms.line_model.test_features import own


def test_the_place_of_a_line_is_measured_in_lines_words_and_prose() -> None:
    sentence = "the old ferry left the quay at nine and nobody on it said a word ."
    found = compute_position_features(
        own("Home", sentence, "Share", sentence, "Terms of use"), DocumentBounds.of(np.zeros(5, np.int64))
    )
    found = {name: values.tolist() for name, values in found.items()}
    assert found["lines_above"] == [0, 1, 2, 3, 4]
    assert found["lines_below"] == [4, 3, 2, 1, 0]
    assert found["page_words"] == [35] * 5
    assert found["prose_words"] == [30] * 5
    assert found["prose_above"] == [0, 0, 0.5, 0.5, 1]
    assert found["prose_below"] == [1, 0.5, 0.5, 0, 0]
    assert found["to_prose_above"] == [200, 200, 1, 2, 1]
    assert found["to_prose_below"] == [1, 2, 1, 200, 200]
    assert found["run"] == [1, -1, 1, -1, 1]
