import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.transforms.text.words import WORD, fold_words
from tests.transforms.conftest import awkward_text


def words(text: str) -> list[str]:
    return pl.select(pl.lit(text).str.extract_all(WORD)).item().to_list()


def folded(*texts: str | None) -> list[str | None]:
    return (
        pl.DataFrame({"text": texts}, schema={"text": pl.String})
        .select(fold_words(pl.col("text")))["text"]
        .to_list()
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The café’s 3 ropes, don't!", ["The", "café’s", "3", "ropes", "don't"]),
        ("e\u0301te\u0301", ["e\u0301te\u0301"]),
        ("co-op 3.5", ["co", "op", "3", "5"]),
        ("市长签署", ["市", "长", "签", "署"]),
        ("カモメ gull", ["カ", "モ", "メ", "gull"]),
        ("มานะ", ["ม", "า", "น", "ะ"]),
        ("ראש העיר", ["ראש", "העיר"]),
        ("महापौर ने", ["महापौर", "ने"]),
        ("부산 항", ["부산", "항"]),
        ("😀 … – ‘’ _", []),
        ("’tis", ["tis"]),
        ("", []),
    ],
)
def test_words_are_runs_of_letters_and_digits_or_single_signs(text: str, expected: list[str]):
    assert words(text) == expected


@given(awkward_text)
def test_words_are_found_in_order_and_only_non_words_lie_between(text: str):
    rest = text
    for word in words(text):
        before, rest = rest.split(word, maxsplit=1)
        assert not any(letter.isalnum() for letter in before if letter.isascii())
    assert not re.search("[a-zA-Z0-9]", rest)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  The CAFÉ’s\n\n“Quay”! ", "the café s quay"),
        ("İ", "i\u0307"),
        ("…", ""),
        ("", ""),
        (None, None),
        ("3.5 %", "3 5"),
    ],
)
def test_folding_keeps_lower_case_letters_and_digits_and_single_spaces(
    text: str | None, expected: str | None
):
    assert folded(text) == [expected]


@given(st.lists(awkward_text))
def test_folding_twice_is_folding_once(texts: list[str]):
    once = folded(*texts)
    assert folded(*once) == once


@given(awkward_text, st.sampled_from([" ", "\n", "\u2028", "…", " – ", "\0"]))
def test_case_and_what_stands_between_words_fold_away(text: str, gap: str):
    one, other = folded(text.replace(" ", gap), text)
    assert one == other
    assert one == one.strip()
    assert "  " not in one
