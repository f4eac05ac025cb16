"""Counts in calendar steps without a gap, and ticks at round moments in UTC."""

from datetime import date, datetime, timedelta, timezone

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from copydesk.flows.web.charts.time_axis import by_step, time_ticks


@settings(deadline=None)
@given(
    st.dictionaries(
        st.dates(date(1, 1, 1), date(9998, 12, 31)), st.integers(1, 1000), min_size=1, max_size=30
    )
)
def test_steps_lose_no_value_and_leave_no_gap(counts: dict[date, int]) -> None:
    _, bins = by_step(pl.DataFrame({"day": list(counts), "n": list(counts.values())}), "day", "n")
    values = bins["value"].to_list()
    assert sum(values) == sum(counts.values())
    assert values[0] > 0
    assert values[-1] > 0
    assert len(values) <= 110
    assert bins["label"].n_unique() == len(values)
    assert bins["start"].is_sorted()


def test_days_stay_days_while_they_fit() -> None:
    frame = pl.DataFrame({"day": [date(2026, 3, 1), date(2026, 3, 4)], "n": [2, 1]})
    step, bins = by_step(frame, "day", "n")
    expected = pl.DataFrame(
        {
            "start": [datetime(2026, 3, day) for day in (1, 2, 3, 4)],
            "label": ["1 Mar 2026", "2 Mar 2026", "3 Mar 2026", "4 Mar 2026"],
            "value": [2.0, 0.0, 0.0, 1.0],
        },
        schema_overrides={"start": pl.Datetime("ms")},
    )
    assert step == "day"
    assert_frame_equal(bins, expected)


@pytest.mark.parametrize(
    ("last", "step", "first_label"),
    [
        (date(2026, 4, 1), "day", "1 Jan 2026"),
        (date(2027, 1, 1), "week", "week of 29 Dec 2025"),
        (date(2030, 1, 1), "month", "Jan 2026"),
        (date(2100, 1, 1), "year", "2026"),
        (date(2500, 1, 1), "decade", "2020s"),
        (date(9000, 1, 1), "century", "2000s"),
    ],
)
def test_a_longer_span_takes_a_longer_step(last: date, step: str, first_label: str) -> None:
    found, bins = by_step(pl.DataFrame({"day": [date(2026, 1, 1), last], "n": [1, 1]}), "day", "n")
    assert (found, bins["label"][0]) == (step, first_label)


def test_an_empty_frame_has_no_steps_and_rows_without_a_time_do_not_count() -> None:
    nothing = pl.DataFrame(schema={"day": pl.Date, "n": pl.Int64})
    assert by_step(nothing, "day", "n")[1].is_empty()
    assert by_step(pl.DataFrame({"day": [None], "n": [3]}, schema=nothing.schema), "day", "n")[1].is_empty()
    mixed = pl.DataFrame({"day": [None, date(2026, 1, 1)], "n": [3.0, float("nan")]})
    assert by_step(mixed, "day", "n")[1]["value"].to_list() == [0.0]


def test_a_day_is_a_day_in_utc_whatever_the_column_says() -> None:
    late = datetime(2026, 1, 1, 23, 30, tzinfo=timezone(timedelta(hours=-3)))
    frame = pl.DataFrame({"at": [late]}, schema={"at": pl.Datetime("us", "America/Sao_Paulo")})
    assert by_step(frame.with_columns(n=1), "at", "n")[1]["label"].to_list() == ["2 Jan 2026"]


def ticks(first: datetime, last: datetime, most: int = 6) -> list[str]:
    times = pl.Series([first, last], dtype=pl.Datetime("ms"))
    return [label for _, label in time_ticks(times, most)]


def test_ticks_name_the_day_or_the_year_where_it_begins() -> None:
    day = datetime(2026, 11, 29, 17, 5)
    assert ticks(day, day + timedelta(hours=15)) == [
        "29 Nov 18:00",
        "21:00",
        "30 Nov 00:00",
        "03:00",
        "06:00",
    ]
    assert ticks(day, day + timedelta(days=4)) == ["30 Nov 2026", "1 Dec", "2 Dec", "3 Dec"]
    assert ticks(day, day + timedelta(days=150)) == ["Dec 2026", "Jan 2027", "Feb", "Mar", "Apr"]
    assert ticks(day, day + timedelta(days=1400)) == ["2027", "2028", "2029", "2030"]


@settings(deadline=None)
@given(st.datetimes(), st.datetimes(), st.integers(2, 12))
def test_ticks_are_within_the_span_in_order_and_few(one: datetime, other: datetime, most: int) -> None:
    times = pl.Series([one, other], dtype=pl.Datetime("ms"))
    found = time_ticks(times, most)
    at = [moment for moment, _ in found]
    low, high = (
        round(pl.Series([t], dtype=pl.Datetime("ms")).dt.epoch("ms")[0])
        for t in (min(one, other), max(one, other))
    )
    assert 1 <= len(at) <= most + 1
    assert at == sorted(set(at))
    assert low <= at[0]
    assert at[-1] <= high


def test_no_times_have_no_ticks() -> None:
    assert time_ticks(pl.Series([None], dtype=pl.Datetime("ms")), 5) == []
