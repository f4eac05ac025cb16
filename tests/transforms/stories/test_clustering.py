"""Stories: clusters of reports of one event, their ids, and documents that come one after the other."""

import random
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from copydesk.transforms.contract import STORY_DOCUMENTS, empty
from copydesk.transforms.stories.clustering import ALONE, CLOSE, assign_stories, name_stories, normalise
from copydesk.transforms.stories.terms import compute_terms

MARCH = datetime(2026, 3, 1, tzinfo=UTC)
#: Three reports of one event in different words, two of another of the same kind, and one of neither.
BRIDGE = [
    "Selwick will close its harbour bridge for eleven weeks after engineer Dana Whitlock found 14 cracks in the span.",
    "Fourteen cracks, among them 14 in the lifting span, have shut the bridge at Selwick, Dana Whitlock told the town.",
    "Ferry traders fear the worst: with the Selwick bridge shut for eleven weeks, said Dana Whitlock, lorries turn.",
]
FERRY = [
    "Puerto Almadia has lost its night ferry: owner Ines Calvo sold the Estrella to a yard in Vila Serena on Friday.",
    "The Estrella sails no more. Ines Calvo told Puerto Almadia that a yard in Vila Serena had bought the ferry.",
]
BAKER = [
    "An old baker in Wendale hands over the oven to two nieces who learned the trade from videos in winter."
]
TEXTS = [*BRIDGE, *FERRY, *BAKER]


def window(texts: list[str], **columns: object) -> pl.DataFrame:
    """Return texts as a window, all fetched on one day."""
    docs = pl.DataFrame({"doc_id": [f"d{number}" for number in range(len(texts))], "text": texts})
    terms = compute_terms(docs.with_columns(title=pl.lit(None, pl.String), lang=pl.lit("en")))
    given = {
        "published_at": [None] * len(texts),
        "fetched_at": [MARCH] * len(texts),
        "story_id": [None] * len(texts),
    }
    schema = {
        "published_at": pl.Datetime("us", "UTC"),
        "fetched_at": pl.Datetime("us", "UTC"),
        "story_id": pl.String,
    }
    return terms.with_columns(
        pl.Series(name, values, dtype=schema[name]) for name, values in (given | columns).items()
    )


def stories(found: pl.DataFrame) -> list[list[str]]:
    groups = found.sort("doc_id").group_by("story_id", maintain_order=True).agg("doc_id")
    return groups["doc_id"].to_list()


EXPECTED = [["d0", "d1", "d2"], ["d3", "d4"], ["d5"]]


def test_reports_of_one_event_are_one_story_and_look_alikes_are_not():
    docs = window(TEXTS)
    found = assign_stories(docs, docs["doc_id"])
    assert found.schema == pl.Schema(STORY_DOCUMENTS)
    assert stories(found) == EXPECTED
    assert found.filter(doc_id="d5")["score"].item() == 1
    assert set(found["at_from"]) == {"fetched"}
    assert_frame_equal(assign_stories(docs.clear(), docs["doc_id"].clear()), empty(STORY_DOCUMENTS))


def test_the_order_of_documents_does_not_matter():
    docs = window(TEXTS)
    expected = assign_stories(docs, docs["doc_id"]).sort("doc_id")
    for seed in range(5):
        shuffled = docs.sample(fraction=1, shuffle=True, seed=seed)
        assert_frame_equal(assign_stories(shuffled, docs["doc_id"]).sort("doc_id"), expected)


def test_one_by_one_comes_to_the_same_and_ids_survive():
    for seed in range(5):
        order = random.Random(seed).sample(range(len(TEXTS)), len(TEXTS))
        docs, known = window(TEXTS), {}
        for place, number in enumerate(order):
            now = docs.filter(pl.col("doc_id").is_in([f"d{n}" for n in order[: place + 1]]))
            now = now.with_columns(
                story_id=pl.Series([known.get(doc) for doc in now["doc_id"]], dtype=pl.String)
            )
            found = assign_stories(now, pl.Series([f"d{number}"]))
            known |= dict(found.select("doc_id", "story_id").iter_rows())
        assert stories(pl.DataFrame({"doc_id": list(known), "story_id": list(known.values())})) == EXPECTED


