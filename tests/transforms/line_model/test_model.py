"""The line model with its real weights, and the choice of the lines that stay."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.transforms.clean.segments import segment
from copydesk.transforms.clean.stage import CleaningResources
from copydesk.transforms.line_model.base_features import BaseFeatures
from copydesk.transforms.line_model.cohesion import share_words
from copydesk.transforms.line_model.document_bounds import DocumentBounds
from copydesk.transforms.line_model.model import (
    LineModel,
    build_page_matrix,
    find_single_line_documents,
    predict,
)
from copydesk.transforms.line_model.ngrams import LineNgrams
from copydesk.transforms.line_model.selection import select_lines
from copydesk.transforms.line_model.stacking import compute_stacked_features
from copydesk.transforms.line_model.tokens import tokenize
from tests.transforms.conftest import HEADLINE, PROSE, awkward_text, raw_of

A, B = PROSE
ARTICLE = f"Home\nNews\nSport\n{HEADLINE}\n{A}\n{B}\nShare this article\nSubscribe to our newsletter"


@pytest.fixture(scope="session")
def weights(desk: CleaningResources) -> LineModel:
    assert desk.line_model is not None
    return desk.line_model


def shown(*texts: str) -> pl.DataFrame:
    return segment(raw_of(*texts)).filter(pl.col("body") != "")


def test_prose_is_likely_and_the_page_around_it_is_not(weights: LineModel) -> None:
    likely = predict(shown(ARTICLE), weights)
    assert likely.shape == (8,)
    assert likely[[4, 5]].min() > 0.5
    assert likely[[0, 1, 2, 6, 7]].max() < 0.5


def test_a_page_on_one_line_is_told_from_lines_and_from_a_lone_paragraph() -> None:
    one_line = " ".join(f"{ARTICLE} {A} {B} {A} {B}".split())
    lines = shown(ARTICLE, one_line, A, f"{A}\n{B}", f"{HEADLINE}\n{one_line}")
    cut = (
        lines.with_columns(cut=pl.Series(find_single_line_documents(lines)))
        .group_by("doc_id")
        .agg(pl.col("cut").unique())
        .sort("doc_id")
    )
    assert cut["cut"].to_list() == [[False], [True], [False], [False], [True]]


def test_a_page_on_one_line_is_judged_by_trees_of_its_own(weights: LineModel) -> None:
    lines = shown(ARTICLE, " ".join(f"{ARTICLE} {A} {B} {A} {B}".split()))
    is_cut = (lines["doc_id"] == "d0001").to_numpy()
    both, without = predict(lines, weights), predict(lines, replace(weights, cut_first=None, cut_second=None))
    np.testing.assert_array_equal(both[~is_cut], without[~is_cut])
    assert (both[is_cut] != without[is_cut]).any()


documents = st.lists(
    st.lists(
        st.one_of(
            st.sampled_from(["Home", "Share", HEADLINE, A, B, "桥今天关了。", "10:15 | 12/31"]), awkward_text
        ),
        min_size=1,
        max_size=8,
    ).map("\n".join),
    min_size=1,
    max_size=4,
)


@settings(max_examples=25)
@given(texts=documents)
def test_a_document_is_judged_the_same_alone_and_among_others(weights: LineModel, texts: list[str]) -> None:
    lines = shown(*texts)
    if lines.is_empty():
        return
    together = predict(lines, weights)
    assert ((together >= 0) & (together <= 1)).all()
    for number in lines["doc_id"].unique():
        alone = predict(lines.filter(doc_id=number), weights)
        np.testing.assert_allclose(together[(lines["doc_id"] == number).to_numpy()], alone, atol=1e-5)


def test_only_the_lines_of_pages_are_judged_by_their_markup(weights: LineModel) -> None:
    lines = shown(ARTICLE, ARTICLE)
    plain = predict(lines, weights)
    n_markup = (
        max(question.feature for question in weights.page.questions)
        + 1
        - build_page_matrix(
            plain,
            pl.DataFrame({"html_precise": [None] * len(lines)}),
            DocumentBounds.of(lines["doc_id"].rle_id().to_numpy()),
        ).shape[1]
    )
    names = ["html_precise", *(f"html_{number}" for number in range(n_markup))]
    page = lines.filter(doc_id="d0001").select("doc_id", "line", **{name: pl.lit(1.0) for name in names})
    judged = predict(lines, weights, page)
    np.testing.assert_array_equal(judged[:8], plain[:8])
    assert (judged[8:] != plain[8:]).any()


def test_the_first_verdicts_around_a_line_are_those_of_its_document() -> None:
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


cases = st.lists(
    st.lists(st.tuples(st.integers(0, 20).map(lambda n: n / 20), st.integers(0, 30)), min_size=1, max_size=7),
    min_size=1,
    max_size=3,
)
betas = st.sampled_from([0.25, 0.7, 1.0, 2.0])


def chosen(pages: list[list[tuple[float, int]]], beta2: float, floor: float) -> list[list[bool]]:
    document = np.repeat(np.arange(len(pages)), [len(page) for page in pages])
    likely, n_words = np.array([row for page in pages for row in page], np.float64).T
    keep = select_lines(likely, n_words.astype(np.float32), DocumentBounds.of(document), beta2, floor)
    return [keep[document == number].tolist() for number in range(len(pages))]


def expected_f(page: list[tuple[float, int]], rows: tuple[int, ...], beta2: float) -> float:
    """The expected score that `choose` states, of keeping `rows`."""
    hit = sum(page[row][0] * (page[row][1] + 1) for row in rows)
    kept = sum(page[row][1] + 1 for row in rows)
    right = sum(likely * (n_words + 1) for likely, n_words in page)
    return (1 + beta2) * hit / (kept + beta2 * right) if kept else 0.0


@given(cases, betas)
def test_no_other_choice_of_lines_has_a_greater_expected_score(pages: list, beta2: float) -> None:
    for page, keep in zip(pages, chosen(pages, beta2, 0.0), strict=True):
        every = [rows for n in range(len(page) + 1) for rows in combinations(range(len(page)), n)]
        best = max(expected_f(page, rows, beta2) for rows in every)
        mine = expected_f(page, tuple(row for row, stays in enumerate(keep) if stays), beta2)
        assert mine == pytest.approx(best, abs=1e-5)


@given(cases, betas, st.sampled_from([0.1, 0.5, 0.9]))
def test_no_line_below_the_floor_is_chosen_and_the_floor_changes_nothing_else(
    pages: list, beta2: float, floor: float
) -> None:
    free = chosen(pages, beta2, 0.0)
    for page, keep, without in zip(pages, chosen(pages, beta2, floor), free, strict=True):
        wanted = [stays and likely >= floor for stays, (likely, _) in zip(without, page, strict=True)]
        assert keep == wanted


@given(cases, betas)
def test_a_document_is_chosen_from_the_same_alone_and_among_others(pages: list, beta2: float) -> None:
    assert chosen(pages, beta2, 0.1) == [chosen([page], beta2, 0.1)[0] for page in pages]


def test_no_lines_no_choice() -> None:
    nothing = np.zeros(0, np.float32)
    assert select_lines(nothing, nothing, DocumentBounds.of(nothing), 0.7, 0.1).tolist() == []
