import math
import random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.transforms.conftest import PROSE, awkward_text
from transforms.shingles import MIN_ANCHORS, SCALE, SHINGLE, anchors, shingle

SCHEMA = {"doc_id": pl.String, "shingle": pl.UInt64}
texts = st.lists(
    st.one_of(awkward_text, st.lists(st.sampled_from("abc"), max_size=8).map(" ".join)), max_size=5
)


def shingles(*bodies: str) -> pl.DataFrame:
    frame = pl.DataFrame(
        {"doc_id": [str(n) for n in range(len(bodies))], "text": bodies}, schema_overrides={"text": pl.String}
    )
    return shingle(frame.with_columns(pl.col("doc_id").cast(pl.String)), "doc_id")


def sets(*bodies: str) -> list[set[int]]:
    found = shingles(*bodies)
    return [set(found.filter(doc_id=str(n))["shingle"]) for n in range(len(bodies))]


@settings(max_examples=40)
@given(texts)
def test_shingles_are_distinct_and_of_each_text_alone(bodies: list[str]):
    found = shingles(*bodies)
    assert found.schema == pl.Schema(SCHEMA)
    assert not found.is_duplicated().any()
    assert sets(*bodies) == [sets(body)[0] for body in bodies]


@given(st.lists(st.sampled_from(["captain", "rain", "3", "ledger"]), min_size=1, max_size=12))
def test_there_are_as_many_as_runs_of_three_words_closed_by_two_sentinels(words: list[str]):
    closed = [*words, "", ""]
    runs = {tuple(closed[at : at + SHINGLE]) for at in range(len(words))}
    assert len(sets(" ".join(words))[0]) == len(runs)


def test_the_hashes_are_those_that_the_warehouse_keeps():
    """They must never change: the index of every warehouse holds them."""
    assert sorted(shingles("Captains queue in the rain")["shingle"]) == [
        1507558283601311444,
        5665794296288347136,
        8613909259349953402,
        10939789610990315566,
        12812950046497983854,
    ]


def test_case_and_punctuation_do_not_count_but_order_does():
    one, same, other, more = sets(PROSE[0], PROSE[0].upper().replace(",", " –"), "rain the in", "rain in the")
    assert one == same
    assert other != more


def test_a_text_without_words_has_no_shingles_and_one_word_has_one():
    assert [len(found) for found in sets("", "…", "word", "two words", "word word word")] == [0, 0, 1, 2, 3]


@pytest.mark.parametrize("bodies", [[], [""], ["…", "–"]], ids=["no texts", "empty text", "no words"])
def test_texts_without_any_word_give_an_empty_frame(bodies: list[str]):
    assert_frame_equal(shingles(*bodies), pl.DataFrame(schema=SCHEMA))


def test_the_key_may_be_a_number():
    frame = pl.DataFrame(
        {"text_key": [7], "text": ["a b c"]}, schema={"text_key": pl.UInt64, "text": pl.String}
    )
    assert shingle(frame, "text_key").schema == {"text_key": pl.UInt64, "shingle": pl.UInt64}


@pytest.mark.parametrize("n_words", [0, 1, MIN_ANCHORS - 1, MIN_ANCHORS, 100, 3000])
def test_anchors_are_the_small_hashes_or_a_few_at_least(n_words: int):
    dice = random.Random(n_words)
    found = shingles(" ".join(str(dice.randrange(10**9)) for _ in range(n_words)))
    every = sorted(found["shingle"])
    expected = [value for rank, value in enumerate(every) if value < 2**64 // SCALE or rank < MIN_ANCHORS]
    sampled = anchors(found, "doc_id")
    assert sampled["anchors"].to_list() == ([expected] if expected else [])
    assert len(expected) < max(MIN_ANCHORS + 1, 2 * n_words / SCALE)
    assert len(expected) >= min(n_words, MIN_ANCHORS)


def test_long_texts_that_share_a_part_share_anchors_in_proportion():
    dice = random.Random(5)
    shared, own = ([str(dice.randrange(10**9)) for _ in range(4000)] for _ in range(2))
    one, other = anchors(shingles(" ".join(shared), " ".join(shared[:2000] + own[:2000])), "doc_id").sort(
        "doc_id"
    )["anchors"]
    share = len(set(one) & set(other)) / len(set(one) | set(other))
    assert math.isclose(share, 1 / 3, abs_tol=0.08)
