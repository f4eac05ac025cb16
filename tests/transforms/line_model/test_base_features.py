"""Base features: one row per line, named once, independent of the other documents and of weights."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.transforms.line_model.base_features import BaseFeatures, compute_base_features
from copydesk.transforms.line_model.features import to_matrix
from tests.transforms.conftest import HEADLINE, PROSE, awkward_text, examples

VOCABULARY = pl.Series(["01", "02", "the", "harbour", "captains"])
FUNCTIONS, ADDRESS = pl.Series(["the", "of", "in"]), pl.Series(["you", "we"])


def compute(*documents: list[str]) -> BaseFeatures:
    rows = [(f"d{number}", body) for number, bodies in enumerate(documents) for body in bodies]
    lines = pl.DataFrame(rows, schema={"doc_id": pl.String, "body": pl.String}, orient="row")
    return compute_base_features(lines, VOCABULARY, FUNCTIONS, ADDRESS)


def test_each_feature_has_one_number_per_line() -> None:
    found = compute(["Home", HEADLINE, *PROSE], ["Share"])
    assert {len(column) for column in found.features.values()} == {5}
    assert found.bounds.start.tolist() == [0, 0, 0, 0, 4]
    assert found.bounds.end.tolist() == [4, 4, 4, 4, 5]
    assert [len(grams.first) for grams in found.grams] == [5, 5]
    assert found.words.n_lines == 5


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("n_words", [1, 8, 1]),
        ("function_words", [0, 2, 0]),
        ("address_words", [0, 0, 1]),
        ("known", [0, 0.5, 0]),
        ("same", [1, 1, 1]),
        ("lines_above", [0, 1, 2]),
        ("n_words@1", [8, 1, np.nan]),
    ],
)
def test_features_of_a_small_document(name: str, expected: list[float]) -> None:
    found = compute(["Home", "The captains queue in rain at the harbour", "You"]).features[name].tolist()
    if name == "function_words":  # "the" twice, "in" once
        expected = [0, 3, 0]
    assert found == pytest.approx(expected, nan_ok=True)


def test_the_context_is_cut_earlier_than_the_line_itself() -> None:
    own, context = compute(["harbour " * 100]).grams
    assert (own.count.item(), context.count.item()) == (2 * 60 + 2, 2 * 12 + 2)


documents = st.lists(
    st.lists(st.sampled_from(["Home", HEADLINE, "10:15", "桥关了。", "Share this", "😀"]) | awkward_text.filter(
        lambda text: text.strip()), min_size=1, max_size=5),
    min_size=1, max_size=3,
)  # fmt: skip


@examples(20)
@given(documents)
def test_a_document_has_the_same_features_alone_and_among_others(bodies: list[list[str]]) -> None:
    together = to_matrix(compute(*bodies).features)
    alone = np.concatenate([to_matrix(compute(document).features) for document in bodies])
    np.testing.assert_allclose(together, alone, rtol=1e-5, atol=1e-6)
