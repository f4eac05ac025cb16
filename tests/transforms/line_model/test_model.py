"""The line model with its real weights."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.transforms.clean.segments import segment
from copydesk.transforms.clean.stage import CleaningResources
from copydesk.transforms.line_model.document_bounds import DocumentBounds
from copydesk.transforms.line_model.model import (
    LineModel,
    build_page_matrix,
    find_single_line_documents,
    predict,
)
from tests.transforms.conftest import HEADLINE, PROSE, awkward_text, examples, raw_of

A, B = PROSE
ARTICLE = f"Home\nNews\nSport\n{HEADLINE}\n{A}\n{B}\nShare this article\nSubscribe to our newsletter"


@pytest.fixture(scope="session")
def weights(resources: CleaningResources) -> LineModel:
    assert resources.line_model is not None
    return resources.line_model


def shown(*texts: str) -> pl.DataFrame:
    return segment(raw_of(*texts)).filter(pl.col("body") != "")


def test_prose_is_likely_and_the_page_around_it_is_not(weights: LineModel) -> None:
    likely = predict(shown(ARTICLE), weights)
    assert likely.shape == (8,)
    assert likely[[4, 5]].min() > 0.5
    assert likely[[0, 1, 2, 6, 7]].max() < 0.5


def test_a_page_on_one_line_is_recognised() -> None:
    one_line = " ".join(f"{ARTICLE} {A} {B} {A} {B}".split())
    lines = shown(ARTICLE, one_line, A, f"{A}\n{B}", f"{HEADLINE}\n{one_line}")
    cut = (
        lines.with_columns(cut=pl.Series(find_single_line_documents(lines)))
        .group_by("doc_id")
        .agg(pl.col("cut").unique())
        .sort("doc_id")
    )
    assert cut["cut"].to_list() == [[False], [True], [False], [False], [True]]


def test_a_page_on_one_line_has_its_own_trees(weights: LineModel) -> None:
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


@examples(4)
@given(texts=documents)
def test_a_document_has_the_same_probabilities_alone_and_among_others(
    weights: LineModel, texts: list[str]
) -> None:
    lines = shown(*texts)
    if lines.is_empty():
        return
    together = predict(lines, weights)
    assert ((together >= 0) & (together <= 1)).all()
    for number in lines["doc_id"].unique():
        alone = predict(lines.filter(doc_id=number), weights)
        np.testing.assert_allclose(together[(lines["doc_id"] == number).to_numpy()], alone, atol=1e-5)


def test_markup_changes_only_the_lines_of_pages(weights: LineModel) -> None:
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
    by_markup = predict(lines, weights, page)
    np.testing.assert_array_equal(by_markup[:8], plain[:8])
    assert (by_markup[8:] != plain[8:]).any()
