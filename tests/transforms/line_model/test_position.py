"""Features of a line's position and of its neighbours."""

import numpy as np

from copydesk.transforms.line_model.document_bounds import DocumentBounds
from copydesk.transforms.line_model.position import compute_neighbour_features, compute_position_features
from tests.transforms.line_model.test_features import own


def test_neighbours_and_windows_end_with_the_document() -> None:
    bounds = DocumentBounds.of(np.array([0, 0, 1]))
    found = compute_neighbour_features(own("The pier is shut.", "Tags:", "Read on…"), bounds)
    found = {name: values.tolist() for name, values in found.items()}
    nan = np.nan
    np.testing.assert_array_equal(found["n_words@1"], [1, nan, nan])
    np.testing.assert_array_equal(found["n_words@-1"], [nan, 4, nan])
    np.testing.assert_array_equal(found["ends_stop@-1"], [nan, 1, nan])
    np.testing.assert_array_equal(found["ends_colon@1"], [1, nan, nan])
    assert found["density[-2,2]"] == [2.5, 2.5, 2]
    assert found["density[1,12]"] == [1, 0, 0]
    assert found["functions[-12,-1]"] == [0, 1, 0]


def test_no_lines_have_no_features() -> None:
    nothing = DocumentBounds.of(np.zeros(0, np.int64))
    assert {len(values) for values in compute_neighbour_features(own(), nothing).values()} == {0}


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
