"""The metric: by hand, by law, and beside the scorer that comes with the evaluation data."""

import importlib.util

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.pages import EVAL, read_own
from benchmarks.scores import Scores, b_cubed, score_texts

_TEXTS = st.text("ab ,.", max_size=30)


def test_by_hand() -> None:
    gold, text = "the pier will open in May", "Share the pier will open in June"
    # Shingles: gold 3, text 4, 2 in common. Words, lower case: gold 6, text 7, 5 in common.
    assert score_texts([[gold]], [text]) == pytest.approx((2 / 4, 2 / 3, 4 / 7, 5 / 7, 5 / 6, 10 / 13))


def test_a_page_without_text_counts_in_recall_alone() -> None:
    gold = "the pier will open"
    assert score_texts([[gold], [gold]], [gold, ""]) == pytest.approx((1, 0.5, 2 / 3, 0.5, 0.5, 0.5))


def test_the_best_of_several_accepted_articles_counts() -> None:
    long, short = "the pier will open in May says Ana", "the pier will open"
    assert score_texts([[long, short]], [short]) == Scores(1, 1, 1, 1, 1, 1)


@given(st.lists(_TEXTS, min_size=1, max_size=4))
def test_the_gold_itself_is_perfect(golds: list[str]) -> None:
    scores = score_texts([[gold] for gold in golds], golds)
    assert scores[1:2] + scores[3:] == (1, 1, 1, 1)


@given(st.lists(st.tuples(_TEXTS, _TEXTS), min_size=1, max_size=4))
def test_scores_are_shares(pairs: list[tuple[str, str]]) -> None:
    assert all(
        0 <= value <= 1 for value in score_texts([[gold] for gold, _ in pairs], [text for _, text in pairs])
    )


def test_no_pages_or_unlike_lists_are_refused() -> None:
    with pytest.raises(ValueError, match="no page"):
        score_texts([], [])
    with pytest.raises(ValueError, match="zip"):
        score_texts([["a"]], [])


@pytest.mark.skipif(
    not (EVAL / "score.py").exists(), reason="the evaluation data is not beside this checkout"
)
def test_it_is_the_metric_of_the_evaluation_data() -> None:
    spec = importlib.util.spec_from_file_location("scorer", EVAL / "score.py")
    assert spec is not None
    assert spec.loader is not None
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    pages = read_own()
    texts = [page.text if at % 3 else "" for at, page in enumerate(pages)]
    gold = [{"id": page.name, "gold_text": page.golds[0]} for page in pages]
    predicted = {page.name: text for page, text in zip(pages, texts, strict=True)}
    total = scorer.total(scorer.evaluate(gold, predicted))
    theirs = [total[name] for name in ("P", "R", "F1", "tP", "tR", "tF1")]
    assert score_texts([page.golds for page in pages], texts) == pytest.approx(theirs)


def test_b_cubed_is_that_of_the_paper() -> None:
    assert b_cubed(["a", "a", "b"], ["x", "x", "y"]) == (1, 1, 1)
    p, r, f = b_cubed(["a", "a", "a", "b"], ["x", "x", "y", "y"])
    assert (p, r) == (0.75, pytest.approx((2 / 3 * 2 + 1 / 3 + 1) / 4))
    assert f == pytest.approx(2 * p * r / (p + r))
