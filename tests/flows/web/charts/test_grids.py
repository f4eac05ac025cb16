"""Cells of a grid: where their labels meet, coloured by a value or shaded by a number."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.flows.web.charts.grids import grid, heat_map
from tests.flows.web.charts.geometry import boxes, key, outside, texts

COLOURS = {"met": "rule", "critical": "bad"}


def test_a_cell_is_where_its_row_and_its_column_meet() -> None:
    frame = pl.DataFrame(
        {"run": ["r1", "r2", "r1"], "gate": ["a", "a", "b"], "result": ["met", "critical", "odd"]}
    )
    chart = grid(frame, across="run", down="gate", value="result", colours=COLOURS)
    one, two, three = boxes(chart)
    assert one.y == two.y < three.y
    assert one.x == three.x < two.x
    assert [box.colour for box in boxes(chart)] == ["rule", "bad", "soft"]
    assert [box.title for box in boxes(chart)] == ["a, r1: met", "a, r2: critical", "b, r1: odd"]
    assert key(chart) == COLOURS
    assert texts(chart)[-4:] == ["a", "b", "r1", "r2"]


def test_the_larger_a_number_the_stronger_its_cell() -> None:
    frame = pl.DataFrame({"a": ["x", "x", "y", "y"], "b": ["p", "q", "p", "q"], "n": [0, 4, 16, None]})
    chart = heat_map(frame, across="a", down="b", value="n", unit="documents")
    shades = [box.shade for box in boxes(chart)]
    assert shades == pytest.approx([0.06, 0.06 + 0.94 / 2, 1])
    assert texts(chart)[0] == "documents: the strongest is 16"


def test_a_matrix_has_its_labels_in_one_order_above_and_beside() -> None:
    names = ["Ann", "Bob", "Cyd"]
    rows = [(one, other, 1) for one in names for other in reversed(names) if one != other]
    frame = pl.DataFrame(rows, schema=["one", "other", "n"], orient="row")
    chart = heat_map(frame, across="other", down="one", value="n", unit="n")
    assert texts(chart)[1:] == names * 2
    middles = {(round(box.x), round(box.y)) for box in boxes(chart)}
    xs, ys = sorted({x for x, _ in middles}), sorted({y for _, y in middles})
    assert middles == {(x, y) for x in xs for y in ys} - set(zip(xs, ys, strict=True))


def test_of_two_rows_for_one_cell_the_last_one_counts() -> None:
    frame = pl.DataFrame({"a": ["x", "x"], "b": ["p", "p"], "n": ["met", "critical"]})
    assert [box.colour for box in boxes(grid(frame, across="a", down="b", value="n", colours=COLOURS))] == [
        "bad"
    ]


def test_an_empty_frame_has_a_chart_without_cells() -> None:
    frame = pl.DataFrame(schema={"a": pl.String, "b": pl.String, "n": pl.Int64})
    for chart in (
        grid(frame, across="a", down="b", value="n", colours=COLOURS),
        heat_map(frame, across="a", down="b", value="n", unit="n"),
    ):
        assert boxes(chart) == []
        assert outside(chart) == []


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(st.text(max_size=60), st.none() | st.text(max_size=60), st.none() | st.floats()),
        max_size=40,
    )
)
def test_everything_is_within_the_drawing(rows: list[tuple[str, str | None, float | None]]) -> None:
    frame = pl.DataFrame(rows, schema={"a": pl.String, "b": pl.String, "n": pl.Float64}, orient="row")
    for across, down in (("a", "b"), ("a", "a")):
        assert outside(heat_map(frame, across=across, down=down, value="n", unit="documents")) == []
        assert outside(grid(frame, across=across, down=down, value="b", colours=COLOURS)) == []
