import math
import random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.transforms.text.hashing import hash_words
from copydesk.transforms.text.shingles import MIN_ANCHORS, join_samples
from tests.transforms.text.plain_hashing import read


def sampled(*bodies: str) -> pl.DataFrame:
    sample = hash_words(pl.Series(bodies, dtype=pl.String)).sample
    return pl.DataFrame({"anchors": sample.lists(), "n_sampled": sample.n_sampled})


def words(n: int, seed: int) -> list[str]:
    dice = random.Random(seed)
    return [str(dice.randrange(10**9)) for _ in range(n)]


@given(st.lists(st.sampled_from(["captain", "rain", "3", "ledger"]), min_size=1, max_size=MIN_ANCHORS))
def test_a_short_text_has_an_anchor_for_each_run_of_three_words_closed_by_two_sentinels(some: list[str]):
    closed = [*some, "", ""]
    runs = {tuple(closed[at : at + 3]) for at in range(len(some))}
    assert len(sampled("before", " ".join(some), "behind")["anchors"][1]) == len(runs)


def test_each_text_has_its_own():
    bodies = ["", "…", "word", "two words", "word word word", ""]
    assert sampled(*bodies)["anchors"].list.len().to_list() == [0, 0, 1, 2, 3, 0]
    assert sampled(*bodies).equals(pl.concat([sampled(body) for body in bodies]))


@pytest.mark.parametrize("n_words", [0, 1, MIN_ANCHORS - 1, MIN_ANCHORS, 100, 700, 3000])
def test_anchors_are_the_small_hashes_or_a_few_at_least(n_words: int):
    text = " ".join(words(n_words, seed=n_words))
    row, expected = sampled(text), read(text)
    assert row["anchors"].to_list() == [expected.anchors]
    assert row["n_sampled"].to_list() == [expected.n_sampled]
    assert len(expected.anchors) >= min(n_words, MIN_ANCHORS)


def test_a_text_that_repeats_itself_has_the_anchors_of_what_it_repeats():
    once = " ".join(words(5, seed=3))
    assert len(sampled(" ".join([once] * 1000))["anchors"][0]) == 7  # five within, two across the closed end


def test_long_texts_that_share_a_part_share_anchors_in_proportion():
    shared, own = words(8000, 5), words(4000, 6)
    one, other = sampled(" ".join(shared), " ".join(shared[:4000] + own))["anchors"]
    share = len(set(one) & set(other)) / len(set(one) | set(other))
    assert math.isclose(share, 1 / 3, abs_tol=0.08)


def test_samples_that_are_joined_are_those_of_all_texts():
    bodies = ["", " ".join(words(40, 1)), "one", " ".join(words(900, 2)), ""]
    samples = [hash_words(pl.Series([body])).sample for body in bodies]
    together = join_samples(samples)
    assert together.lists().to_list() == sampled(*bodies)["anchors"].to_list()
    assert together.n_sampled.tolist() == sampled(*bodies)["n_sampled"].to_list()
    assert join_samples([]).lists().to_list() == []


def test_no_texts_have_no_anchors():
    assert sampled().is_empty()
    assert sampled().schema == {"anchors": pl.List(pl.UInt32), "n_sampled": pl.Int64}
