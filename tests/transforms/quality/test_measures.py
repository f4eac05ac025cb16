import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from copydesk.transforms.clean.stage import clean
from copydesk.transforms.contract import CLEAN, DUPLICATES, EDITS, MENTIONS, RAW, empty
from copydesk.transforms.quality.measures import (
    clean_measures,
    dedupe_measures,
    ingest_measures,
    tag_measures,
)
from tests.transforms.conftest import RULES_ONLY, awkward_text, cleaned_of, raw_of


def record(text: str | None = None, fault: str | None = None, size: int = 10) -> dict[str, object]:
    columns = {
        "uri": ["a.txt"],
        "record": [2],
        "fault": [fault],
        "record_start": [5],
        "record_end": [5 + size],
    }
    raw = raw_of(text or "", **columns).with_columns(raw_text=pl.lit(text, pl.String))
    return ingest_measures(raw).row(0, named=True)


def test_a_record_that_is_text_is_measured_as_text():
    assert record("Caf\uefe9 3\n–") == {
        "doc_id": "d0000",
        "uri": "a.txt",
        "record": 2,
        "source": None,
        "stamp": None,
        "place": "a.txt#2",
        "has_reader": True,
        "is_small_enough": True,
        "is_readable": True,
        "n_bytes": 10,
        "is_text": True,
        "n_letters": 4,
        "n_chars": 8,
        "stray_share": 1 / 8,
    }


@pytest.mark.parametrize(
    ("fault", "has_reader", "is_readable", "is_text", "n_bytes", "n_chars"),
    [
        ("no reader", False, True, None, None, None),
        ("unreadable: gone", True, False, None, None, None),
        ("too long", True, True, None, None, None),
        ("not text in any known encoding", True, True, False, 10, None),
    ],
)
def test_a_fault_fails_its_own_measure_and_leaves_the_others_unsaid(
    fault: str,
    has_reader: bool,
    is_readable: bool,
    is_text: bool | None,
    n_bytes: int | None,
    n_chars: int | None,
):
    measured = record(None, fault)
    assert (measured["has_reader"], measured["is_readable"], measured["is_text"]) == (
        has_reader,
        is_readable,
        is_text,
    )
    assert (measured["n_bytes"], measured["n_chars"]) == (n_bytes, n_chars)
    assert (measured["n_letters"], measured["stray_share"]) == (None, None)


def test_an_empty_text_is_text_without_letters():
    measured = record("", size=0)
    assert (measured["is_text"], measured["n_letters"], measured["n_chars"], measured["n_bytes"]) == (
        True,
        0,
        0,
        0,
    )
    assert measured["stray_share"] == 0.0


@settings(max_examples=10)
@given(st.lists(awkward_text, min_size=1, max_size=5))
def test_nothing_is_unaccounted_for_after_cleaning(texts: list[str]):
    raw = raw_of(*texts)
    edits, documents = clean(raw, RULES_ONLY)
    measured = clean_measures(raw, edits, documents).sort("doc_id")
    assert measured["unaccounted"].to_list() == [0] * len(texts)
    assert measured["n_edits"].sum() == len(edits)


def test_what_edits_do_not_explain_is_unaccounted_for():
    raw = raw_of("abcdef", "abc", "é😀")
    edits = pl.DataFrame(
        [("d0000", 1, 3, "r", "x", 1.0, None), ("d0000", 4, 5, "r", "", 1.0, 7)], schema=EDITS, orient="row"
    )
    documents = cleaned_of("axdf", "ab", "é😀", lang=["en", None, "fr"], kept_share=[0.5, 1.0, 1.0], n_words=[1, 1, 1],
                           lang_confidence=[0.9, 0.0, 0.5], article_score=[0.9, None, 0.5],
                           is_listing=[False, True, False])  # fmt: skip
    expected = {
        "doc_id": ["d0000", "d0001", "d0002"],
        "n_words": [1, 1, 1],
        "kept_share": [0.5, 1.0, 1.0],
        "article_score": [0.9, None, 0.5],
        "lang": ["en", None, "fr"],
        "lang_confidence": [0.9, 0.0, 0.5],
        "is_listing": [0, 1, 0],
        "has_title": [False, False, False],
        "lost_per_1000": [0.0, 0.0, 0.0],
        "n_edits": [2, 0, 0],
        "has_plausible_date": [True, True, True],
        "has_language": [1, 0, 1],
        "unaccounted": [0, 1, 0],
    }
    measured = clean_measures(raw, edits, documents).drop("source", "stamp")
    assert_frame_equal(measured, pl.DataFrame(expected), check_row_order=False, check_dtypes=False)


@pytest.mark.parametrize(
    ("text", "per_1000"),
    [
        ("Is it? Yes, it is.", 0),
        ("Read it at example.org/a?b=c or ask?", 0),
        ("caf\ufffds", 2.5),
        ("The caf?s of La Ca?ada", 2000 / 400),
        ("", 0),
    ],
)
def test_lost_characters_are_counted_and_questions_are_not(text: str, per_1000: float):
    raw = raw_of(text)
    measured = clean_measures(raw, empty(EDITS), cleaned_of(text))
    assert measured["lost_per_1000"].to_list() == [pytest.approx(per_1000)]


def test_the_evidence_of_a_duplicate_is_the_larger_containment():
    rows = [
        ("b", "a", "exact", 1.0, 1.0, 1.0, 1, 1),
        ("c", "a", "contained", 0.3, 0.95, 0.3, 3, 1),
        ("d", "c", "near", 0.7, 0.8, 0.85, 4, 3),
    ]
    duplicates = pl.DataFrame(rows, schema=DUPLICATES, orient="row")
    expected = {
        "doc_id": ["b", "c", "d"],
        "similarity": [1.0, 0.3, 0.7],
        "evidence": [1.0, 0.95, 0.85],
        "canonical_is_merged": [False, False, True],
    }
    assert_frame_equal(dedupe_measures(duplicates), pl.DataFrame(expected))


def test_a_mention_that_does_not_stand_where_it_says_is_misplaced():
    documents = pl.DataFrame({"doc_id": ["a", "b", "c"], "text": ["😀 Ada met Bo", "Ada", "…"]})
    rows = [("a", 2, 5, "Ada"), ("a", 10, 12, "Bo"), ("b", 1, 4, "Ada")]
    nothing = {name: pl.lit(None) for name in MENTIONS if name not in ("doc_id", "start", "end", "surface")}
    mentions = pl.DataFrame(rows, schema=["doc_id", "start", "end", "surface"], orient="row").with_columns(
        **nothing
    )
    expected = {
        "doc_id": ["a", "b", "c"],
        "n_mentions": [2, 1, 0],
        "n_misplaced": [0, 1, 0],
        "n_untyped": [2, 1, 0],
        "mentions_per_100_words": [200 / 3, 100.0, 0.0],
    }
    measured = tag_measures(documents, mentions)
    assert_frame_equal(measured, pl.DataFrame(expected), check_row_order=False, check_dtypes=False)


def test_no_rows_are_measured_as_no_rows():
    assert ingest_measures(empty(RAW)).is_empty()
    assert clean_measures(empty(RAW), empty(EDITS), empty(CLEAN)).is_empty()
    assert dedupe_measures(empty(DUPLICATES)).is_empty()
    assert tag_measures(empty(CLEAN), empty(MENTIONS)).is_empty()
