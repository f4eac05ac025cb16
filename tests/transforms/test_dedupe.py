import random
import re
import time
from datetime import UTC, datetime
from itertools import combinations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.transforms.conftest import PROSE, cleaned_of
from transforms.contract import DUPLICATES, PAIRS, SIGNATURES, empty
from transforms.dedupe import (
    HOT,
    PLAUSIBLE,
    choose_keepers,
    find_candidates,
    find_missing,
    sign,
    text_keys,
    to_anchors,
    verify,
)

ANCHORS = {"text_key": pl.UInt64, "anchor": pl.UInt64, "n_anchors": pl.Int64}
KEYS = {"text_key": pl.UInt64, "other_key": pl.UInt64}
STORY = [
    f"{word}{number}" for number in "abcd" for word in " ".join(PROSE).replace(".", "").split()
]  # 228 words


def anchors_of(rows: list[tuple[int, int]]) -> pl.DataFrame:
    """Return the anchors of some texts, from pairs of text and anchor, as `to_anchors` would."""
    frame = pl.DataFrame(rows, schema=["text_key", "anchor"], orient="row").unique(maintain_order=True)
    return frame.with_columns(n_anchors=pl.len().over("text_key")).select(
        pl.col(name).cast(dtype) for name, dtype in ANCHORS.items()
    )


