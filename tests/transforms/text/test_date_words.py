"""The words of dates, and how they are folded."""

import polars as pl
import pytest

from copydesk.transforms.text.date_words import (
    DateWords,
    fold_dates,
    fold_word,
    parse_date_words,
    western_digits,
)
from tests.transforms.conftest import DATES

MONTHS = [f"m{number}en, m{number}" for number in range(1, 13)]


def test_words_are_read_by_language() -> None:
    toml = f'day_first = ["xx"]\n[months]\nxx = {MONTHS}\nyy = {MONTHS}\n[zones]\nxt = -90\n[published]\nxx = ["étt"]\n'
    words = parse_date_words(toml)
    assert words.months == {
        name: number for number in range(1, 13) for name in (f"m{number}en", f"m{number}")
    }
    assert (words.zones, words.day_first, words.local_months) == ({"xt": -90}, ("xx",), {})
    assert words.published == words.day_first_words == ("ett", "étt")
    assert parse_date_words("") == DateWords()


def test_a_name_with_two_numbers_is_kept_by_language() -> None:
    toml = f"[months]\nxx = {[*'abcdefghijkl']}\nyy = {[*'bacdefghijkl']}"
    words = parse_date_words(toml)
    assert words.local_months == {"xx a": 1, "xx b": 2, "yy a": 2, "yy b": 1}
    assert "a" not in words.months and words.months["c"] == 3


@pytest.mark.parametrize(
    ("toml", "why"),
    [
        ("[months]\nxx = ['a', 'b']", "months.xx: 2 names, not 12"),
        ("[weekdays]\nxx = ['a', 'b']", "weekdays.xx: 2 names, not 7"),
        ("[zones]\ncet = '1 h'", "zones.cet: not a number of minutes"),
        ("[months", "Expected"),
    ],
)
def test_wrong_words_are_refused_with_their_place(toml: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_date_words(toml)


def test_every_language_of_the_seeds_has_its_months_in_order() -> None:
    for name in ("january", "styczen", "января", "januari", "ocak", "ianuarie", "มกราคม", "ינואר"):
        assert DATES.months[fold_word(name)] == 1
    assert len(DATES.months) > 1_000
    assert set(DATES.months.values()) == {*range(1, 13), *range(101, 113)}
    assert {"de", "pl", "tr", "pt"} <= set(DATES.day_first) and not {"en", "ja", "hu"} & set(DATES.day_first)


@pytest.mark.parametrize(
    ("word", "folded"),
    [("Août", "aout"), ("พ.ค.", "พค"), ("d’abril", "dabril"), ("MAYIS", "mayis"), ("Mayıs", "mayis"),
     ("Μαΐου", "μαιου"),
     ("أبريل", "ابريل"), ("به‌روزرسانی", "بهروزرسانی")],
)  # fmt: skip
def test_words_are_folded(word: str, folded: str) -> None:
    assert fold_word(word) == folded


def test_texts_are_folded_as_words_are() -> None:
    texts = pl.DataFrame(
        {"text": ["Publié à 10h15", "٥ مايو ٢٠٢٦\u200f", "２０２６年５月５日", "2026년 5월"]}
    )
    assert texts.select(fold_dates(pl.col("text"))).to_series().to_list() == [
        "publie a 10h15", "5 مايو 2026", "2026年5月5日", "2026년 5월"
    ]  # fmt: skip
    assert texts.select(western_digits(pl.col("text"))).to_series()[2] == "2026年5月5日"
