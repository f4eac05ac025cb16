"""Rows of a chart: labels that can be shown, finite numbers, series with colours, values laid end to end."""

import polars as pl
from polars.testing import assert_frame_equal, assert_series_equal

from copydesk.flows.web.charts.rows import add_up, pile, places, span, to_rows, to_series

ROWS = pl.DataFrame(
    {"label": ["a", "a", "b", "b"], "part": ["x", "y", "x", "y"], "value": [1.0, 2.0, -3.0, 4.0]}
)


def test_what_is_no_number_is_null_and_what_is_too_large_is_cut() -> None:
    frame = pl.DataFrame({"l": ["a", None, "\u202eb", "d"], "n": [float("nan"), float("inf"), 1e308, 2.0]})
    expected = pl.DataFrame(
        {
            "label": ["a", "unknown", "‹U+202E›b", "d"],
            "part": [""] * 4,
            "value": [None, None, 1e300, 2.0],
        }
    )
    assert_frame_equal(to_rows(frame, "l", "n"), expected)


def test_labels_are_numbered_as_they_come() -> None:
    assert_series_equal(places(pl.Series(["b", "a", "b", "c"])), pl.Series("place", [0, 1, 0, 2]))


def test_the_largest_series_is_the_first_and_the_sixth_is_among_others() -> None:
    parts = [f"p{i}" for i in range(7)]
    frame = pl.DataFrame({"part": parts, "value": [float(i) for i in range(7)]})
    rows, colours = to_series(frame)
    assert colours == {"p6": "one", "p5": "two", "p4": "three", "p3": "four", "p2": "five", "others": "soft"}
    assert rows["part"].to_list() == ["others", "others", "p2", "p3", "p4", "p5", "p6"]
    assert rows["series"].to_list() == [5, 5, 4, 3, 2, 1, 0]


def test_five_series_need_no_others_and_others_come_last() -> None:
    assert list(to_series(ROWS)[1]) == ["y", "x"]
    frame = pl.DataFrame({"part": ["others", "x"], "value": [9.0, 1.0]})
    assert to_series(frame)[1] == {"x": "one", "others": "soft"}


def test_given_colours_keep_their_order_and_what_they_do_not_name_is_among_others() -> None:
    rows, colours = to_series(ROWS, {"z": "bad", "x": "two"})
    assert colours == {"z": "bad", "x": "two", "others": "soft"}
    assert rows["part"].to_list() == ["x", "others", "x", "others"]


def test_values_are_laid_end_to_end_and_negative_ones_downwards() -> None:
    rows, _ = to_series(ROWS, {"x": "one", "y": "two"})
    pieces = pile(rows.with_columns(places(rows["label"])))
    assert pieces.select("place", "part", "start", "end").rows() == [
        (0, "x", 0.0, 1.0),
        (0, "y", 1.0, 3.0),
        (1, "x", 0.0, -3.0),
        (1, "y", 0.0, 4.0),
    ]
    assert span(pieces) == (-3.0, 4.0)
    assert add_up(pieces).rows() == [(0, "a", 3.0, "3", 3.0), (1, "b", 1.0, "1", 4.0)]


def test_a_place_without_a_number_has_no_total() -> None:
    rows, _ = to_series(
        pl.DataFrame({"label": ["a"], "part": [""], "value": [None]}, schema_overrides={"value": pl.Float64})
    )
    pieces = pile(rows.with_columns(places(rows["label"])))
    assert add_up(pieces).rows() == [(0, "a", None, "–", 0.0)]
    assert span(pieces) == (0.0, 0.0)
