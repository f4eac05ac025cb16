"""Horizontal bars: as long as their values, within the drawing, with the value beside each."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.flows.web.charts import bars
from copydesk.flows.web.charts.bars import stacked_bars
from tests.flows.web.charts.geometry import boxes, key, lines, outside, texts

VALUES = st.none() | st.floats() | st.integers(-(2**60), 2**60).map(float)
LABELS = st.none() | st.text(max_size=90)


def test_bars_are_as_long_as_their_values_and_begin_at_the_axis() -> None:
    frame = pl.DataFrame({"became": ["read", "merged", "loaded"], "n": [200, 50, 0]})
    chart = bars(frame, label="became", value="n", unit="records")
    read, merged, loaded = boxes(chart)
    (axis,) = lines(chart, strong=True)
    assert read.width == pytest.approx(4 * merged.width)
    assert loaded.width == 0
    assert read.x == merged.x == axis.x1 == axis.x2
    assert [box.title for box in boxes(chart)] == ["read: 200", "merged: 50", "loaded: 0"]
    assert read.y < merged.y < loaded.y
    assert texts(chart) == ["records", "read", "200", "merged", "50", "loaded", "0"]
    assert chart.about == "records: read: 200; merged: 50; loaded: 0."


def test_negative_values_go_to_the_other_side_of_the_axis() -> None:
    chart = bars(pl.DataFrame({"l": ["up", "down"], "n": [3, -1]}), label="l", value="n", unit="n")
    up, down = boxes(chart)
    (axis,) = lines(chart, strong=True)
    assert up.x == pytest.approx(axis.x1)
    assert down.x + down.width == pytest.approx(axis.x1)
    assert up.width == pytest.approx(3 * down.width)


def test_rows_of_one_label_are_bars_of_their_own_in_the_colour_of_their_kind() -> None:
    frame = pl.DataFrame({"name": ["Bray", "Bray", "Ash"], "n": [3, 2, 2], "kind": ["GPE", "ORG", "GPE"]})
    chart = bars(frame, label="name", value="n", colour="kind", unit="documents")
    assert key(chart) == {"GPE": "one", "ORG": "two"}
    assert [(box.title, box.colour) for box in boxes(chart)] == [
        ("Bray, GPE: 3", "one"),
        ("Bray, ORG: 2", "two"),
        ("Ash, GPE: 2", "one"),
    ]
    assert len({box.y for box in boxes(chart)}) == 3


def test_pieces_of_a_stack_meet_and_its_total_is_beside_it() -> None:
    frame = pl.DataFrame({"s": ["a", "a", "b"], "lang": ["en", "de", "en"], "n": [6, 2, 4]})
    chart = stacked_bars(frame, label="s", value="n", part="lang", unit="articles")
    first, second, other = boxes(chart)
    assert (first.title, second.title, other.title) == ("a, en: 6", "a, de: 2", "b, en: 4")
    assert second.x == pytest.approx(first.x + first.width)
    assert first.width == pytest.approx(3 * second.width)
    assert first.y == second.y != other.y
    assert texts(chart)[-4:] == ["a", "8", "b", "4"]


@pytest.mark.parametrize("value", [None, float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_has_no_bar_but_its_label(value: float | None) -> None:
    frame = pl.DataFrame({"l": ["a", "b"], "n": [value, 1.0]}, schema={"l": pl.String, "n": pl.Float64})
    chart = bars(frame, label="l", value="n", unit="")
    assert [box.title for box in boxes(chart)] == ["b: 1"]
    assert texts(chart) == ["a", "–", "b", "1"]


def test_an_empty_frame_has_a_chart_without_bars() -> None:
    frame = pl.DataFrame(schema={"l": pl.String, "n": pl.Int64, "p": pl.String})
    for chart in (
        bars(frame, label="l", value="n", unit="records"),
        stacked_bars(frame, label="l", value="n", part="p", unit="records"),
    ):
        assert boxes(chart) == []
        assert chart.about == "No values."
        assert outside(chart) == []


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(LABELS, VALUES, LABELS), max_size=12))
def test_everything_is_within_the_drawing(rows: list[tuple[str | None, float | None, str | None]]) -> None:
    frame = pl.DataFrame(rows, schema={"l": pl.String, "n": pl.Float64, "p": pl.String}, orient="row")
    assert outside(bars(frame, label="l", value="n", unit="records")) == []
    assert outside(bars(frame, label="l", value="n", colour="p", unit="records")) == []
    assert outside(stacked_bars(frame, label="l", value="n", part="p", unit="records")) == []
