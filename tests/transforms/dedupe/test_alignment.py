"""Alignment: what the measures count, and that pairs do not affect each other."""

import random

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.transforms.dedupe.alignment import align
from copydesk.transforms.dedupe.corpus import to_corpus, to_token_hashes
from copydesk.transforms.text.hashing import hash_words
from tests.cpu_time import growth
from tests.transforms.dedupe.texts import STORY, spell

WORDS = [spell(number) + "x" for number in range(1000, 1400)]


def measure(one: list[str], other: list[str]) -> dict[str, float]:
    corpus = to_corpus([to_token_hashes(hash_words(pl.Series([" ".join(one), " ".join(other)])))])
    return {name: float(values[0]) for name, values in align(corpus, np.array([0]), np.array([1])).items()}


def test_equal_texts_are_one_block():
    found = measure(WORDS, WORDS)
    assert found["similarity"] == found["in_one"] == found["in_other"] == found["covered_one"] == 1
    assert [found[name] for name in ("swapped", "phrases", "conflicts", "numbers", "gap")] == [0] * 5


def test_a_part_is_covered_and_its_whole_is_not():
    found = measure(WORDS[100:200], WORDS)
    assert found["covered_one"] == 1
    assert 0.24 < found["covered_other"] < 0.27
    assert found["words"] == 100
    assert found["phrases"] == found["gap"] == 0


def test_words_put_for_others_are_swaps_and_no_phrases():
    other = [word if place % 50 else "other" + word for place, word in enumerate(WORDS)]
    found = measure(WORDS, other)
    assert found["swapped"] == pytest.approx(7 / 400)  # the eighth stands before the first block
    assert found["phrases"] == found["gap"] == found["conflicts"] == 0


def test_stretches_of_unequal_length_are_phrases():
    other = [*WORDS[:100], "a", "new", "turn", *WORDS[105:200], "and", "another", *WORDS[203:]]
    found = measure(WORDS, other)
    assert found["phrases"] == pytest.approx(2 / (found["words"] + 100) * 100)
    assert found["gap"] == pytest.approx(3 / 397)  # of the shorter text
    assert found["swapped"] == 0


def test_another_number_in_the_same_slot_is_a_conflict():
    one, other = ([*WORDS[:200], number, "tons", *WORDS[200:]] for number in ("14", "15"))
    found = measure(one, other)
    assert found["conflicts"] == 1
    assert found["swapped"] == 0
    assert found["numbers"] == pytest.approx(1 / 5)


def test_a_block_that_moved_is_counted():
    found = measure(WORDS, [*WORDS[:100], *WORDS[300:], *WORDS[100:300]])
    assert found["phrases"] > 0
    assert found["similarity"] > 0.97


def test_texts_that_share_little_are_not_aligned():
    found = measure(WORDS, [*WORDS[:60], *STORY])
    assert 0 < found["similarity"] < 0.2
    assert found["gap"] == found["phrases"] == 0


texts = st.lists(
    st.lists(st.sampled_from([*"abc", "3", "4"]), max_size=30).map(" ".join), min_size=1, max_size=6
)


@settings(max_examples=60)
@given(texts, st.randoms(use_true_random=False))
def test_shares_are_those_of_a_plain_reading_and_pairs_do_not_touch_each_other(
    bodies: list[str], dice: random.Random
):
    corpus = to_corpus([to_token_hashes(hash_words(pl.Series(bodies)))])
    pairs = [(dice.randrange(len(bodies)), dice.randrange(len(bodies))) for _ in range(8)]
    one, other = np.array(pairs).T
    found = align(corpus, one, other)
    for at, (a, b) in enumerate(pairs):
        shingles = [
            {
                tuple([*bodies[text].split(), "", ""][place : place + 3])
                for place in range(len(bodies[text].split()))
            }
            for text in (a, b)
        ]
        both = len(shingles[0] & shingles[1])
        assert found["in_one"][at] == pytest.approx(both / max(len(shingles[0]), 1))
        assert found["similarity"][at] == pytest.approx(both / max(len(shingles[0] | shingles[1]), 1))
        alone = align(corpus, one[at : at + 1], other[at : at + 1])
        assert all(alone[name][0] == values[at] for name, values in found.items())
        for name in ("covered_one", "covered_other", "swapped", "numbers", "gap"):
            assert 0 <= found[name][at] <= 1


@pytest.mark.nightly
def test_the_time_of_a_text_repeated_in_itself_is_linear():
    def run(times: int) -> None:
        assert measure(WORDS * times, WORDS)["in_other"] > 0.99

    assert (
        growth(run, small=250, large=1000) < 8
    )  # four times the words; a quadratic loop takes sixteen times as long