def test_documents_far_apart_in_time_are_not_one_story():
    late = MARCH + timedelta(days=40)
    for dates, fetched, expected in (
        ([MARCH, late], [MARCH, MARCH], [["d0"], ["d1"]]),
        ([MARCH, MARCH], [MARCH, late], [["d0", "d1"]]),
        ([late, None], [MARCH, MARCH], [["d0", "d1"]]),  # of the two times of ingestion, for one has no other
        ([MARCH, None], [MARCH, late], [["d0"], ["d1"]]),
    ):
        docs = window(BRIDGE[:2], published_at=dates, fetched_at=fetched)
        found = assign_stories(docs, docs["doc_id"]).sort("doc_id")
        assert stories(found) == expected
        assert found["at_from"].to_list() == ["fetched" if date is None else "published" for date in dates]


def test_stories_that_no_new_document_touches_are_left_alone():
    docs = window(TEXTS, story_id=["x", "x", "x", "y", None, "z"])
    found = assign_stories(docs, pl.Series(["d4"]))
    assert set(found["doc_id"]) == {"d3", "d4"}
    assert set(found["story_id"]) == {"y"}


def test_a_document_between_two_stories_makes_them_one():
    docs = window(TEXTS, story_id=["x", "y", None, "z", "z", "w"])
    found = assign_stories(docs, pl.Series(["d2"]))
    assert dict(found.select("doc_id", "story_id").iter_rows()) == {"d0": "x", "d1": "x", "d2": "x"}


def test_notices_on_one_template_are_of_two_events():
    notice = (
        "A magnitude {} earthquake shook the coast of {} on Monday, the seismological centre said. It struck {} km "
        "from {} at a depth of {} km. No injuries were reported, and a resident told the agency that lamps swayed."
    )
    docs = window(
        [
            notice.format(4.6, "Portugal", 31, "Vila Serena", 12),
            notice.format(5.1, "Greece", 77, "Agia Varvaki", 9),
        ]
    )
    assert stories(assign_stories(docs, docs["doc_id"])) == [["d0"], ["d1"]]


def test_similarities_are_divided_by_the_bounded_best_of_both():
    one, other = np.array([0, 0, 2]), np.array([1, 2, 3])
    similarity = np.array([0.1, 0.4, 0.9])
    best = np.array([0.4, ALONE, CLOSE, CLOSE])
    expected = np.minimum(similarity / np.sqrt(best[one] * best[other]), 1)
    assert normalise(one, other, similarity, 4).tolist() == expected.tolist()
    assert normalise(one[:0], other[:0], similarity[:0], 4).tolist() == []


@pytest.mark.parametrize(
    ("label", "old", "again", "expected"),
    [
        ([0, 0, 2], [None, None, None], [True] * 3, ["a", "a", "c"]),  # new stories: their first documents
        ([0, 0, 0], ["x", "y", "y"], [True] * 3, ["y", "y", "y"]),  # the story of most
        ([0, 1, 0], ["x", "x", "x"], [True] * 3, ["x", "b", "x"]),  # a split: the larger part keeps the story
        ([0, 1], ["x", "x"], [True, True], ["x", "b"]),  # of equal parts the first
        ([0, 1, 2], ["x", None, "y"], [False, True, False], ["x", "b", "y"]),
        ([0, 1], ["x", "x"], [False, True], ["x", "b"]),  # a story that is kept is not given away
        ([], [], [], []),
    ],
)
def test_a_story_keeps_its_name(
    label: list[int], old: list[str | None], again: list[bool], expected: list[str]
) -> None:
    assert name_stories(list("abc")[: len(label)], label, old, again) == expected
