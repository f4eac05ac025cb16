"""Canonical documents: the order, and which documents are duplicates of which."""

import random
from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from copydesk.transforms.contract import DUPLICATES, MERGES, TEXTS, empty
from copydesk.transforms.dedupe.canonical import in_canonical_order, to_duplicates, to_texts
from copydesk.transforms.dedupe.in_memory import find_duplicates, resolve_documents
from copydesk.transforms.text.hashing import hash_words
from tests.transforms.conftest import PROSE, cleaned_of
from tests.transforms.dedupe.texts import STORY, signatures_of, spell, story


def merged(*texts: str, **columns: object) -> list[tuple[str, str, str]]:
    return find_duplicates(cleaned_of(*texts, **columns)).select("doc_id", "canonical_doc_id", "kind").rows()


# ---------------------------------------------------------------- who keeps


def test_the_canonical_document_has_most_words_then_came_first_then_has_the_smallest_id():
    early, late = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)
    rows = [
        ("e", 1, 10, None),
        ("d", 1, 10, late),
        ("c", 1, 10, early),
        ("b", 1, 10, early),
        ("a", 1, 9, early),
    ]
    for canonical in ("b", "c", "d", "e", "a"):
        duplicates = to_duplicates(signatures_of(*rows), empty(MERGES))
        assert duplicates["canonical_doc_id"].to_list() == [canonical] * (len(rows) - 1)
        rows = [row for row in rows if row[0] != canonical]


def test_a_text_has_its_first_document_and_the_merge_of_an_earlier_run():
    signatures = signatures_of(("a", 1, 9, None), ("b", 1, 9, None), ("c", 2, 10, None), ("d", 3, 8, None))
    merges = pl.DataFrame([(1, 2, "near", 0.8, 0.9, 0.7)], schema=MERGES, orient="row")
    expected = [
        ("c", 2, 10, None, 0, None, None, None, None, None),
        ("a", 1, 9, None, 0, 2, "near", 0.8, 0.9, 0.7),
        ("d", 3, 8, None, 0, None, None, None, None, None),
    ]
    assert_frame_equal(to_texts(signatures, merges), pl.DataFrame(expected, schema=TEXTS, orient="row"))
    assert_frame_equal(to_texts(signatures.clear(), empty(MERGES)), empty(TEXTS))


@settings(max_examples=30)
@given(st.permutations(range(6)))
def test_the_canonical_order_does_not_depend_on_the_order_of_rows(order: list[int]):
    day = datetime(2026, 3, 1, tzinfo=UTC)
    rows = [
        ("f", 1, 9, None),
        ("e", 1, 9, day),
        ("d", 1, 10, None),
        ("c", 1, 10, day),
        ("b", 1, 10, None),
        ("a", 1, 8, day),
    ]
    found = in_canonical_order(signatures_of(*(rows[place] for place in order)))
    assert found["doc_id"].to_list() == ["c", "b", "d", "e", "f", "a"]


def test_a_copy_of_a_merged_text_goes_where_its_text_goes_with_its_scores():
    signatures = signatures_of(("a", 1, 10, None), ("b", 2, 9, None), ("c", 2, 9, None))
    merges = pl.DataFrame([(2, 1, "near", 0.8, 0.9, 0.7)], schema=MERGES, orient="row")
    expected = [("b", "a", "near", 0.8, 0.9, 0.7, 2, 1), ("c", "a", "near", 0.8, 0.9, 0.7, 2, 1)]
    assert_frame_equal(
        to_duplicates(signatures, merges), pl.DataFrame(expected, schema=DUPLICATES, orient="row")
    )
    assert_frame_equal(to_duplicates(signatures.clear(), empty(MERGES)), empty(DUPLICATES))


# ---------------------------------------------------------------- later runs


# ---------------------------------------------------------------- texts


@pytest.mark.parametrize("copy", [story(), story().upper(), story().replace(" ", "\n\n– “") + "!"])
def test_texts_of_the_same_words_are_exact_copies(copy: str):
    key = hash_words(pl.Series([story()])).key[0]
    expected = [("d0001", "d0000", "exact", 1.0, 1.0, 1.0, key, key)]
    duplicates = find_duplicates(cleaned_of(story(), copy, PROSE[0], n_words=[228, 228, 29]))
    assert_frame_equal(duplicates, pl.DataFrame(expected, schema=DUPLICATES, orient="row"))


def test_kinds_are_those_of_the_verdict():
    assert merged(story(), story(w9="nine", w99="ninety", w199="more")) == [("d0001", "d0000", "near")]
    assert merged(" ".join(STORY[100:200]), story()) == [("d0000", "d0001", "contained")]


@pytest.mark.parametrize("text", ["", "…", "word", "12", "漢"])
def test_the_smallest_texts_are_merged_with_their_equals(text: str):
    assert merged(text, text) == [("d0001", "d0000", "exact")]


def test_ten_thousand_identical_texts_are_merged_into_one():
    assert merged(*[story()] * 10_000) == [(f"d{number:04}", "d0000", "exact") for number in range(1, 10_000)]


@pytest.mark.parametrize("n_copies", [10, 60, 600])
def test_a_viral_story_stays_one_cluster(n_copies: int):
    """600 copies, each with another word, were 528 clusters where common anchors were dropped."""
    texts = [story(**{f"w{number % 228}": "edited" + spell(number)}) for number in range(n_copies)]
    assert [row[1] for row in merged(*texts)] == ["d0000"] * (n_copies - 1)


@pytest.mark.parametrize(("n_words", "floor"), [(60, 70), (100, 90), (200, 98)])
def test_passages_of_a_story_of_400_words_are_found_in_it(n_words: int, floor: int):
    """Anchors are a sample: of 100 passages some are missed, of long ones hardly any."""
    dice = random.Random(n_words)
    texts = []
    for _ in range(100):
        words = ["".join(dice.choices("abcdefghijklmnop", k=6)) for _ in range(400)]
        start = dice.randrange(400 - n_words)
        texts += [" ".join(words), " ".join(words[start : start + n_words])]
    expected = {(f"d{number + 1:04}", f"d{number:04}", "contained") for number in range(0, 200, 2)}
    found = set(merged(*texts))
    assert found <= expected
    assert len(found) >= floor


phrases = st.lists(
    st.sampled_from(["the rain fell", "on the quay", "3 men", "14.5 tons", "and nobody said", "a b"]),
    max_size=6,
)
frames = st.lists(phrases.map(" ".join), max_size=8)


@settings(max_examples=30)
@given(frames, st.randoms(use_true_random=False))
def test_the_order_of_documents_does_not_matter(texts: list[str], dice: random.Random):
    documents = cleaned_of(*texts)
    shuffled = documents.sample(fraction=1, shuffle=True, seed=dice.randint(0, 999))
    duplicates = find_duplicates(documents)
    assert_frame_equal(duplicates, find_duplicates(shuffled))
    assert not set(duplicates["doc_id"]) & set(duplicates["canonical_doc_id"])


def test_every_merge_is_one_that_was_verified():
    dice = random.Random(4)
    texts = [" ".join(STORY[dice.randrange(60) : 170 + dice.randrange(58)]) for _ in range(60)]
    signatures, found = resolve_documents(cleaned_of(*texts))
    key = dict(signatures.select("doc_id", "text_key").iter_rows())
    verified = set(found.merges.select("text_key", "canonical_key").rows())
    for doc_id, canonical, kind, *_ in to_duplicates(signatures, found.merges).iter_rows():
        same = key[doc_id] == key[canonical]
        assert same == (kind == "exact")
        assert same or (key[doc_id], key[canonical]) in verified
