import random
from datetime import UTC, datetime
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from copydesk.transforms.contract import CANDIDATES, DUPLICATES, MERGES, PAIRS, empty
from copydesk.transforms.dedupe.canonical import ClusterResolution, resolve_clusters, to_duplicates, to_texts
from copydesk.transforms.dedupe.in_memory import find_duplicates, resolve_documents
from copydesk.transforms.text.hashing import hash_words
from tests.transforms.conftest import PROSE, cleaned_of
from tests.transforms.dedupe.texts import STORY, signatures_of, spell, story


def merged(*texts: str, **columns: object) -> list[tuple[str, str, str]]:
    return find_duplicates(cleaned_of(*texts, **columns)).select("doc_id", "canonical_doc_id", "kind").rows()


def decide(
    order: list[int],
    alike: set[tuple[int, int]],
    stood: dict[int, int] | None = None,
    pending: list[int] | None = None,
    candidates: set[tuple[int, int]] | None = None,
    **how: bool,
) -> tuple[ClusterResolution, list[tuple[int, int]]]:
    """Settle texts, best first, of which the pairs in `alike` are copies; return what was asked for too."""
    met = alike if candidates is None else candidates
    asked: list[tuple[int, int]] = []

    def compare(one: pl.Series, other: pl.Series) -> pl.DataFrame:
        pairs = list(zip(one, other, strict=True))
        asked.extend(pairs)
        kinds = ["near" if tuple(sorted(pair)) in alike else None for pair in pairs]
        rows = [(kind, 0.9, 0.9, 0.8) for kind in kinds]
        return pl.DataFrame(rows, schema=PAIRS, orient="row")

    signatures = signatures_of(
        *((f"d{text:03}", text, 100 - place, None) for place, text in enumerate(order))
    )
    rows = [(text, canonical, "near", 0.9, 0.9, 0.8) for text, canonical in (stood or {}).items()]
    texts = to_texts(signatures, pl.DataFrame(rows, schema=MERGES, orient="row"))
    pairs = pl.DataFrame([tuple(sorted(pair)) for pair in met], schema=CANDIDATES, orient="row")
    keys = pl.Series(order if pending is None else pending, dtype=pl.UInt64)
    return resolve_clusters(texts, keys, pairs, compare, **how), asked


def of(found: pl.DataFrame) -> dict[int, int]:
    return dict(found.select("text_key", "canonical_key").iter_rows())


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


def test_a_copy_of_a_merged_text_goes_where_its_text_goes_with_its_scores():
    signatures = signatures_of(("a", 1, 10, None), ("b", 2, 9, None), ("c", 2, 9, None))
    merges = pl.DataFrame([(2, 1, "near", 0.8, 0.9, 0.7)], schema=MERGES, orient="row")
    expected = [("b", "a", "near", 0.8, 0.9, 0.7, 2, 1), ("c", "a", "near", 0.8, 0.9, 0.7, 2, 1)]
    assert_frame_equal(
        to_duplicates(signatures, merges), pl.DataFrame(expected, schema=DUPLICATES, orient="row")
    )
    assert_frame_equal(to_duplicates(signatures.clear(), empty(MERGES)), empty(DUPLICATES))


def test_a_text_between_two_canonical_texts_goes_to_the_better_one_and_overlaps_with_the_other():
    found, _ = decide([3, 1, 2], {(1, 2), (2, 3)})
    assert of(found.merges) == {2: 3}
    assert of(found.overlaps) == {2: 1}


def test_overlaps_are_not_asked_for_where_nobody_wants_them():
    found, asked = decide([3, 1, 2], {(1, 2), (2, 3)}, with_overlaps=False)
    assert of(found.merges) == {2: 3}
    assert found.overlaps.is_empty()
    assert asked == [(2, 3)]


def test_a_chain_never_merges_its_ends():
    n = 200
    found, asked = decide(list(range(n)), set(pairwise(range(n))))
    assert of(found.merges) == {text: text - 1 for text in range(1, n, 2)}
    assert len(asked) < 2 * n


def test_a_pair_is_asked_for_only_where_the_answer_matters():
    everyone = {(one, other) for one in range(30) for other in range(one + 1, 30)}
    found, asked = decide(list(range(30)), everyone)
    assert of(found.merges) == dict.fromkeys(range(1, 30), 0)
    assert len(asked) == 29


# ---------------------------------------------------------------- later runs


def test_what_was_decided_stands_and_is_not_asked_again():
    found, asked = decide([1, 2, 3], {(1, 2), (1, 3)}, stood={2: 1}, pending=[3], candidates={(1, 3), (2, 3)})
    assert of(found.merges) == {2: 1, 3: 1}
    assert asked == [(3, 1)]


def test_a_better_canonical_text_takes_over_and_what_it_does_not_take_is_lost():
    found, _ = decide([9, 1, 2, 3], {(1, 9), (2, 9)}, stood={2: 1, 3: 1}, pending=[9])
    assert of(found.merges) == {1: 9, 2: 9}
    assert found.lost.to_list() == [3]


def test_a_better_canonical_text_takes_a_merged_text_whose_own_stays():
    found, _ = decide([9, 1, 2], {(2, 9)}, stood={2: 1}, pending=[9])
    assert of(found.merges) == {2: 9}
    assert of(found.overlaps) == {2: 1}
    assert found.lost.is_empty()


edges = st.sets(
    st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(lambda pair: pair[0] < pair[1]), max_size=30
)


@settings(max_examples=100)
@given(edges, st.permutations(range(12)))
def test_it_is_what_one_text_after_the_other_comes_to(alike: set[tuple[int, int]], order: list[int]):
    canonicals, expected = [], {}
    for text in order:
        mine = [canonical for canonical in canonicals if tuple(sorted((canonical, text))) in alike]
        if mine:
            expected[text] = mine[0]
        else:
            canonicals.append(text)
    found, _ = decide(order, alike)
    assert of(found.merges) == expected
    overlaps = {
        (text, canonical)
        for text, first in expected.items()
        for canonical in canonicals[canonicals.index(first) + 1 :]
        if order.index(canonical) < order.index(text) and tuple(sorted((canonical, text))) in alike
    }
    assert set(found.overlaps.select("text_key", "canonical_key").rows()) == overlaps


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
