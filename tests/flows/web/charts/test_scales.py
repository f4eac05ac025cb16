"""Scales, round ticks, numbers as text, labels cut to a width."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.flows.web.charts.scales import number, scale, short_number, shorten, spread, text_width, ticks

WORDS = st.text(alphabet="abijMW ,漢é\u0301\u202e🙂", max_size=60)


def test_a_scale_is_linear_and_a_domain_without_a_span_is_its_start() -> None:
    x = scale(-10, 10, 100, 300)
    assert [x(-10), x(0), x(10)] == [100, 200, 300]
    assert scale(5, 5, 100, 300)(5) == 100
    assert scale(-1e300, 1e300, 0, 100)(0) == 50


@pytest.mark.parametrize(
    ("low", "high", "whole", "expected"),
    [
        (0, 25, False, [0, 10, 20, 30]),
        (0, 3, True, [0, 1, 2, 3]),
        (0, 1, True, [0, 1]),
        (0, 1, False, [0, 0.5, 1]),
        (0, 0, False, [0, 1]),
        (-7, 3, False, [-10, -5, 0, 5]),
        (0, 1_900_000, False, [0, 500_000, 1_000_000, 1_500_000, 2_000_000]),
    ],
)
def test_ticks_are_round(low: float, high: float, whole: bool, expected: list[float]) -> None:
    assert ticks(low, high, whole=whole) == pytest.approx(expected)


@given(st.floats(-1e300, 0), st.floats(0, 1e300))
def test_ticks_hold_the_span_and_are_few(low: float, high: float) -> None:
    found = ticks(low, high)
    slack = (high - low) * 1e-6
    assert found[0] <= low + slack
    assert found[-1] >= high - slack
    assert 2 <= len(found) <= 7
    assert 0 in found


@pytest.mark.parametrize(
    ("value", "full", "short"),
    [
        (0, "0", "0"),
        (1234567, "1,234,567", "1.235M"),
        (1500.0, "1,500", "1.5k"),
        (-2000.25, "-2,000.25", "-2k"),
        (0.3000000004, "0.3", "0.3"),
        (0.00012, "0.00012", "0.00012"),
        (2.5e300, "2.5e+300", "2.5e+300"),
    ],
)
def test_numbers_are_written_for_readers(value: float, full: str, short: str) -> None:
    assert (number(value), short_number(value)) == (full, short)


@pytest.mark.parametrize("value", [None, float("nan"), float("inf")])
def test_what_is_no_number_is_a_dash(value: float | None) -> None:
    assert number(value) == "–"


@given(WORDS, st.integers(30, 300))
def test_a_cut_label_fits_its_room(text: str, room: int) -> None:
    short = shorten(text, room)
    assert text_width(short) <= room
    assert "\u202e" not in short


def test_labels_that_end_differently_stay_apart_when_they_are_cut() -> None:
    one, other = (shorten(f"Minister says the harbour will reopen in {year}", 120) for year in (2026, 2027))
    assert one != other
    assert one.startswith("Minister")
    assert one.endswith("2026")
    assert shorten("short", 120) == "short"


def test_a_megabyte_of_characters_without_width_is_cut() -> None:
    assert len(shorten("\u0301" * 1_000_000, 120)) < 1000


@given(st.lists(st.tuples(st.floats(0, 500), st.text("abW", max_size=12)), max_size=40))
def test_labels_on_an_axis_neither_overlap_nor_leave_it(labels: list[tuple[float, str]]) -> None:
    placed = spread(sorted(labels), 500)
    assert bool(placed) == bool(labels)
    ends = [(at - text_width(text) / 2, at + text_width(text) / 2) for at, text in placed]
    assert all(start >= -0.01 and end <= 500.01 for start, end in ends)
    assert all(end < start for (_, end), (start, _) in pairwise(ends))


def test_every_second_label_is_left_out_before_any_overlaps() -> None:
    labels = [(30 + 20.0 * i, f"{i:04}") for i in range(10)]
    assert [text for _, text in spread(labels, 300)] == ["0000", "0002", "0004", "0006", "0008"]
