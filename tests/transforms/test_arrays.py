"""Ranges laid one after the other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.transforms.arrays import spread

ranges = st.lists(st.tuples(st.integers(-50, 50), st.integers(0, 6)), max_size=8)


@given(ranges)
def test_ranges_are_those_of_python_one_after_the_other(pairs: list[tuple[int, int]]) -> None:
    begin, count = (np.array([pair[at] for pair in pairs], np.int64) for at in (0, 1))
    assert spread(begin, count).tolist() == [n for b, c in pairs for n in range(b, b + c)]


@given(st.integers(-9, 9), st.lists(st.integers(0, 4), max_size=6))
def test_one_begin_serves_all_ranges(begin: int, counts: list[int]) -> None:
    found = spread(begin, np.array(counts, np.int64))
    assert found.tolist() == [n for count in counts for n in range(begin, begin + count)]


@pytest.mark.parametrize("counts", [[], [0], [0, 0, 0]])
def test_empty_ranges_have_no_numbers(counts: list[int]) -> None:
    found = spread(np.zeros(len(counts), np.int64), np.array(counts, np.int64))
    assert found.tolist() == []
    assert found.dtype == np.int64
