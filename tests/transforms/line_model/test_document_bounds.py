"""Sums, windows and neighbours never cross the bounds of a document."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from copydesk.transforms.arrays import Floats
from copydesk.transforms.line_model.document_bounds import DocumentBounds

#: The number of each row's document, in order: documents of one to six rows.
documents = st.lists(st.integers(1, 6), max_size=5).map(
    lambda sizes: np.repeat(np.arange(len(sizes)), np.array(sizes, np.int64))
)


@given(documents, st.randoms(use_true_random=False))
def test_sums_shifts_and_windows_are_those_of_the_document_alone(document: Floats, dice) -> None:
    values = np.array([dice.randint(-5, 5) for _ in document], np.float32)
    pages = DocumentBounds.of(document)
    for number in np.unique(document):
        rows = np.flatnonzero(document == number)
        mine = values[rows].tolist()
        n = len(mine)
        assert pages.sum_document(values)[rows].tolist() == [sum(mine)] * n
        assert pages.sum_above(values)[rows].tolist() == [sum(mine[:at]) for at in range(n)]
        for by in (-2, -1, 1, 2):
            wanted = [mine[at + by] if 0 <= at + by < n else np.nan for at in range(n)]
            np.testing.assert_array_equal(pages.shift(values, by)[rows], wanted)
        assert pages.max_document(values)[rows].tolist() == [max(mine)] * n
        ranks = sorted(range(n), key=lambda at: (mine[at], at))
        np.testing.assert_allclose(
            pages.rank_in_document(values)[rows], [ranks.index(at) / n for at in range(n)], rtol=1e-6
        )
        for low, high in ((-2, 2), (-3, -1), (1, 4), (0, 0)):
            windows = [mine[max(at + low, 0) : max(at + high + 1, 0)] for at in range(n)]
            assert pages.window_size(low, high)[rows].tolist() == [len(window) for window in windows]
            means = [sum(window) / max(len(window), 1) for window in windows]
            np.testing.assert_allclose(
                pages.window_mean(values, low, high)[rows], means, rtol=1e-5, atol=1e-6
            )


@given(documents, st.randoms(use_true_random=False))
def test_the_nearest_hit_is_another_row_of_the_document(document: Floats, dice) -> None:
    hit = np.array([dice.random() < 0.4 for _ in document], np.bool_)
    up, down = DocumentBounds.of(document).distance_to(hit)
    for at, number in enumerate(document):
        above = [at - row for row in range(at) if document[row] == number and hit[row]]
        below = [row - at for row in range(at + 1, len(document)) if document[row] == number and hit[row]]
        assert (up[at], down[at]) == (min(above, default=200), min(below, default=200))


def test_a_hit_further_away_than_200_rows_counts_as_200() -> None:
    hit = np.zeros(500, np.bool_)
    hit[0] = True
    assert DocumentBounds.of(np.zeros(500)).distance_to(hit)[0][[1, 199, 200, 201, 499]].tolist() == [
        1,
        199,
        200,
        200,
        200,
    ]
