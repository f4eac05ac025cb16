"""The selection of lines: no other has a greater expected F score."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.transforms.line_model.document_bounds import DocumentBounds
from copydesk.transforms.line_model.selection import select_lines

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
        mine = expected_f(page, tuple(row for row, unmarked in enumerate(keep) if unmarked), beta2)
        assert mine == pytest.approx(best, abs=1e-5)


@given(cases, betas, st.sampled_from([0.1, 0.5, 0.9]))
def test_no_line_below_the_floor_is_chosen_and_the_floor_changes_nothing_else(
    pages: list, beta2: float, floor: float
) -> None:
    free = chosen(pages, beta2, 0.0)
    for page, keep, without in zip(pages, chosen(pages, beta2, floor), free, strict=True):
        wanted = [unmarked and likely >= floor for unmarked, (likely, _) in zip(without, page, strict=True)]
        assert keep == wanted


@given(cases, betas)
def test_a_document_is_chosen_from_the_same_alone_and_among_others(pages: list, beta2: float) -> None:
    assert chosen(pages, beta2, 0.1) == [chosen([page], beta2, 0.1)[0] for page in pages]


def test_no_lines_no_choice() -> None:
    nothing = np.zeros(0, np.float32)
    assert select_lines(nothing, nothing, DocumentBounds.of(nothing), 0.7, 0.1).tolist() == []
