import random
import re
import unicodedata
from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.transforms.text.hashing import _UNSTABLE, PART, Words, hash64, hash_words, in_parts
from tests.transforms.conftest import AWKWARD, LINEAR, PROSE, awkward_text, cpu_ratio, examples
from tests.transforms.text.plain_hashing import hash_word, read

#: Texts that read word by word as the second one does.
SAME = [
    ("Captains queue", "CAPTAINS  QUEUE"),
    ("Captains queue", "“Captains” – queue!"),
    ("the captain’s ledger", "the captain's ledger"),
    ("a fine ledger", "a \ufb01ne ledger"),
    ("cafe\u0301 au lait", "café au lait"),
    ("漢字", "漢 字"),
    ("naïve – Straße", "NAÏVE\u00a0Straße"),
    ("one\u2028two", "one two"),
    ("a\x02b", "a b"),
]
KEY = 11853559730439322242
#: The hashes of five words, by an independent reading of what they are (tests/transforms/text/plain_hashing.py).
WORDS = [
    10256623697124816188,
    14335763527488246980,
    5539821300863391338,
    217636502518918163,
    12503029635203785690,
]
#: Texts of about the length of the blocks in which they are read, with marks and long words across their ends.
block_text = st.lists(
    st.sampled_from(["rain", "Ledger", "–", "’", "14", " ", "\n", "é", "x" * 31, "a" * 64, "ﬁ", "漢", "K"]),
    max_size=24,
).map("".join)


def keys(*texts: str) -> list[int]:
    return hash_words(pl.Series(texts, dtype=pl.String)).key.tolist()


@pytest.mark.parametrize(("one", "other"), SAME)
def test_case_marks_and_forms_of_letters_do_not_count(one: str, other: str):
    assert keys(one) == keys(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("in the rain", "the in rain"),
        ("3 men", "4 men"),
        ("ab c", "a bc"),
        ("", "word"),
        ("word", "word word"),
        ("x" * 64, "x" * 65),
        ("x" * 200, "x" * 199 + "y"),
        ("12345678", "1234567"),
        ("漢字", "字漢"),
    ],
)
def test_other_words_or_another_order_give_another_key(one: str, other: str):
    assert keys(one) != keys(other)


def test_words_are_counted_and_numbers_known():
    words = hash_words(pl.Series(["", "…", "3 men and 14.5 tons", "ไทย", "x" * 130]))
    assert words.count.tolist() == [0, 0, 6, 3, 3]
    third = slice(int(words.first[2]), int(words.first[2]) + 6)
    assert (words.code[third] & 1).tolist() == [1, 0, 0, 1, 1, 0]


def test_a_bit_is_set_for_each_number():
    texts = ["no men", "14 men", "14 of 15 men, 14", "", "15"]
    bits = hash_words(pl.Series(texts)).numbers.tolist()
    assert [value.bit_count() for value in bits] == [0, 1, 2, 0, 1]
    assert bits[2] == bits[1] | bits[4]
    assert hash_words(pl.Series(["word"])).numbers.tolist() == [0]


def test_the_hashes_are_those_that_the_warehouse_keeps():
    """They must never change: the index of every warehouse holds them."""
    assert hash64("the rain") == 12135113900210041558
    words = hash_words(pl.Series(["Captains queue in the rain"]))
    assert [hash_word(word) for word in b"captains queue in the rain".split()] == WORDS
    assert words.code[:5].tolist() == [word >> 32 & ~1 for word in WORDS]
    assert words.key.tolist() == [KEY]


@examples(60)
@given(st.lists(awkward_text, max_size=6))
def test_each_text_is_hashed_as_if_it_were_alone(texts: list[str]):
    together = hash_words(pl.Series(texts, dtype=pl.String))
    for number, text in enumerate(texts):
        alone = hash_words(pl.Series([text]))
        span = slice(int(together.first[number]), int(together.first[number + 1]))
        assert together.code[span].tolist() == alone.code.tolist()
        assert together.key[number] == alone.key[0]
        assert together.numbers[number] == alone.numbers[0]
    assert len(together.first) == len(texts) + 1


@examples(200)
@given(st.lists(st.text(AWKWARD, max_size=60) | block_text, max_size=4))
def test_words_codes_keys_and_samples_are_those_of_a_plain_reading(texts: list[str]):
    words = hash_words(pl.Series(texts, dtype=pl.String))
    lists = words.sample.lists()
    for number, text in enumerate(texts):
        expected = read(text)
        span = slice(int(words.first[number]), int(words.first[number + 1]))
        assert words.code[span].tolist() == expected.codes
        assert words.key[number] == expected.key
        assert words.numbers[number] == expected.numbers
        assert lists[number].to_list() == expected.anchors
        assert words.sample.n_sampled[number] == expected.n_sampled


def test_what_is_kept_as_it_is_has_one_form_only():
    """NFKC is left out for texts that hold none but these: each has to be its own form, alone and next to others."""
    stable = [chr(code) for code in range(0x80, 0x3000) if not re.search(_UNSTABLE, chr(code))]
    words = [letter for letter in stable if unicodedata.category(letter)[0] in "LNM"]
    assert len(words) > 400
    assert all(unicodedata.is_normalized("NFKC", letter) for letter in words)
    assert not any(unicodedata.combining(letter) for letter in words)
    for letter in set(stable) - set(words):
        assert not any(
            unicodedata.category(part)[0] in "LNM" for part in unicodedata.normalize("NFKC", letter)
        )


@given(st.lists(st.sampled_from(["rain", "3", "ledger", "é"]), max_size=8))
def test_as_many_words_as_there_are(words: list[str]):
    assert hash_words(pl.Series([" ".join(words)])).count.tolist() == [len(words)]


def test_no_texts_have_no_words():
    words = hash_words(pl.Series([], dtype=pl.String))
    assert isinstance(words, Words)
    assert len(words.code) == len(words.key) == 0


def test_parts_are_of_about_one_size_and_lose_nothing():
    dice = random.Random(1)
    frame = pl.DataFrame({"text": ["x" * dice.randrange(PART // 3) for _ in range(40)]})
    parts = list(in_parts(frame, "text"))
    assert pl.concat(parts).equals(frame)
    assert max(part["text"].str.len_bytes().sum() for part in parts) < 2 * PART
    assert len(parts) > 3
    assert list(in_parts(frame.clear(), "text")) == []


@pytest.mark.nightly
@pytest.mark.parametrize("unit", ["x", "x ", "\u2013", "漢", "\x02"], ids=ascii)
def test_hashing_takes_linear_time(unit: str):
    def prepare(size: int) -> Callable[[], object]:
        text = pl.Series([unit * size])
        return lambda: hash_words(text)

    assert cpu_ratio(prepare, 500_000) < LINEAR


def test_prose_has_no_chance_collisions():
    words = sorted(
        {word for text in PROSE for word in text.lower().replace(",", "").replace(".", "").split()}
    )
    assert len(set(hash_words(pl.Series(words)).key.tolist())) == len(words)
