"""Escaping of characters that are not safe to display."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.transforms.text.printable import escape_invisible
from tests.transforms.conftest import awkward_text


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("", ""),
        ("plain é 漢 😀", "plain é 漢 😀"),
        ("e\u0301", "e\u0301"),
        ("one\ttwo", "one    two"),
        ("one\ntwo", "one\ntwo"),
        ("one\r\n", "one‹U+000D›\n"),
        ("\x1b[31mred", "‹U+001B›[31mred"),
        ("\0", "‹U+0000›"),
        ("\x85", "‹U+0085›"),
        ("soft\xadhyphen", "soft‹U+00AD›hyphen"),
        ("\u202eevil\u202c", "‹U+202E›evil‹U+202C›"),
        ("\u2066x\u2069", "‹U+2066›x‹U+2069›"),
        ("\ufeff\u200b", "‹U+FEFF›‹U+200B›"),
        ("caf\uefe9", "caf‹U+EFE9›"),
        ("\ud800", "‹U+D800›"),
        ("\U000e0041", "‹U+E0041›"),
        ("\U0010ffff", "‹U+10FFFF›"),
        ("👩\u200d👧 می\u200cخواهم", "👩\u200d👧 می\u200cخواهم"),
    ],
    ids=ascii,
)
def test_unsafe_characters_are_spelled_out_and_others_stay(text: str, escaped: str) -> None:
    assert escape_invisible(text) == escaped


@given(awkward_text)
def test_the_result_is_safe_and_escaping_it_again_changes_nothing(text: str) -> None:
    safe = escape_invisible(text)
    assert escape_invisible(safe) == safe
    assert not any(unicodedata.category(char) in ("Cc", "Co", "Cs") for char in safe.replace("\n", ""))
    assert not set(safe) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff\xad")


@given(st.characters(categories=("L", "M", "N", "P", "S", "Zs")))
def test_a_visible_character_is_kept(char: str) -> None:
    assert escape_invisible(char) == char


def test_a_long_text_is_escaped_as_a_whole() -> None:
    assert escape_invisible("x\0" * 100_000) == "x‹U+0000›" * 100_000