def dedupe(documents: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Run the stage on CLEAN as `flows` does, against an empty warehouse; return PAIRS and DUPLICATES."""
    signatures = sign(documents)
    candidates = find_candidates(to_anchors(signatures), pl.DataFrame(schema=ANCHORS))
    texts = documents.select("text", text_key=signatures["text_key"]).unique("text_key", maintain_order=True)
    pairs = verify(candidates, texts)
    pairs = pl.concat([pairs, verify(find_missing(signatures, pairs), texts)])
    return pairs, choose_keepers(signatures, pairs)


def merged(*texts: str, **columns: object) -> list[tuple[str, str, str]]:
    return dedupe(cleaned_of(*texts, **columns))[1].select("doc_id", "canonical_doc_id", "kind").rows()


def spell(number: int) -> str:
    """Write a number in letters: figures in a text are compared as numbers."""
    return "".join("abcdefghij"[int(digit)] for digit in str(number))


def story(**changes: str) -> str:
    """Return STORY with the words at some places (w0, w17, ...) changed."""
    words = list(STORY)
    for place, word in changes.items():
        words[int(place[1:])] = word
    return " ".join(words)


# ---------------------------------------------------------------- what is a duplicate


@pytest.mark.parametrize("copy", [story(), story().upper(), story().replace(" ", "\n\n– “") + "!"])
def test_texts_that_fold_to_the_same_are_exact_copies(copy: str):
    expected = {
        "doc_id": "d0001",
        "canonical_doc_id": "d0000",
        "kind": "exact",
        "similarity": 1.0,
        "containment": 1.0,
    }
    duplicates = dedupe(cleaned_of(story(), copy, PROSE[0], n_words=[228, 228, 29]))[1]
    assert_frame_equal(duplicates, pl.DataFrame(expected, schema=DUPLICATES))


def test_a_text_with_a_few_other_words_is_a_near_copy():
    assert merged(story(), story(w9="nine", w99="ninety", w199="more")) == [("d0001", "d0000", "near")]


def test_a_text_inside_a_longer_one_is_contained():
    assert merged(" ".join(STORY[100:200]), story()) == [("d0000", "d0001", "contained")]


@pytest.mark.parametrize(("n_words", "floor"), [(60, 80), (100, 95), (200, 99)])
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


def test_a_template_with_other_numbers_is_another_report():
    template = f"{story()} {{}} tremors of magnitude {{}} at {{}} km on {{}} March"
    assert merged(template.format(3, "4.6", 12, 8), template.format(5, "5.1", 30, 9)) == []
    assert merged(template.format(3, "4.6", 12, 8), template.format(3, "4.6", 12, 8) + " near") == [
        ("d0000", "d0001", "near")
    ]


def test_a_report_in_a_longer_one_with_other_numbers_is_not_contained():
    assert (
        merged(" ".join(STORY[:100]) + " 3 ships 14 men 250 tons", story() + " 5 ships 19 men 800 tons") == []
    )


@pytest.mark.parametrize(
    "texts",
    [
        ["word"],
        ["word", "other"],
        ["", "word"],
        ["1 2 3", "4 5 6"],
        ["12", "13"],
        [PROSE[0], PROSE[1]],
        ["…", "1"],
        [],
    ],
    ids=str,
)
def test_other_texts_are_not_merged(texts: list[str]):
    assert merged(*texts) == []


@pytest.mark.parametrize("text", ["", "…", "word", "12", "1 2 3", "3.5 %", "漢"])
def test_the_smallest_texts_are_merged_with_their_equals(text: str):
    assert merged(text, text) == [("d0001", "d0000", "exact")]


def test_a_wordless_frame_can_be_signed():
    expected = {
        "doc_id": ["d0000", "d0001"],
        "text_key": text_keys(pl.Series(["", ""])),
        "n_words": 0,
        "anchors": [[], []],
    }
    signed = sign(cleaned_of("", "…", n_words=[0, 0]))
    assert_frame_equal(signed.drop("published_at"), pl.DataFrame(expected, schema_overrides=SIGNATURES))
    assert_frame_equal(sign(cleaned_of()), empty(SIGNATURES))


def test_anchors_are_listed_once_a_text():
    signatures = signatures_of(("a", 1, 9, None), ("b", 1, 9, None), ("c", 2, 9, None), ("d", 3, 0, None))
    listed = signatures.with_columns(anchors=pl.Series([[7, 8], [7, 8], [8], []], dtype=pl.List(pl.UInt64)))
    expected = pl.DataFrame([(1, 7, 2), (1, 8, 2), (2, 8, 1)], schema=ANCHORS, orient="row")
    assert_frame_equal(to_anchors(listed), expected, check_row_order=False)
    assert_frame_equal(to_anchors(signatures), expected.clear())


def test_three_hundred_copies_are_merged_into_one():
    texts = [story().title() if number % 2 else story() for number in range(300)]
    assert merged(*texts) == [(f"d{number:04}", "d0000", "exact") for number in range(1, 300)]


@pytest.mark.parametrize("n_copies", [HOT, HOT + 1, 3 * HOT])
def test_many_near_copies_of_one_story_stay_one_cluster(n_copies: int):
    texts = [story(**{f"w{3 * number}": "edited" + spell(number)}) for number in range(n_copies)]
    assert [row[1] for row in merged(*texts)] == ["d0000"] * (n_copies - 1)


# ---------------------------------------------------------------- chains


def window(start: int, n_words: int = 200) -> str:
    return " ".join(spell(number) for number in range(start, start + n_words))


def test_in_a_chain_a_and_c_are_not_merged_unless_verified():
    pairs, duplicates = dedupe(cleaned_of(window(0), window(40), window(80)))
    assert pairs["kind"].to_list() == ["near", "near"]
    assert duplicates.select("doc_id", "canonical_doc_id").rows() == [("d0001", "d0000")]
    assert merged(window(0), window(20), window(40)) == [
        ("d0001", "d0000", "near"),
        ("d0002", "d0000", "near"),
    ]


def test_a_long_chain_merges_neighbours_alone():
    documents = cleaned_of(*(window(40 * step) for step in range(200)))
    pairs, duplicates = dedupe(documents)
    _check_merges(sign(documents), pairs, duplicates)
    assert len(pairs) == 199
    for doc_id, canonical in duplicates.select("doc_id", "canonical_doc_id").rows():
        assert abs(int(doc_id[1:]) - int(canonical[1:])) == 1


def _check_merges(signatures: pl.DataFrame, pairs: pl.DataFrame, duplicates: pl.DataFrame) -> None:
    """Nobody is merged twice, into a merged one, or into one that its text is not verified against."""
    key = dict(signatures.select("doc_id", "text_key").iter_rows())
    verified = {frozenset(pair) for pair in pairs.select("text_key", "other_key").iter_rows()}
    assert not duplicates["doc_id"].is_duplicated().any()
    assert not set(duplicates["doc_id"]) & set(duplicates["canonical_doc_id"])
    for doc_id, canonical, kind in duplicates.select("doc_id", "canonical_doc_id", "kind").rows():
        same = key[doc_id] == key[canonical]
        assert same or frozenset((key[doc_id], key[canonical])) in verified
        assert (kind == "exact") == same


# ---------------------------------------------------------------- laws

phrases = st.lists(
    st.sampled_from(["the rain fell", "on the quay", "3 men", "14.5 tons", "and nobody said", "a b"]),
    max_size=6,
)
frames = st.lists(phrases.map(" ".join), max_size=8)


@settings(max_examples=25)
@given(frames, st.randoms(use_true_random=False))
def test_the_order_of_documents_does_not_matter(texts: list[str], dice: random.Random):
    documents = cleaned_of(*texts)
    shuffled = documents.sample(fraction=1, shuffle=True, seed=dice.randint(0, 999))
    pairs, duplicates = dedupe(documents)
    for one, other in zip((pairs, duplicates), dedupe(shuffled), strict=True):
        assert_frame_equal(one, other, check_row_order=False)
    assert duplicates["doc_id"].is_sorted()
    _check_merges(sign(documents), pairs, duplicates)


@settings(max_examples=40)
@given(st.lists(phrases.filter(bool).map(" ".join), min_size=2, max_size=6, unique=True))
def test_pairs_are_those_that_a_plain_reading_of_the_rule_finds(texts: list[str]):
    keys = [10 + number for number in range(len(texts))]
    every = pl.DataFrame(list(combinations(keys, 2)), schema=KEYS, orient="row")
    found = verify(
        every,
        pl.DataFrame(
            {"text_key": keys, "text": texts}, schema_overrides=KEYS | {"text_key": pl.UInt64}
        ).select("text_key", "text"),
    )
    expected = [
        row
        for (a, one), (b, other) in combinations(zip(keys, texts, strict=True), 2)
        if (row := _judge(a, b, one, other))
    ]
    assert_frame_equal(found, pl.DataFrame(expected, schema=PAIRS, orient="row"), check_row_order=False)


def _judge(a: int, b: int, one: str, other: str) -> tuple | None:
    def runs(text: str) -> set:
        words = [*re.findall(r"\w+", text.lower()), "", ""]
        return {tuple(words[at : at + 3]) for at in range(len(words) - 2)}

    def numbers(text: str) -> set:
        return set(re.findall(r"\d+(?:[.,]\d+)*", text))

    def shares(x: set, y: set) -> tuple[float, float]:
        return (len(x & y) / len(x | y) if x | y else 1.0), (
            len(x & y) / min(len(x), len(y)) if x and y else float(not (x or y))
        )

    (similarity, containment), (agree, contained) = (
        shares(runs(one), runs(other)),
        shares(numbers(one), numbers(other)),
    )
    if not numbers(one) or not numbers(other):
        contained = 1.0  # a text without numbers contradicts none
    if similarity >= 0.6 and agree >= 0.75:
        return a, b, "near", similarity, containment
    return (a, b, "contained", similarity, containment) if containment >= 0.9 and contained >= 0.88 else None


#: At most 13 texts, so that no anchor is hot: text, anchor, whether the text came in an earlier run.
small_buckets = st.lists(st.tuples(st.integers(0, 12), st.integers(100, 120), st.booleans()), max_size=60)


@settings(max_examples=40)
@given(small_buckets)
def test_candidates_are_the_same_whether_texts_came_before_or_now(rows: list[tuple[int, int, bool]]):
    old_texts = {text for text, _, is_old in rows if is_old}
    every = anchors_of([row[:2] for row in rows])
    old, new = (every.filter(pl.col("text_key").is_in(list(old_texts)) == is_old) for is_old in (True, False))
    before, now = find_candidates(old, every.clear()), find_candidates(new, old)
    at_once = find_candidates(every, every.clear())
    assert_frame_equal(pl.concat([before, now]).sort("text_key", "other_key"), at_once)


@settings(max_examples=40)
@given(small_buckets)
def test_candidates_are_the_pairs_that_share_anchors_enough(rows: list[tuple[int, int, bool]]):
    anchors = {text: {at for other, at, _ in rows if other == text} for text, _, _ in rows}
    expected = [
        (one, other)
        for one, other in combinations(sorted(anchors), 2)
        if (shared := len(anchors[one] & anchors[other]))
        and shared >= PLAUSIBLE * min(len(anchors[one]), len(anchors[other]))
    ]
    every = anchors_of([row[:2] for row in rows])
    candidates = find_candidates(every, every.clear())
    assert_frame_equal(candidates, pl.DataFrame(expected, schema=KEYS, orient="row"))
    assert_frame_equal(find_candidates(every.reverse(), every.clear()), candidates)


@pytest.mark.parametrize("n_known", [0, 4999, 2500])
def test_a_hot_anchor_gives_two_pairs_a_new_text_at_most(n_known: int):
    rows = anchors_of([(text, 7) for text in range(1, 5001)]).sample(fraction=1, shuffle=True, seed=1)
    start = time.perf_counter()
    candidates = find_candidates(rows[n_known:], rows[:n_known])
    assert time.perf_counter() - start < 1  # measured: 0.02 s
    assert 0 < len(candidates) <= 2 * (5000 - n_known)
    assert (candidates["text_key"] < candidates["other_key"]).all()
    again = find_candidates(rows[n_known:].reverse(), rows[:n_known].reverse())
    assert_frame_equal(candidates, again)


def test_known_texts_are_not_paired_with_each_other():
    known, new = anchors_of([(1, 7), (2, 7)]), anchors_of([(3, 7), (1, 7)])  # 1 came again
    expected = pl.DataFrame({"text_key": [1, 2], "other_key": [3, 3]}, schema=KEYS)
    assert_frame_equal(find_candidates(new, known), expected)
    assert_frame_equal(find_candidates(new.clear(), known), expected.clear())
    no_texts = pl.DataFrame(schema={"text_key": pl.UInt64, "text": pl.String})
    assert_frame_equal(verify(expected.clear(), no_texts), empty(PAIRS))


@given(
    st.lists(
        st.tuples(st.integers(0, 12), st.integers(0, 12)).filter(lambda pair: pair[0] < pair[1]), max_size=12
    )
)
def test_missing_are_the_pairs_of_each_text_with_the_best_of_its_component(edges: list[tuple[int, int]]):
    order = [7, 3, 11, 0, 12, 5, 1, 9, 2, 10, 4, 8, 6]  # the text with most words first
    signatures = signatures_of(*((f"d{text}", text, 100 - place, None) for place, text in enumerate(order)))
    component = {text: {text} for text in order}
    for one, other in edges:
        both = component[one] | component[other]
        component |= dict.fromkeys(both, both)
    expected = {
        (min(text, best), max(text, best))
        for text, others in component.items()
        if (best := min(others, key=order.index)) != text
    } - set(edges)
    rows = [(*edge, "near", 0.7, 0.8) for edge in edges]
    pairs = pl.DataFrame(rows, schema=PAIRS, orient="row").unique(maintain_order=True)
    missing = find_missing(signatures, pairs)
    assert_frame_equal(missing, pl.DataFrame(sorted(expected), schema=KEYS, orient="row"))
    assert_frame_equal(find_missing(signatures.reverse(), pairs.reverse()), missing)


# ---------------------------------------------------------------- keepers


def signatures_of(*rows: tuple) -> pl.DataFrame:
    return pl.DataFrame([(*row, []) for row in rows], schema=SIGNATURES, orient="row")


def test_the_keeper_has_most_words_then_came_first_then_has_the_smallest_id():
    early, late = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)
    rows = [
        ("e", 1, 10, None),
        ("d", 1, 10, late),
        ("c", 1, 10, early),
        ("b", 1, 10, early),
        ("a", 1, 9, early),
    ]
    for keeper in ("b", "c", "d", "e", "a"):
        duplicates = choose_keepers(signatures_of(*rows), empty(PAIRS))
        assert duplicates["canonical_doc_id"].to_list() == [keeper] * (len(rows) - 1)
        rows = [row for row in rows if row[0] != keeper]


def test_a_copy_of_a_merged_text_goes_where_its_text_goes_with_its_scores():
    signatures = signatures_of(("a", 1, 10, None), ("b", 2, 9, None), ("c", 2, 9, None))
    pairs = pl.DataFrame([(1, 2, "near", 0.8, 0.9)], schema=PAIRS, orient="row")
    expected = [("b", "a", "near", 0.8, 0.9), ("c", "a", "near", 0.8, 0.9)]
    assert_frame_equal(
        choose_keepers(signatures, pairs), pl.DataFrame(expected, schema=DUPLICATES, orient="row")
    )


def test_a_text_between_two_keepers_goes_to_the_better_one():
    signatures = signatures_of(("a", 1, 9, None), ("b", 2, 5, None), ("c", 3, 10, None))
    pairs = pl.DataFrame(
        [(1, 2, "near", 0.9, 0.9), (2, 3, "contained", 0.4, 0.95)], schema=PAIRS, orient="row"
    )
    expected = pl.DataFrame([("b", "c", "contained", 0.4, 0.95)], schema=DUPLICATES, orient="row")
    assert_frame_equal(choose_keepers(signatures, pairs), expected)
    assert_frame_equal(choose_keepers(signatures, empty(PAIRS)), empty(DUPLICATES))


def test_text_keys_are_those_that_the_warehouse_keeps():
    assert text_keys(pl.Series(["", "the rain"])).to_list() == [13020603013274838756, 12135113900210041558]
