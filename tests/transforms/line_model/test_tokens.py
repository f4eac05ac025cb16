"""Tokens: how lines are cut, what a token is, and sums over the tokens of a line."""

import re

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.transforms.line_model.tokens import KINDS, sum_ranges, tokenize
from tests.transforms.conftest import awkward_text


def pieces(text: str) -> list[str]:
    tokens = tokenize(pl.Series([text]))
    return [tokens.types[int(number)] for number in tokens.type]


def kinds(token: str) -> set[str]:
    tokens = tokenize(pl.Series([token]))
    assert tokens.count.tolist() == [1]
    return {name for name, flags in tokens.kinds.items() if flags[0]}


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("", []),
        (" \u3000\xa0 ", []),
        ("The pier, shut.", ["the", "pier", ",", "shut", "."]),
        ("It’s 3.50 at 10:15", ["it", "’", "s", "3", ".", "50", "at", "10", ":", "15"]),
        ("A4 paper", ["a", "4", "paper"]),
        ("cafe\u0301", ["cafe\u0301"]),
        ("桥关了。", ["桥", "关", "了", "。"]),
        ("ปิด ok", ["ป", "\u0e34", "ด", "ok"]),
        ("الجسر مغلق؟", ["الجسر", "مغلق", "؟"]),
        ("¡Sí!…", ["¡", "sí", "!", "…"]),
    ],
    ids=ascii,
)
def test_a_line_is_cut_into_words_figures_and_marks(text: str, cut: list[str]) -> None:
    assert pieces(text) == cut


@pytest.mark.parametrize(
    ("token", "found"),
    [
        ("pier", {"word", "lower"}),
        ("Pier", {"word", "title"}),
        ("PIER", {"word", "title", "caps"}),
        ("A", {"word", "title"}),
        ("桥", {"word", "unspaced"}),
        ("1987", {"digit", "year"}),
        ("2187", {"digit"}),
        (".", {"stop", "dot", "joint"}),
        ("؟", {"stop", "ask"}),
        ("،", {"comma"}),
        ("»", {"pipe", "quote", "close", "bullet"}),
        ("©", {"symbol", "copyright"}),
        ("WWW", {"word", "title", "caps", "web"}),
        ("😀", set()),
    ],
)
def test_what_a_token_is(token: str, found: set[str]) -> None:
    assert kinds(token) == found


def test_values_by_token_type_are_summed_and_looked_up_by_line() -> None:
    tokens = tokenize(pl.Series(["Pier shut pier.", "", "pier pier", "Shut"]))
    assert tokens.types.to_list() == ["pier", "shut", "pier", ".", "shut"]
    value = np.array([1, 10, 100, 1000, 10000], np.float32)
    assert tokens.count.tolist() == [4, 0, 2, 1]
    assert tokens.row.tolist() == [0, 0, 0, 0, 2, 2, 3]
    assert tokens.total(value).tolist() == [1111, 0, 200, 10000]
    assert tokens.at(value, 0).tolist() == [1, 0, 100, 10000]
    assert tokens.at(value, 2).tolist() == [100, 0, 0, 0]
    assert tokens.at(value, -1).tolist() == [1000, 0, 100, 10000]
    assert tokens.at(value, -2).tolist() == [100, 0, 100, 0]


def test_lines_without_a_token_and_no_lines_have_sums_of_nothing() -> None:
    for bodies in ([], ["", " "]):
        tokens = tokenize(pl.Series(bodies, dtype=pl.String))
        flags = tokens.kinds["word"]
        assert tokens.total(flags).tolist() == [0] * len(bodies)
        assert tokens.at(flags, 0).tolist() == tokens.at(flags, -1).tolist() == [0] * len(bodies)


@given(st.lists(awkward_text, max_size=5))
def test_tokens_are_all_of_the_line_that_is_no_white_space(texts: list[str]) -> None:
    tokens = tokenize(pl.Series(texts, dtype=pl.String))
    assert set(tokens.kinds) == set(KINDS)
    assert tokens.first.tolist() == [int(tokens.count[:number].sum()) for number in range(len(texts))]
    lengths = tokens.total(tokens.length)
    # \x1c to \x1f are white space to Python, not to Rust
    shown = [len(re.sub(r"[^\S\x1c-\x1f]", "", text)) for text in texts]
    assert lengths.tolist() == shown
    for number, text in enumerate(texts):
        own = [tokens.types[int(at)] for at in tokens.type[tokens.row == number]]
        assert "".join(own) == "".join(re.sub(r"[^\S\x1c-\x1f]", "", text)).lower() or "İ" in text


@given(st.lists(awkward_text, max_size=5))
def test_flags_counted_together_are_those_summed_one_by_one(texts: list[str]) -> None:
    tokens = tokenize(pl.Series(texts, dtype=pl.String))
    counted = tokens.count_flags(tokens.kinds)
    assert list(counted) == list(KINDS)
    for name, flags in tokens.kinds.items():
        assert counted[name].tolist() == tokens.total(flags).tolist()


@given(st.lists(st.lists(st.integers(-9, 9), max_size=5), max_size=6))
def test_sums_are_the_sums_of_their_stretches(stretches: list[list[int]]) -> None:
    values = np.array([value for stretch in stretches for value in stretch], np.float32)
    count = np.array([len(stretch) for stretch in stretches], np.int64)
    assert sum_ranges(values, np.cumsum(count) - count, count).tolist() == [
        sum(stretch) for stretch in stretches
    ]
