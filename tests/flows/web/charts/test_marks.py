"""Texts that all kinds of charts share: heading, labels, titles, description."""

import polars as pl

from copydesk.flows.web.charts.marks import Box, Text, describe, heading, label_beside, tell


def test_a_heading_names_the_unit_and_the_colours_and_breaks_where_it_is_full() -> None:
    marks, height = heading("articles", {"en": "one", "de": "two"}, 500)
    assert [mark.text for mark in marks if isinstance(mark, Text)] == ["articles", "en", "de"]
    assert [mark.colour for mark in marks if isinstance(mark, Box)] == ["one", "two"]
    many, taller = heading("articles", {f"a language with a long name {i}": "one" for i in range(9)}, 500)
    assert taller > height
    assert all(mark.x + mark.width <= 500 for mark in many if isinstance(mark, Box))


def test_one_series_without_a_name_has_no_key_and_nothing_has_no_height() -> None:
    assert [type(mark) for mark in heading("n", {"": "one"}, 500)[0]] == [Text]
    assert heading("", {"": "one"}, 500) == ([], 0.0)


def test_a_cut_label_has_itself_in_full() -> None:
    long = "Minister says the harbour will reopen after the storm of last week"
    text = label_beside(200, 10, long, 100)
    assert text.text != long
    assert text.full == long
    assert label_beside(200, 10, "short", 100).full == ""


def test_a_title_tells_label_part_and_value_and_a_long_one_ends() -> None:
    assert tell("metro-wire", 1234.0, "en") == "metro-wire, en: 1,234"
    assert tell("load", None) == "load: –"
    assert len(tell("x" * 5000, 1)) < 400


def test_a_description_lists_values_and_counts_what_it_leaves_out() -> None:
    values = pl.DataFrame({"label": [f"l{i}" for i in range(33)], "said": ["1"] * 33})
    about = describe("records", values)
    assert about.startswith("records: l0: 1; l1: 1; ")
    assert about.endswith("l29: 1; and 3 more.")
    assert describe("records", values.head(0)) == "No values."
