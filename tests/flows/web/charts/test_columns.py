"""Upright bars of categories, of bins of numbers and of steps of time."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.flows.web.charts import columns
from copydesk.flows.web.charts.columns import histogram, over_time
from tests.flows.web.charts.geometry import boxes, key, lines, outside, texts

VALUES = st.none() | st.floats() | st.integers(0, 2**60).map(float)


def test_columns_are_as_high_as_their_values_with_the_value_above_while_there_is_room() -> None:
    frame = pl.DataFrame({"run": ["r1", "r2", "r3"], "n": [10, 40, 0]})
    chart = columns(frame, label="run", value="n", unit="records")
    one, two = boxes(chart)
    (axis,) = lines(chart, strong=True)
    assert two.height == pytest.approx(4 * one.height)
    assert [box.y + box.height for box in boxes(chart)] == pytest.approx([axis.y1] * 2)
    assert one.x < two.x
    assert lines(chart) == []
    assert texts(chart) == ["records", "10", "40", "r1", "r2", "r3"]


def test_many_columns_have_an_axis_with_round_numbers_instead() -> None:
    frame = pl.DataFrame({"run": [f"run {i:02}" for i in range(60)], "n": [1000 + i for i in range(60)]})
    chart = columns(frame, label="run", value="n", unit="records")
    assert texts(chart)[1:4] == ["0", "500", "1k"]
    tops = sorted(line.y1 for line in lines(chart))
    assert tops[0] <= min(box.y for box in boxes(chart))
    shown = [text for text in texts(chart) if text.startswith("run ")]
    assert 2 < len(shown) < 20
    assert shown[0] == "run 00"


def test_parts_are_piled_in_the_order_of_their_colours() -> None:
    frame = pl.DataFrame({"run": ["r", "r", "q"], "kind": ["near", "exact", "near"], "n": [1, 3, 2]})
    chart = columns(
        frame, label="run", value="n", part="kind", colours={"exact": "one", "near": "bad"}, unit="n"
    )
    exact, near, other = boxes(chart)
    assert [box.title for box in (exact, near, other)] == ["r, exact: 3", "r, near: 1", "q, near: 2"]
    assert near.y + near.height == pytest.approx(exact.y)
    assert exact.height == pytest.approx(3 * near.height)
    assert near.colour == other.colour == "bad"
    assert key(chart) == {"exact": "one", "near": "bad"}


def test_bins_without_rows_are_empty_and_edges_are_labelled() -> None:
    frame = pl.DataFrame({"percent": [90, 75], "n": [8, 4]})
    chart = histogram(frame, start="percent", value="n", step=5, unit="documents")
    assert [box.title for box in boxes(chart)] == ["75 to 80: 4", "90 to 95: 8"]
    assert texts(chart)[-5:] == ["75", "80", "85", "90", "95"]
    first, last = boxes(chart)
    (axis,) = lines(chart, strong=True)
    assert last.x - first.x == pytest.approx((axis.x2 - axis.x1) * 3 / 4)
    assert last.height == pytest.approx(2 * first.height)
    double = histogram(
        pl.DataFrame({"w": [64, 512], "n": [1, 1]}), start="w", value="n", step="double", unit=""
    )
    assert [box.title for box in boxes(double)] == ["64 to 128: 1", "512 to 1,024: 1"]
    assert texts(double)[-5:] == ["64", "128", "256", "512", "1,024"]


def test_bins_that_are_too_many_are_drawn_without_the_empty_ones() -> None:
    frame = pl.DataFrame({"w": [0.0, 1e300, None, float("nan")], "n": [1, 2, 3, 4]})
    for step in (5, "double"):
        chart = histogram(frame, start="w", value="n", step=step, unit="")
        assert sum(float(box.title.split(": ")[1]) for box in boxes(chart)) == 3
        assert outside(chart) == []


def test_time_has_no_gap_and_ticks_at_round_days() -> None:
    frame = pl.DataFrame({"day": [date(2026, 3, 2), date(2026, 3, 12)], "n": [20, 10]})
    chart = over_time(frame, when="day", value="n", unit="articles")
    first, last = boxes(chart)
    (axis,) = lines(chart, strong=True)
    assert first.height == pytest.approx(2 * last.height)
    assert last.x - first.x == pytest.approx((axis.x2 - axis.x1) * 10 / 11)
    assert chart.about == "articles by day: 2 Mar 2026: 20; 12 Mar 2026: 10."
    assert texts(chart)[0] == "articles by day"
    assert texts(chart)[-6:] == ["2 Mar 2026", "4 Mar", "6 Mar", "8 Mar", "10 Mar", "12 Mar"]


def test_an_empty_frame_has_a_chart_without_columns() -> None:
    frame = pl.DataFrame(schema={"l": pl.String, "n": pl.Int64, "w": pl.Int64, "day": pl.Date})
    for chart in (
        columns(frame, label="l", value="n", unit="records"),
        histogram(frame, start="w", value="n", step=5, unit="records"),
        over_time(frame, when="day", value="n", unit="records"),
    ):
        assert boxes(chart) == []
        assert chart.about == "No values."
        assert outside(chart) == []


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(st.none() | st.text(max_size=60), VALUES, st.none() | st.dates(), st.floats()), max_size=30
    ),
    st.floats(allow_nan=False, allow_infinity=False, min_value=0.5),
)
def test_everything_is_within_the_drawing(
    rows: list[tuple[str | None, float | None, date | None, float]], step: float
) -> None:
    schema = {"l": pl.String, "n": pl.Float64, "day": pl.Date, "w": pl.Float64}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    assert outside(columns(frame, label="l", value="n", unit="records")) == []
    assert outside(columns(frame, label="l", value="n", part="l", unit="records")) == []
    assert outside(histogram(frame, start="w", value="n", step=step, unit="records")) == []
    assert outside(histogram(frame, start="w", value="n", step="double", unit="records")) == []
    assert outside(over_time(frame, when="day", value="n", unit="records", width=960)) == []
