"""Candidate splits: which tokens and which positions are worth a score."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.transforms.clean.word_splits import (
    COMMON,
    KNOWN,
    MAX_CHARS,
    MIN_BYTES,
    PAIR,
    find_splits,
    find_unknown_tokens,
    find_words,
)
from copydesk.transforms.text.lines import to_lines
from tests.transforms.conftest import awkward_text, examples, raw_of

NO_BRANDS = pl.Series([], dtype=pl.String)


def words_of(*texts: str, lang: str = "en") -> pl.DataFrame:
    return find_words(to_lines(raw_of(*texts)), lang)[1]


def unknown(text: str, lang: str = "en", brands: pl.Series = NO_BRANDS) -> list[str]:
    return find_unknown_tokens(words_of(text, lang=lang), lang, brands)["token"].to_list()


def splits(text: str, lang: str = "en", letters: str = "ai", clitics: str = r"^\b$") -> set[tuple[str, str]]:
    found = find_splits(words_of(text, lang=lang), lang, letters, NO_BRANDS, clitics)
    return set(found.select("left", "right").rows())


def test_chunks_are_numbered_by_line_and_document_and_words_are_distinct() -> None:
    lines = to_lines(raw_of("Harbour, harbour\nthe Harbour,", "“Harbour’s”"))
    chunks, words = find_words(lines, "en")
    assert chunks["row"].to_list() == [0, 0, 1, 2]
    assert chunks["doc"].to_list() == [0, 0, 0, 1]
    assert words["key"].is_unique().all()
    assert words.select("token", "base").rows() == [
        ("Harbour", "harbour"), ("harbour", "harbour"), ("Harbour’s", "harbour"),
    ]  # fmt: skip
    assert chunks["key"].is_in(words["key"].implode()).all()


@pytest.mark.parametrize(
    ("lang", "chunk", "base"),
    [("fr", "l’hôpital", "hôpital"), ("fr", "qu'elle", "elle"), ("it", "dell'acqua", "acqua"),
     ("en", "o'clock", "o'clock"), ("en", "Germany’s", "germany")],
)  # fmt: skip
def test_a_base_has_neither_elision_nor_possessive(lang: str, chunk: str, base: str) -> None:
    assert words_of(chunk, lang=lang)["base"].to_list() == [base]


@pytest.mark.parametrize(
    "text",
    ["government", "GOVERNMENTWHICH", "www.harbourwas.org", "saidMonday@x", "#countriesdo", "countries2do",
     "mid-sizedthing", "x" * (MAX_CHARS + 1), "abcd", "gobierno", "İstanbulwas", "", "😀😀😀"],
)  # fmt: skip
def test_tokens_that_are_never_split(text: str) -> None:
    assert unknown(text) == []


def test_unknown_tokens_are_described_once() -> None:
    found = find_unknown_tokens(words_of("Countriesdo countriesdo. “Countriesdo,"), "en", NO_BRANDS)
    assert found["token"].to_list() == ["Countriesdo", "countriesdo"]
    assert found.select("base", "folded", "n_chars", "compounds").unique().rows() == [
        ("countriesdo", "countriesdo", 11, False)
    ]
    assert (found["z_t"] < KNOWN).all()


def test_brands_and_english_words_in_other_languages_are_no_unknown_tokens() -> None:
    assert unknown("countriesDo") == ["countriesDo"]
    assert unknown("countriesDo", brands=pl.Series(["countriesDo"])) == []
    assert unknown("harbour", lang="de") == []


def test_splits_have_two_words() -> None:
    assert ("countries", "do") in splits("countriesdo")
    assert ("RussiaV", "ladimir") not in splits("RussiaVladimir Russia Vladimir")
    assert ("Russia", "Vladimir") in splits("RussiaVladimir Russia Vladimir")


def test_single_letters_must_be_words() -> None:
    assert ("gavea", "harbour") not in splits("aharbour")
    assert ("a", "harbour") in splits("aharbour")
    assert ("a", "harbour") not in splits("aharbour", letters="")


def test_clitics_are_one_word() -> None:
    assert ("countries", "do") not in splits("countriesdo", clitics=r"\|do$")


def test_a_part_that_no_list_contains_must_occur_in_the_batch() -> None:
    assert ("Wexthorpe", "which") not in splits("Wexthorpewhich")
    assert ("Wexthorpe", "which") in splits("Wexthorpewhich Wexthorpe")


glue = st.lists(
    st.sampled_from(["countries", "do", "said", "Monday", "é", "’s", "i", "İ"]), min_size=2, max_size=4
)


@examples(30)
@given(st.lists(glue.map("".join), max_size=3).map(" ".join) | awkward_text)
def test_the_parts_of_a_split_make_its_token(text: str) -> None:
    found = find_splits(words_of(text), "en", "ai", NO_BRANDS, r"^\b$")
    for token, left, right, at, zipf_a, zipf_b in found.select(
        "token", "left", "right", "at", "zipf_a", "zipf_b"
    ).iter_rows():
        assert left + right == token
        assert 0 < at == len(left) < len(token) <= MAX_CHARS
        assert len(token.encode()) >= MIN_BYTES
        assert max(zipf_a or 0, zipf_b or 0) >= COMMON
        assert zipf_a is None or zipf_b is None or zipf_a + zipf_b >= PAIR


def test_no_lines_no_words_no_splits() -> None:
    chunks, words = find_words(to_lines(raw_of()), "en")
    assert chunks.is_empty()
    assert words.is_empty()
    assert find_splits(words, "en", "ai", NO_BRANDS, r"^\b$").is_empty()
