import polars as pl
from polars.testing import assert_frame_equal

from copydesk.transforms.clean.in_memory import clean_batches
from copydesk.transforms.clean.stage import clean
from copydesk.transforms.contract import CLEAN, EDITS, empty
from tests.transforms.conftest import HEADLINE, PROSE, RULES_ONLY, raw_of


def test_batches_give_what_one_frame_gives():
    raw = raw_of(f"{HEADLINE}\n{PROSE[0]}", PROSE[1], f"{PROSE[1]}\nShare this article")
    found = clean_batches(lambda: raw.iter_slices(1), RULES_ONLY, has_sources=False)
    for part, whole in zip(found, clean(raw, RULES_ONLY), strict=True):
        assert_frame_equal(part, whole)


def test_lines_are_counted_over_all_batches_of_a_source():
    own = [" ".join(f"{word}{letter}" for word in PROSE[0].split()) for letter in "abcdef"]
    texts = [f"{text} {PROSE[1]}\nA house line of this paper" for text in own]
    raw = raw_of(*texts, source=["post"] * 6)
    calls = []

    def batches() -> list[pl.DataFrame]:
        calls.append(1)
        return list(raw.iter_slices(1))

    edits, _ = clean_batches(batches, RULES_ONLY, has_sources=True)
    assert edits["evidence"].drop_nulls().to_list() == [6] * 6
    assert len(calls) == 2
    edits, _ = clean_batches(batches, RULES_ONLY, has_sources=False)
    assert edits["evidence"].drop_nulls().to_list() == []
    assert len(calls) == 3


def test_nothing_is_two_empty_frames():
    for batches in ([], [raw_of()]):
        edits, documents = clean_batches(lambda batches=batches: batches, RULES_ONLY, has_sources=True)
        assert_frame_equal(edits, empty(EDITS))
        assert_frame_equal(documents, empty(CLEAN))
