"""Dots on lanes over time."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.flows.web.charts import timeline
from copydesk.flows.web.charts.marks import Chart
from tests.flows.web.charts.geometry import dots, key, outside, texts

SCHEMA = {"at": pl.Datetime("us", "UTC"), "story": pl.String, "source": pl.String}
START = datetime(2026, 11, 29, 12, tzinfo=UTC)


def draw(rows: list[tuple[datetime | None, str | None, str | None]]) -> Chart:
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    return timeline(frame, when="at", lane="story", colour="source", unit="reports")


def test_dots_are_at_their_times_on_their_lanes() -> None:
    chart = draw(
        [
            (START, "s1", "a"),
            (START + timedelta(hours=6), "s2", "b"),
            (START + timedelta(hours=24), "s1", "a"),
        ]
    )
    first, second, third = dots(chart)
    assert second.x - first.x == pytest.approx((third.x - first.x) / 4)
    assert first.y == third.y < second.y
    assert key(chart) == {"a": "one", "b": "two"}
    assert first.title == "s1, a: 2026-11-29 12:00 UTC"
    assert chart.about == "reports: s1: 2; s2: 1."
    assert texts(chart)[-9:] == [
        *("29 Nov 12:00", "15:00", "18:00", "21:00"),
        *("30 Nov 00:00", "03:00", "06:00", "09:00", "12:00"),
    ]


def test_times_of_another_zone_are_shown_in_utc() -> None:
    frame = pl.DataFrame([(START, "s", "a")], schema=SCHEMA, orient="row")
    there = frame.with_columns(pl.col("at").dt.convert_time_zone("Asia/Tokyo"))
    draws = [timeline(each, when="at", lane="story", colour="source", unit="") for each in (frame, there)]
    assert draws[0] == draws[1]


def test_one_moment_is_in_the_middle_and_a_row_without_a_time_is_left_out() -> None:
    chart = draw([(START, "s", "a"), (None, "s", "b"), (START, "s", "c")])
    one, two = dots(chart)
    assert one.x == two.x
    assert 500 < one.x < 700
    assert "29 Nov 12:00" in texts(chart)


def test_sources_after_the_fifth_are_one_colour() -> None:
    rows = [(START, "s", f"source {i}") for i in range(9) for _ in range(9 - i)]
    assert list(key(draw(rows)).values()) == ["one", "two", "three", "four", "five", "soft"]


def test_an_empty_frame_has_a_chart_without_dots() -> None:
    chart = draw([])
    assert dots(chart) == []
    assert outside(chart) == []
    assert chart.about == "No values."


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.none() | st.datetimes(timezones=st.just(UTC)),
            st.none() | st.text(max_size=90),
            st.text(max_size=20),
        ),
        max_size=20,
    )
)
def test_everything_is_within_the_drawing(rows: list[tuple[datetime | None, str | None, str | None]]) -> None:
    assert outside(draw(rows)) == []
