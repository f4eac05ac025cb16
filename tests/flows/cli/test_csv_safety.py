"""The guard: whatever the cells, no cell of the CSV begins as a formula does, and nothing else changes."""

import csv
import io
import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from copydesk.flows.cli.csv_safety import guard

_MARKS = "=+-@\t\r\n＝＋－＠"
_UNSEEN = " \u00a0\u200b\u200f\u202e\ufeff\u3000\x00\x1f"
_CELLS = st.one_of(
    st.text(max_size=12),
    st.text(alphabet=_MARKS + _UNSEEN + "'\",;1a", max_size=6),
)


def is_formula(cell: str) -> bool:
    return cell.lstrip(_UNSEEN + " ")[:1] in set(_MARKS) - {""} if cell.strip(_UNSEEN + " ") else False


@given(
    cells=st.lists(st.none() | _CELLS, min_size=1, max_size=5),
    names=st.lists(_CELLS, min_size=2, max_size=2, unique=True),
    number=st.integers(-9, 9),
)
def test_no_cell_begins_as_a_formula_does(cells: list[str | None], names: list[str], number: int) -> None:
    frame = pl.DataFrame(
        {names[0]: cells, names[1]: [number] * len(cells)}, schema_overrides={names[0]: pl.String}
    )
    guarded = guard(frame)
    header, *lines = csv.reader(io.StringIO(guarded.write_csv(), newline=""))
    assert not any(map(is_formula, header))
    assert len(header) == 2
    assert not any(is_formula(line[0]) for line in lines)
    assert [line[1] for line in lines] == [str(number)] * len(cells)
    # What the guard did is an apostrophe in front, and only where a formula may be.
    for cell, kept in zip(cells, guarded.to_series(0), strict=True):
        assert kept in {cell, f"'{cell}"}
        if cell is not None and re.match(r"[\w'\"<(]", cell):
            assert kept == cell


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1",
        "-1",
        "@x",
        "\tx",
        "\rx",
        "  =1",
        "\u00a0=1",
        "\u200b=1",
        "\ufeff-1",
        "＝1",
        "＋1",
        "－1",
        "＠1",
    ],
)
def test_each_sign_gets_an_apostrophe(cell: str) -> None:
    assert_frame_equal(
        guard(pl.DataFrame({cell: [cell, "a=1"]})), pl.DataFrame({f"'{cell}": [f"'{cell}", "a=1"]})
    )


def test_numbers_stay_and_words_of_a_closed_list_do_not() -> None:
    frame = pl.DataFrame(
        {"n": [-1.5], "flag": [True], "word": ["=a"], "kind": ["-b"]},
        schema_overrides={"word": pl.Categorical(), "kind": pl.Enum(["-b"])},
    )
    assert guard(frame).rows() == [(-1.5, True, "'=a", "'-b")]


def test_columns_keep_names_of_their_own() -> None:
    assert guard(pl.DataFrame({"'=a": [1], "=a": [2]})).columns == ["'=a", "''=a"]
    assert guard(pl.DataFrame({"=a": [1], "'=a": [2]})).columns == ["'=a", "''=a"]
    assert guard(pl.DataFrame()).columns == []
