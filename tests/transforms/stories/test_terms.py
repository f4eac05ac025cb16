"""Terms: words, names, figures and pairs, each block of unit length."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.transforms.contract import TERMS
from copydesk.transforms.stories.terms import READ, SHARES, block_numbers, compute_terms, tokens
from tests.cpu_time import growth
from tests.transforms.conftest import PROSE, awkward_text


def described(*texts: str, lang: str | None = "en") -> pl.DataFrame:
    rows = [(f"d{number}", None, text, lang) for number, text in enumerate(texts)]
    schema = dict.fromkeys(("doc_id", "title", "text", "lang"), pl.String)
    return compute_terms(pl.DataFrame(rows, schema=schema, orient="row"))


def similarity(one: str, other: str, lang: str = "en") -> float:
    first, second = (
        dict(zip(*row, strict=True))
        for row in described(one, other, lang=lang).select("terms", "weights").rows()
    )
    return sum(weight * second.get(term, 0.0) for term, weight in first.items())


def test_a_name_is_capitalised_inside_a_sentence_and_outside_headlines():
    names = [
        word
        for word, is_name in tokens(
            "Harbour Board Asks Selwick For Money\nThe board met Dana's aide. Nobody in Selwick came."
        )
        if is_name
    ]
    assert names == ["dana", "selwick"]


def test_scripts_without_spaces_are_read_in_pairs_of_characters():
    assert [word for word, _ in tokens("台風上陸")] == ["台風", "風上", "上陸"]


def test_a_text_with_all_blocks_has_length_one():
    text = "The clerk Dana Whitlock told Selwick harbour that 14 captains queued in the rain."
    assert similarity(text, text) == pytest.approx(1, abs=1e-4)
    found = described(text).select(pl.col("terms").explode(empty_as_null=False))["terms"].to_numpy()
    assert set(block_numbers(found).tolist()) == set(range(len(SHARES)))


def test_what_names_and_figures_say_counts():
    base = "The clerk Dana Whitlock said that 14 captains queued in the rain at Selwick."
    other_names = base.replace("Dana Whitlock", "Mira Holm").replace("Selwick", "Almadia").replace("14", "90")
    assert similarity(base, other_names) < 0.75
    assert similarity(base, PROSE[1]) < 0.3


@settings(max_examples=60)
@given(st.lists(awkward_text, min_size=1, max_size=4), st.sampled_from(["en", "ja", "xx", None]))
def test_any_text_has_terms_of_its_own(texts: list[str], lang: str | None):
    found = described(*texts, lang=lang)
    assert found.schema == pl.Schema(TERMS)
    for number, text in enumerate(texts):
        assert found[number]["terms"].to_list() == described(text, lang=lang)["terms"].to_list()
    assert (found["terms"].list.len() == found["weights"].list.len()).all()


def test_only_the_beginning_of_a_text_is_read():
    words = [f"{one}{two}x" for one in "bcdfghjklm" for two in "aeiou" * 30][:READ]
    assert described(" ".join([*words, "selwick"])).equals(described(" ".join([*words, "almadia"])))
    assert not described(" ".join([*words[1:], "selwick"])).equals(
        described(" ".join([*words[1:], "almadia"]))
    )


@pytest.mark.nightly
def test_the_time_of_a_long_text_is_linear():
    def run(size: int) -> None:
        described("word " * size)

    assert growth(run, small=50_000, large=200_000) < 8  # a quadratic loop takes sixteen times as long
