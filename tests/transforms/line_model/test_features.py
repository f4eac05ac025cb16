"""Features of lines: by hand on small lines."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.transforms.line_model.document_bounds import DocumentBounds
from copydesk.transforms.line_model.features import compute_line_features, count_repetitions, to_matrix
from copydesk.transforms.line_model.position import compute_neighbour_features, compute_position_features
from copydesk.transforms.line_model.tokens import tokenize
from tests.transforms.conftest import examples


def own(
    *bodies: str, functions: tuple[str, ...] = ("the", "of"), address: tuple[str, ...] = ("you",)
) -> dict:
    tokens = tokenize(pl.Series(bodies, dtype=pl.String))
    flags = [tokens.types.is_in(words).to_numpy().astype(np.float32) for words in (functions, address)]
    n_chars = np.array([len(body) for body in bodies], np.float32)
    return compute_line_features(tokens, n_chars, *flags)


def repeated(document: list[int], *bodies: str) -> dict[str, list[float]]:
    found = count_repetitions(tokenize(pl.Series(bodies)), DocumentBounds.of(np.array(document)))
    return {name: values.tolist() for name, values in found.items()}


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
def test_features_of_a_line_alone(body: str, expected: dict[str, float]) -> None:
    found = own(body)
    assert {name: found[name].item() for name in expected} == pytest.approx(expected)


def test_a_line_that_comes_again_is_counted_in_its_own_document() -> None:
    found = repeated([0, 0, 0, 0, 1], "Share", "Rain", "Share", "Rain Share", "Share")
    assert found["same"] == [2, 1, 2, 1, 1]
    assert found["seen_before"] == [0, 0, 1, 0, 0]


bodies = st.lists(
    st.sampled_from(
        ["Home", "Share this", "The pier is shut.", "桥关了。", "10:15", "the old ferry left " * 5]
    ),
    min_size=1,
    max_size=6,
)


@examples(25)
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
