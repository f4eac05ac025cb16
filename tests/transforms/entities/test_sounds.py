"""Sounds and consonants: what spellings of one word have in common, and other words have not."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.transforms.entities.sounds import to_consonants, to_sounds


@pytest.mark.parametrize(
    "spellings",
    [
        ("khrushchev", "khruschev"),
        ("zelenskyy", "zelensky", "zelenskiy"),
        ("yevgeny", "jevgeni", "evgeni"),
        ("smirnoff", "smirnov"),
        ("khrenin", "jrenin"),
        ("wałesa".replace("ł", "l"), "valesa"),
        ("tchaikovsky", "chaikovsky", "czaikovsky"),
        ("zaitsev", "zaitzev"),
    ],
)
def test_spellings_share_their_sounds(spellings: tuple[str, ...]) -> None:
    assert len({to_sounds(word) for word in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("ivanov", "ivanova"), ("petrov", "pavlov"), ("martin", "morten"), ("shaw", "saw")]
)
def test_other_words_have_other_sounds(one: str, other: str) -> None:
    assert to_sounds(one) != to_sounds(other)


@pytest.mark.parametrize(("word", "expected"), [("漢字", "漢字"), ("", ""), ("aaa", "a"), ("x", "ks")])
def test_sounds(word: str, expected: str) -> None:
    assert to_sounds(word) == expected


@pytest.mark.parametrize(
    ("word", "expected"), [("hassan", "gsn"), ("gassan", "gsn"), ("ivan", "@vn"), ("oleg", "@lg")]
)
def test_consonants(word: str, expected: str) -> None:
    assert to_consonants(word) == expected


@given(st.text("abcdefghijklmnopqrstuvwxyz", max_size=12))
def test_consonants_have_no_vowels_and_no_doubles(word: str) -> None:
    found = to_consonants(word)
    assert not set(found) & set("aeiouh")
    assert "@" not in found[1:]
    sounds = to_sounds(word)
    assert all(one != other for one, other in pairwise(sounds))
