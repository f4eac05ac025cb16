"""Word frequencies: looked up by hash, the same as in wordfreq."""

import polars as pl
import pytest
import wordfreq
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_series_equal

from copydesk.transforms.clean.word_frequencies import (
    is_listed,
    load_quoted_words,
    load_word_list,
    look_up_frequencies,
)


def frequencies(*words: str, lang: str = "en") -> list[float | None]:
    return look_up_frequencies(pl.Series(words, dtype=pl.String).hash(), lang).to_list()


@pytest.mark.parametrize("lang", ["en", "de", "no"])
def test_a_list_is_sorted_by_the_hash_of_its_words(lang: str) -> None:
    listed = load_word_list(lang)
    assert listed.columns == ["word", "zipf", "id"]
    assert listed["id"].is_sorted()
    assert listed["id"].is_unique().all()
    assert_series_equal(listed["word"].hash(), listed["id"], check_names=False)
    assert listed["zipf"].is_between(0, 9).all()


@pytest.mark.parametrize(
    ("lang", "word"),
    [("en", "the"), ("en", "harbour"), ("fr", "gouvernement"), ("it", "perché"), ("de", "für")],
)
def test_frequencies_are_those_of_wordfreq(lang: str, word: str) -> None:
    (found,) = frequencies(word, lang=lang)
    assert found == pytest.approx(wordfreq.zipf_frequency(word, lang, "large"), abs=0.011)


def test_a_word_that_no_list_contains_has_none() -> None:
    assert frequencies("wexthorpewhich", "", "\u0301x\0", "The") == [None] * 4


@given(st.lists(st.sampled_from(["the", "harbour", "zzqx", "", "Putin"]), max_size=6))
def test_each_word_is_looked_up_in_its_row(words: list[str]) -> None:
    assert frequencies(*words) == [frequencies(word)[0] for word in words]


def test_quoted_words_are_common_words_of_other_languages() -> None:
    ids = load_quoted_words()
    assert ids.is_sorted()
    words = pl.Series(["gobierno", "schiff", "wexthorpewhich"])
    assert is_listed(words.hash(), ids).to_list() == [True, True, False]


@given(st.lists(st.integers(0, 30), max_size=10), st.lists(st.integers(0, 30), min_size=1, max_size=10))
def test_membership_is_that_of_the_list(ids: list[int], listed: list[int]) -> None:
    found = is_listed(pl.Series(ids, dtype=pl.UInt64), pl.Series(sorted(listed), dtype=pl.UInt64))
    assert found.to_list() == [number in listed for number in ids]
