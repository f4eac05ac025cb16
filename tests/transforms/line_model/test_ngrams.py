"""Word n-grams: hashed the same everywhere, weighted in the line and around it."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.transforms.line_model.document_bounds import DocumentBounds
from copydesk.transforms.line_model.ngrams import (
    AROUND,
    BITS,
    COLUMNS,
    LineNgrams,
    compute_known_shares,
    compute_margin_features,
    compute_margins,
    encode_types,
    hash_ngrams,
    score_ngrams,
)
from copydesk.transforms.line_model.tokens import tokenize
from tests.transforms.conftest import examples

VOCABULARY = pl.Series(["pier", "shut", "02", "04"])
bodies = st.lists(
    st.sampled_from(["", "pier", "shut pier", "pier shut pier shut", "unknown words"]), max_size=5
)


def grams(*texts: str, limit: int = 60) -> LineNgrams:
    tokens = tokenize(pl.Series(texts, dtype=pl.String))
    return hash_ngrams(tokens, encode_types(tokens.types, VOCABULARY), limit)


def sets(*texts: str, limit: int = 60) -> list[list[int]]:
    found = grams(*texts, limit=limit)
    return [
        sorted(found.bucket[first : first + count].tolist())
        for first, count in zip(found.first, found.count, strict=True)
    ]


def test_a_token_type_has_the_number_of_its_place_in_the_vocabulary_and_figures_that_of_their_length() -> (
    None
):
    types = pl.Series(["shut", "ferry", "pier", "42", "1987", "123456", "7"])
    assert encode_types(types, VOCABULARY).tolist() == [3, 1, 2, 4, 5, 1, 1]
    assert encode_types(types.clear(), VOCABULARY).tolist() == []


@pytest.mark.parametrize(("n_tokens", "n_grams"), [(0, 0), (1, 3), (2, 6), (3, 8), (9, 20)])
def test_a_line_has_its_words_pairs_ends_and_first_pair(n_tokens: int, n_grams: int) -> None:
    """n words, n pairs (the first with the line's start), the line's end, and the first two words if there are two."""
    (found,) = sets("pier " * n_tokens)
    assert len(found) == n_grams


def test_the_order_of_words_matters_and_figures_of_one_length_are_one() -> None:
    first, again, turned, early, late = sets("pier shut", "PIER  Shut", "shut pier", "pier 1987", "pier 2026")
    assert first == again != turned
    assert early == late


def test_tokens_past_the_limit_do_not_count() -> None:
    assert sets("pier shut pier", limit=2) == sets("pier shut")


@examples(25)
@given(bodies, bodies)
def test_the_grams_of_a_line_do_not_depend_on_the_lines_around(above: list[str], below: list[str]) -> None:
    line = "pier 7 shut ferry"
    assert sets(*above, line, *below) == [*sets(*above), *sets(line), *sets(*below)]
    assert all(0 <= bucket < 1 << BITS for own in sets(*above, line) for bucket in own)


def test_a_score_is_the_sum_of_weights_over_the_root_of_their_number() -> None:
    found = LineNgrams(np.array([0, 1, 1, 2]), np.array([0, 3, 3]), np.array([3, 0, 1]))
    np.testing.assert_allclose(score_ngrams(found, np.array([1.0, 2.0, 4.0])), [5 / np.sqrt(3), 0, 4])


@pytest.mark.parametrize("column", range(2, COLUMNS))
def test_a_weight_for_a_place_speaks_for_the_lines_that_have_the_word_there(column: int) -> None:
    low, high, scale = AROUND[column - 2]
    texts = ["filler"] * 12 + ["pier"] + ["filler"] * 12
    own, context = grams(*texts), grams(*texts, limit=12)
    table = np.zeros((1 << BITS, COLUMNS), np.float32)
    only = sorted(set(grams("pier").bucket) - set(grams("filler").bucket))
    table[only, column] = 1
    margin = score_ngrams(grams("pier"), table[:, column]).item()
    document = np.repeat([0, 1], [20, 5])  # the last five lines are another document's
    alone, among = compute_margins(own, context, DocumentBounds.of(document), table, np.array([0.25, 0.5]))
    touched = [at for at in range(20) if at + low <= 12 <= at + high]
    expected = [0.5 + scale * margin * (at in touched) for at in range(25)]
    np.testing.assert_allclose(among, expected, rtol=1e-5)
    assert (alone == 0.25).all()
    assert margin > 0


def test_the_lines_own_weights_are_the_first_two_columns() -> None:
    own = grams("pier", "ferry")
    table = np.zeros((1 << BITS, COLUMNS), np.float32)
    table[:, 0], table[:, 1] = 1, 2
    alone, among = compute_margins(own, own, DocumentBounds.of(np.zeros(2)), table, np.array([0.0, -1.0]))
    np.testing.assert_allclose(alone, [np.sqrt(3)] * 2)
    np.testing.assert_allclose(among, [2 * np.sqrt(3) - 1] * 2)


def test_context_features_are_margins_of_the_same_document() -> None:
    margin = np.array([1, 2, 10], np.float32)
    found = compute_margin_features(
        margin, -margin, np.array([40, 40, 80], np.float32), DocumentBounds.of(np.array([0, 0, 1]))
    )
    np.testing.assert_array_equal(found["alone@1"], [2, np.nan, np.nan])
    np.testing.assert_array_equal(found["among@-1"], [np.nan, -1, np.nan])
    assert found["alone[-12,12]"].tolist() == [1.5, 1.5, 10]
    assert found["alone by words"].tolist() == [1.5, 1.5, 10]
    assert found["among[-6,-1]"].tolist() == [0, -1, 0]
    assert found["alone on page"].tolist() == [1.5, 1.5, 10]
    assert found["alone - page"].tolist() == [-0.5, 0.5, 0]
    assert found["among - greatest"].tolist() == [0, -1, 0]
    assert found["among rank"].tolist() == [0.5, 0, 0]


def test_a_line_and_its_document_say_how_many_of_their_words_are_known() -> None:
    tokens = tokenize(pl.Series(["pier ferry !", "Gangplank pier", "12", "pier"]))
    found = compute_known_shares(
        tokens, encode_types(tokens.types, pl.Series(["pier"])), DocumentBounds.of(np.array([0, 0, 0, 1]))
    )
    assert found["known"].tolist() == [0.5, 0.5, 0, 1]
    assert found["known_on_page"].tolist() == [0.5, 0.5, 0.5, 1]
