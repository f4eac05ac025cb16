"""Shared patterns: what each matches, and where two that look alike differ."""

import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.transforms.text import patterns
from copydesk.transforms.text.patterns import (
    CLOSERS,
    CLOSING_MARK,
    COMPLETE_SENTENCE_END,
    ELLIPSIS_END,
    LATIN_SENTENCE_END,
    LINE_STOP,
    PUNCTUATED_END,
    SENTENCE_END,
    SENTENCE_END_OR_ELLIPSIS,
    STATEMENT_END,
    STOP,
    UNSPACED,
    UNSPACED_RANGES,
)
from tests.transforms.conftest import awkward_text

ENDS = {
    "SENTENCE_END": SENTENCE_END,
    "SENTENCE_END_OR_ELLIPSIS": SENTENCE_END_OR_ELLIPSIS,
    "LATIN_SENTENCE_END": LATIN_SENTENCE_END,
    "LINE_STOP": LINE_STOP,
    "STATEMENT_END": STATEMENT_END,
    "COMPLETE_SENTENCE_END": COMPLETE_SENTENCE_END,
    "PUNCTUATED_END": PUNCTUATED_END,
    "ELLIPSIS_END": ELLIPSIS_END,
}


def ends(text: str) -> set[str]:
    """Return the names of the patterns that find an end in `text`."""
    found = pl.select(pl.lit(text).str.contains(pattern).alias(name) for name, pattern in ENDS.items())
    return {name for name, matches in found.row(0, named=True).items() if matches}


ALL = set(ENDS) - {"ELLIPSIS_END"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The pier is shut.", ALL),
        ("“The pier is shut.”", ALL),
        ("(The pier is shut.)", ALL),
        ("Is the pier shut?", ALL - {"STATEMENT_END"}),
        ("„Der Steg ist zu.“", {"SENTENCE_END", "STATEMENT_END"}),
        ("码头关了。", ALL - {"LATIN_SENTENCE_END", "PUNCTUATED_END"}),
        ("码头关了！", {"SENTENCE_END", "SENTENCE_END_OR_ELLIPSIS", "LINE_STOP"}),
        ("هل الرصيف مغلق؟", {"SENTENCE_END", "SENTENCE_END_OR_ELLIPSIS", "LINE_STOP"}),
        ("घाट बंद है।", ALL - {"LATIN_SENTENCE_END", "PUNCTUATED_END"}),
        ("Read on…", {"SENTENCE_END_OR_ELLIPSIS", "LINE_STOP", "PUNCTUATED_END", "ELLIPSIS_END"}),
        ("Read on...", {"SENTENCE_END", "SENTENCE_END_OR_ELLIPSIS", "LATIN_SENTENCE_END", "LINE_STOP",
                        "PUNCTUATED_END", "ELLIPSIS_END"}),
        ("Read on [...]", {"SENTENCE_END", "SENTENCE_END_OR_ELLIPSIS", "LATIN_SENTENCE_END", "LINE_STOP",
                           "PUNCTUATED_END", "ELLIPSIS_END"}),
        ("Tags:", {"LINE_STOP", "PUNCTUATED_END"}),
        ("Home |", {"LINE_STOP"}),
        ("ropes, lamps,", {"PUNCTUATED_END"}),
        ("The pier is shut", set()),
        ("The pier is shut. ", set()),
        ("", set()),
        (".", ALL - {"STATEMENT_END", "COMPLETE_SENTENCE_END"}),
        ("😀", set()),
        ("e\u0301.", ALL),
    ],
)  # fmt: skip
def test_which_patterns_find_an_end(text: str, expected: set[str]) -> None:
    assert ends(text) == expected


@given(awkward_text)
def test_narrower_patterns_find_no_more_than_wider_ones(text: str) -> None:
    found = ends(text)
    for narrow, wide in (
        ("STATEMENT_END", "SENTENCE_END"),
        ("COMPLETE_SENTENCE_END", "SENTENCE_END"),
        ("LATIN_SENTENCE_END", "SENTENCE_END_OR_ELLIPSIS"),
        ("LATIN_SENTENCE_END", "PUNCTUATED_END"),
        ("SENTENCE_END_OR_ELLIPSIS", "LINE_STOP"),
    ):
        assert narrow not in found or wide in found


@given(st.sampled_from("ab.!?。！؟।…:"), st.text("'\"”’»)]", max_size=4))
def test_any_number_of_closers_may_follow_the_mark(mark: str, closers: str) -> None:
    assert ends(f"ab{mark}{closers}") - {"ELLIPSIS_END"} == ends(f"ab{mark}") - {"ELLIPSIS_END"}


@pytest.mark.parametrize("text", ["桥", "ひ", "カ", "ม", "ລ", "ក", "မ"])
def test_unspaced_scripts_are_the_same_in_both_notations(text: str) -> None:
    assert pl.select(pl.lit(text).str.contains(f"^[{UNSPACED}]$")).item()
    assert re.fullmatch(f"[{UNSPACED_RANGES}]", text)


@pytest.mark.parametrize("text", ["a", "é", "Я", "ع", "ש", "क", "한", "1", "。", "😀"])
def test_other_scripts_and_marks_are_not_unspaced(text: str) -> None:
    assert not pl.select(pl.lit(text).str.contains(f"^[{UNSPACED}]$")).item()
    assert not re.fullmatch(f"[{UNSPACED_RANGES}]", text)


def test_every_pattern_compiles_in_both_engines_where_it_can() -> None:
    for name in dir(patterns):
        pattern = getattr(patterns, name)
        if not name.isupper():
            continue
        inner = name.startswith("UNSPACED")
        pl.select(pl.lit("").str.contains(f"[{pattern}]" if inner else pattern))
        if name != "UNSPACED":  # Python's `re` has no script classes
            re.compile(f"[{pattern}]" if inner else pattern)


def test_single_marks_match_one_character() -> None:
    for mark in "。！？؟।.!?":
        assert re.fullmatch(STOP, mark)
    for mark in ".,;:!?)]’”»%…":
        assert re.fullmatch(CLOSING_MARK, mark)
    assert not re.fullmatch(CLOSING_MARK, "(")
    assert re.fullmatch(CLOSERS, "")
