"""Similarity of documents: terms in common, nearness in time, each pair once, notices on one template left out."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.transforms.stories import similarity
from copydesk.transforms.stories.similarity import (
    EDGE,
    FADE,
    SELDOM,
    WINDOW,
    TermMatrix,
    compare_documents,
    to_term_matrix,
)

WORD, NAME, FIGURE, PAIR = range(4)  # the blocks, the lowest two bits of a term


def window(*documents: dict[int, float]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "terms": [list(terms) for terms in documents],
            "weights": [list(terms.values()) for terms in documents],
        },
        schema={"terms": pl.List(pl.UInt32), "weights": pl.List(pl.Float32)},
    )


def term(number: int, block: int = WORD) -> int:
    return number << 2 | block


def compare(
    *documents: dict[int, float],
    published: list[float] | None = None,
    fetched: list[float] | None = None,
    wanted: list[bool] | None = None,
) -> dict[tuple[int, int], float]:
    n = len(documents)
    days = [np.array(published or [0.0] * n), np.array(fetched or [0.0] * n)]
    one, other, value = compare_documents(
        to_term_matrix(window(*documents)), days, np.array(wanted or [True] * n)
    )
    return {
        (min(a, b), max(a, b)): v
        for a, b, v in zip(one.tolist(), other.tolist(), value.tolist(), strict=True)
    }


def test_a_matrix_has_one_row_per_document_and_one_column_per_term() -> None:
    matrix = to_term_matrix(window({term(9, PAIR): 0.5, term(2): 0.25}, {}, {term(2): 1.0}))
    assert matrix.weights.toarray().tolist() == [[0.25, 0.5], [0, 0], [1, 0]]
    assert matrix.blocks.tolist() == [WORD, PAIR]
    nothing = to_term_matrix(window())
    assert (nothing.weights.shape, nothing.blocks.tolist()) == ((0, 1), [])
    assert isinstance(nothing, TermMatrix)


def test_the_similarity_is_the_product_of_the_weights() -> None:
    found = compare({term(1): 0.8, term(2): 0.6}, {term(1): 0.6, term(2): 0.8}, {term(3): 1.0})
    assert found == {(0, 1): pytest.approx(0.96)}


def test_similarities_below_the_edge_count_as_none() -> None:
    low, high = EDGE - 0.01, EDGE + 0.01
    assert compare({term(1): 1.0}, {term(1): low}) == {}
    assert compare({term(1): 1.0}, {term(1): high}) == {(0, 1): pytest.approx(high)}


@pytest.mark.parametrize(
    ("published", "fetched", "days"),
    [
        ([0, 0], [0, 99], 0),
        ([0, 7], [0, 0], 7),
        ([0, WINDOW], [0, 0], WINDOW),
        ([0, WINDOW + 0.1], [0, 0], None),
        ([0, np.nan], [0, 7], 7),
        ([np.nan, np.nan], [0, 99], None),
        ([np.nan, np.nan], [0, np.nan], 0),  # nothing is known of one: no reason to keep them apart
    ],
)
def test_documents_fade_with_the_days_between_them(
    published: list, fetched: list, days: float | None
) -> None:
    found = compare({term(1): 1.0}, {term(1): 1.0}, published=published, fetched=fetched)
    expected = {} if days is None else {(0, 1): pytest.approx(1 - (1 - FADE) * days / WINDOW)}
    assert found == expected


def test_a_term_that_many_documents_have_makes_no_candidates() -> None:
    common = [{term(1): 1.0} for _ in range(SELDOM + 1)]
    assert compare(*common) == {}
    assert len(compare(*common[:20])) == 190


def test_notices_on_one_template_are_no_pair() -> None:
    shared = {term(1): 0.5, term(2, PAIR): 0.7}
    assert compare(shared | {term(3, NAME): 0.5}, shared | {term(4, NAME): 0.5}) == {}
    assert len(compare(shared | {term(3, NAME): 0.5}, shared | {term(3, NAME): 0.5})) == 1
    assert len(compare(shared | {term(3, FIGURE): 0.5}, shared | {term(3, FIGURE): 0.5})) == 1
    assert len(compare(shared, shared)) == 1  # without names and figures nothing differs


rows = st.lists(
    st.dictionaries(st.integers(0, 12).map(term), st.floats(0.125, 1, width=32), max_size=5), max_size=8
)


@settings(max_examples=60)
@given(rows, st.data())
def test_pairs_are_those_of_a_plain_reading_with_a_wanted_document(
    documents: list[dict[int, float]], data: st.DataObject
) -> None:
    wanted = data.draw(st.lists(st.booleans(), min_size=len(documents), max_size=len(documents)))
    found = compare(*documents, wanted=wanted)
    products = {
        (a, b): sum(weight * documents[b].get(at, 0) for at, weight in documents[a].items())
        for b in range(len(documents))
        for a in range(b)
        if wanted[a] or wanted[b]
    }
    sure = {pair: value for pair, value in products.items() if value > EDGE + 1e-3}
    assert {pair: found.get(pair) for pair in sure} == {
        pair: pytest.approx(v, rel=1e-3) for pair, v in sure.items()
    }
    assert all(products[pair] > EDGE - 1e-3 for pair in found)


def test_chunks_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = [{term(n % 5): 0.7, term(n % 3 + 10): 0.7} for n in range(20)]
    expected = compare(*documents)
    monkeypatch.setattr(similarity, "_CHUNK", 3)
    monkeypatch.setattr(similarity, "_PAIRS", 2)
    assert compare(*documents) == expected
