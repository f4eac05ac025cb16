"""Features of lines: by hand on small lines, and windows that never leave their document."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.transforms.arrays import Floats
from copydesk.transforms.line_model.document_bounds import DocumentBounds
from copydesk.transforms.line_model.features import compute_line_features, count_repetitions, to_matrix
from copydesk.transforms.line_model.position import compute_neighbour_features, compute_position_features
from copydesk.transforms.line_model.tokens import tokenize

#: The number of each row's document, in order: documents of one to six rows.
documents = st.lists(st.integers(1, 6), max_size=5).map(
    lambda sizes: np.repeat(np.arange(len(sizes)), np.array(sizes, np.int64))
)


def own(
    *bodies: str, functions: tuple[str, ...] = ("the", "of"), address: tuple[str, ...] = ("you",)
) -> dict:
    tokens = tokenize(pl.Series(bodies))
    flags = [tokens.types.is_in(words).to_numpy().astype(np.float32) for words in (functions, address)]
    n_chars = np.array([len(body) for body in bodies], np.float32)
    return compute_line_features(tokens, n_chars, *flags)


def repeated(document: list[int], *bodies: str) -> dict[str, list[float]]:
    found = count_repetitions(tokenize(pl.Series(bodies)), DocumentBounds.of(np.array(document)))
    return {name: values.tolist() for name, values in found.items()}


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


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "The mayor of Hallam said: “Stay.”",
            {
                "n_chars": 33,
                "n_words": 6,
                "n_quote": 2,
                "n_stop": 1,
                "ends_stop": 1,
                "ends_dots": 0,
                "ends_colon": 0,
                "function_words": 2,
                "title_share": 3 / 6,
                "lower_share": 3 / 6,
                "sentence_length": 6,
                "starts_quote": 0,
                "address_words": 0,
            },
        ),
        ("Read more…", {"ends_stop": 0, "ends_dots": 1, "n_ellipsis": 1, "n_stop": 0}),
        ("Read more..", {"ends_stop": 0, "ends_dots": 1, "n_stop": 2}),
        ("Will you come?", {"ends_ask": 1, "ends_stop": 1, "address_words": 1}),
        ("12/31/2024 10:15", {"date_shape": 3, "n_year": 1, "starts_digit": 1, "n_digit": 5, "n_words": 0}),
        ("Tags:", {"ends_colon": 1, "title_share": 1}),
        ("BREAKING NEWS | LIVE", {"caps_share": 1, "n_pipe": 1, "lower_share": 0}),
        ("• item", {"starts_bullet": 1, "starts_lower": 0}),
        ("a@b.org © www.b.org", {"n_at": 1, "n_copyright": 1, "n_web": 3, "starts_lower": 1}),
        ("桥关了。", {"n_words": 1.5, "n_unspaced": 3, "ends_stop": 1}),
    ],
)
def test_what_a_line_says_of_itself(body: str, expected: dict[str, float]) -> None:
    found = own(body)
    assert {name: found[name].item() for name in expected} == pytest.approx(expected)


def test_a_line_that_comes_again_is_counted_in_its_own_document() -> None:
    found = repeated([0, 0, 0, 0, 1], "Share", "Rain", "Share", "Rain Share", "Share")
    assert found["same"] == [2, 1, 2, 1, 1]
    assert found["seen_before"] == [0, 0, 1, 0, 0]


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


bodies = st.lists(
    st.sampled_from(
        ["Home", "Share this", "The pier is shut.", "桥关了。", "10:15", "the old ferry left " * 5]
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=25)
@given(st.lists(bodies, min_size=1, max_size=4))
def test_features_of_a_document_are_the_same_alone_and_among_others(pages: list[list[str]]) -> None:
    def features(texts: list[str], document: list[int]) -> np.ndarray:
        of = own(*texts)
        bounds = DocumentBounds.of(np.array(document))
        again = count_repetitions(tokenize(pl.Series(texts)), bounds)
        return to_matrix(
            of | again | compute_position_features(of, bounds) | compute_neighbour_features(of, bounds)
        )

    together = features(
        [body for page in pages for body in page], [number for number, page in enumerate(pages) for _ in page]
    )
    alone = [features(page, [0] * len(page)) for page in pages]
    np.testing.assert_allclose(together, np.concatenate(alone), rtol=1e-5, atol=1e-6)
