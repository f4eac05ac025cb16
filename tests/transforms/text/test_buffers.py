import itertools

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_series_equal

from copydesk.transforms.text import buffers
from copydesk.transforms.text.buffers import to_binary, to_bytes, to_lists
from tests.transforms.conftest import awkward_text


@pytest.fixture(params=[True, False], ids=["with pyarrow", "without"], autouse=True)
def has_arrow(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(buffers, "HAS_ARROW", request.param)


@pytest.mark.parametrize("kind", [pl.String, pl.Binary])
def test_texts_are_bytes_one_after_the_other(kind: type[pl.DataType]):
    texts = pl.concat([pl.Series(["skipped", "né", ""]), pl.Series(["漢", "a"])]).slice(1).cast(kind)
    data, offsets = to_bytes(texts)
    assert data.tobytes() == "né漢a".encode()
    assert offsets.tolist() == [0, 3, 3, 6, 7]
    assert offsets.dtype == np.int64


def test_no_texts_are_no_bytes():
    data, offsets = to_bytes(pl.Series(dtype=pl.String))
    assert data.tolist() == []
    assert offsets.tolist() == [0]


def test_codes_are_values_and_come_back():
    codes, offsets = np.array([1, 2, 1 << 31], np.uint32), np.array([0, 2, 2, 3])
    binary = to_binary(codes, offsets)
    assert binary.to_list() == [b"\1\0\0\0\2\0\0\0", b"", b"\0\0\0\x80"]
    data, begin = to_bytes(binary)
    assert data.view("<u4").tolist() == codes.tolist()
    assert begin.tolist() == [0, 8, 8, 12]


@pytest.mark.parametrize(("values", "offsets"), [([7, 8, 9], [0, 0, 2, 3]), ([], [0, 0]), ([], [0])])
def test_lists_are_cut_at_the_offsets(values: list[int], offsets: list[int]):
    lists = to_lists(np.array(values, np.uint32), np.array(offsets))
    expected = [values[begin:end] for begin, end in itertools.pairwise(offsets)]
    assert_series_equal(lists, pl.Series(expected, dtype=pl.List(pl.UInt32)), check_names=False)


@given(st.lists(awkward_text, max_size=5))
def test_any_texts_come_back(texts: list[str]):
    data, offsets = to_bytes(pl.Series(texts, dtype=pl.String))
    parts = itertools.pairwise(offsets)
    assert [data[begin:end].tobytes().decode() for begin, end in parts] == texts
