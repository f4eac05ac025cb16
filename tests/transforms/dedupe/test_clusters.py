"""Clusters: which texts are merged into which, which overlap, and for which pairs the answer is needed."""

from itertools import pairwise

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from copydesk.transforms.contract import CANDIDATES, MERGES, PAIRS, empty
from copydesk.transforms.dedupe.canonical import to_texts
from copydesk.transforms.dedupe.clusters import ClusterResolution, resolve_clusters
from tests.transforms.dedupe.texts import signatures_of


def decide(
    order: list[int],
    alike: set[tuple[int, int]],
    stood: dict[int, int] | None = None,
    pending: list[int] | None = None,
    candidates: set[tuple[int, int]] | None = None,
    scores: tuple[float, float, float] = (0.9, 0.9, 0.8),
    **how: bool,
) -> tuple[ClusterResolution, list[tuple[int, int]]]:
    """Resolve texts in canonical `order`, of which the pairs in `alike` are copies; return the compared pairs too."""
    met = alike if candidates is None else candidates
    asked: list[tuple[int, int]] = []

    def compare(one: pl.Series, other: pl.Series) -> pl.DataFrame:
        pairs = list(zip(one, other, strict=True))
        asked.extend(pairs)
        kinds = ["near" if tuple(sorted(pair)) in alike else None for pair in pairs]
        rows = [(kind, *scores) for kind in kinds]
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


def test_what_was_decided_stands_and_is_not_asked_again():
    found, asked = decide([1, 2, 3], {(1, 2), (1, 3)}, stood={2: 1}, pending=[3], candidates={(1, 3), (2, 3)})
    assert of(found.merges) == {2: 1, 3: 1}
    assert asked == [(3, 1)]


def test_a_better_canonical_text_takes_over_and_what_it_does_not_take_is_unresolved():
    found, _ = decide([9, 1, 2, 3], {(1, 9), (2, 9)}, stood={2: 1, 3: 1}, pending=[9])
    assert of(found.merges) == {1: 9, 2: 9}
    assert found.unresolved.to_list() == [3]


def test_a_better_canonical_text_takes_a_merged_text_whose_own_stays():
    found, _ = decide([9, 1, 2], {(2, 9)}, stood={2: 1}, pending=[9])
    assert of(found.merges) == {2: 9}
    assert of(found.overlaps) == {2: 1}
    assert found.unresolved.is_empty()


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


def test_no_texts_have_no_clusters():
    found, asked = decide([], set())
    for frame in (found.merges, found.overlaps):
        assert_frame_equal(frame, empty(MERGES))
    assert (found.unresolved.dtype, found.unresolved.to_list(), asked) == (pl.UInt64, [], [])


def test_an_earlier_merge_keeps_its_scores_and_a_new_one_has_those_of_the_comparison():
    found, _ = decide([1, 2, 3], {(1, 2), (1, 3)}, stood={2: 1}, pending=[3], scores=(0.5, 0.6, 0.7))
    expected = [(2, 1, "near", 0.9, 0.9, 0.8), (3, 1, "near", 0.5, 0.6, 0.7)]
    assert_frame_equal(found.merges, pl.DataFrame(expected, schema=MERGES, orient="row"))
