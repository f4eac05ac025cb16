"""Shared words: by hand on small lines, against a plain count, and never across documents."""

from math import log, log1p

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.transforms.line_model.cohesion import (
    SharedWords,
    compute_article_cohesion,
    compute_cohesion,
    share_words,
)
from copydesk.transforms.line_model.tokens import tokenize

LONG = "the harbour board met in the old town hall and spoke of the pier ."
LINES = (LONG, "harbour crocodile", "pier pier pier", "at 3", "harbour pier")
DOCUMENT = (0, 0, 0, 0, 1)


def shared(bodies: tuple[str, ...], document: tuple[int, ...]) -> SharedWords:
    return share_words(tokenize(pl.Series(bodies, dtype=pl.String)), np.array(document, np.int64))


def test_cohesion_is_the_share_of_longer_words_that_other_long_lines_hold() -> None:
    found = compute_cohesion(shared(LINES, DOCUMENT), np.array([True, False, False, False, False]))
    # a line's own words and other documents prove nothing
    assert found["cohesion"].tolist() == [0, 0.5, 1, -1, 0]
    assert found["cohesion_often"].tolist() == pytest.approx([0, log(2) / 2, log(2), -1, 0])


def test_words_are_the_articles_where_likely_lines_hold_them() -> None:
    likely = np.array([0.9, 0.2, 0.6, 0.5, 1.0], np.float32)
    found = {
        name: values.tolist()
        for name, values in compute_article_cohesion(shared(LINES, DOCUMENT), likely).items()
    }
    words = 6  # harbour, board, town, hall, spoke, pier
    assert found["shared"] == pytest.approx([2 / words, 0.5, 1, -1, 0])
    assert found["shared_likely"] == pytest.approx([0.4, 0.9, 0.9, -1, -1])
    assert found["in_article"] == pytest.approx([0, 0.5, 1, -1, 0])
    assert found["in_likely"] == pytest.approx(
        [(log1p(0.2) + log1p(0.6)) / words, log1p(0.9) / 2, log1p(0.9), -1, 0]
    )
    assert found["in_unlikely"] == pytest.approx(
        [(log1p(0.8) + log1p(0.4)) / words, log1p(0.1) / 2, log1p(0.1), -1, 0], abs=1e-6
    )


lines = st.lists(
    st.lists(st.sampled_from(["harbour", "pier", "ferry", "board", "at", "3"]), max_size=4), max_size=4
)


@given(st.lists(lines, max_size=3))
def test_each_word_of_a_line_counts_once_and_the_other_lines_of_its_document_are_counted(
    pages: list[list[list[str]]],
) -> None:
    bodies = tuple(" ".join(line) for page in pages for line in page)
    words = shared(bodies, tuple(number for number, page in enumerate(pages) for _ in page))
    long = [[{word for word in line if len(word) >= 4} for line in page] for page in pages]
    wanted = [
        sorted(sum(word in other for other in page) - 1 for word in line) for page in long for line in page
    ]
    others = words.others(np.ones(len(bodies)))
    assert [sorted(others[words.row == row].tolist()) for row in range(len(bodies))] == wanted
