from datetime import date
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import copydesk
from tests.transforms.dedupe.texts import story

QUAKE = (
    "A strong earthquake of magnitude 6.1 shook the island of Serrano on Monday, damaging the port of Alhama.\n"
    "Rescue crews led by Captain Elena Duarte searched collapsed warehouses in Alhama through the night."
)
AFTER = (
    "Rescuers pulled three people from collapsed warehouses in the port of Alhama after a magnitude 6.1 earthquake.\n"
    "Captain Elena Duarte said the search on Serrano would go on through the night, and warned of aftershocks."
)
COUNCIL = (
    "The council of Brackwater voted on Tuesday to sell the old library to a brewer, who plans flats in it."
)


def test_duplicates_name_the_document_to_keep_in_the_user_s_ids():
    frame = pl.DataFrame({"n": [30, 10, 20, 5], "body": [story(), story(), story(w0="other"), COUNCIL]})
    expected = pl.DataFrame(
        {
            "doc_id": [20, 30],
            "canonical_doc_id": [10, 10],
            "kind": ["near", "exact"],
            "similarity": [226 / 229, 1.0],
            "containment": [226 / 227, 1.0],
        }
    )
    found = copydesk.dedupe(frame, text="body", id="n")
    assert_frame_equal(found.sort("doc_id"), expected, rel_tol=0.02)


def test_of_equal_texts_the_smallest_id_in_its_own_order_is_kept():
    frame = pl.DataFrame({"n": [100, 9, 10], "text": [story()] * 3})
    assert copydesk.dedupe(frame, id="n")["canonical_doc_id"].to_list() == [9, 9]
    as_text = frame.with_columns(pl.col("n").cast(pl.String))
    assert copydesk.dedupe(as_text, id="n")["canonical_doc_id"].to_list() == ["10", "10"]


def test_the_earliest_published_is_kept():
    frame = pl.DataFrame({"text": [story(), story()], "day": [date(2026, 2, 2), date(2026, 2, 1)]})
    assert copydesk.dedupe(frame)["doc_id"].to_list() == [1]
    assert copydesk.dedupe(frame, published_at="day")["doc_id"].to_list() == [0]
    assert copydesk.dedupe(frame.rename({"day": "published_at"}))["doc_id"].to_list() == [0]


def test_the_order_of_rows_does_not_matter():
    frame = pl.DataFrame({"id": range(6), "text": [story(w5=word) for word in "abcabc"]})
    found = copydesk.dedupe(frame, id="id")
    assert found.height == 5
    assert_frame_equal(copydesk.dedupe(frame.reverse().lazy(), id="id"), found)


def test_null_texts_are_duplicates_of_nothing():
    assert copydesk.dedupe([None, None, story(), None]).is_empty()
    assert copydesk.dedupe([]).schema == {
        "doc_id": pl.UInt32, "canonical_doc_id": pl.UInt32, "kind": pl.String,
        "similarity": pl.Float64, "containment": pl.Float64,
    }  # fmt: skip


def test_it_decides_as_the_pipeline_does(sample_home: Path):
    with copydesk.open(sample_home) as warehouse:
        documents = warehouse.sql("SELECT doc_id, text, published_at, title, lang FROM documents")
        duplicates = warehouse.sql(
            "SELECT doc_id, canonical_doc_id, kind, similarity, containment FROM duplicates "
            "WHERE doc_id <> canonical_doc_id ORDER BY doc_id"  # copies byte for byte share a doc_id
        )
        stories = warehouse.sql("SELECT doc_id, story_id, score FROM story_documents ORDER BY doc_id")
    assert_frame_equal(copydesk.dedupe(documents), duplicates)
    articles = documents.join(duplicates, on="doc_id", how="anti")
    assert_frame_equal(copydesk.find_stories(articles).sort("doc_id"), stories)


def test_reports_of_one_event_are_a_story_named_after_its_first_document():
    frame = pl.DataFrame(
        {
            "key": ["c", "b", "a"],
            "text": [AFTER, COUNCIL, QUAKE],
            "day": [date(2026, 3, 2), None, date(2026, 3, 1)],
        }
    )
    found = copydesk.find_stories(frame, id="key", published_at="day")
    assert found.select("doc_id", "story_id").rows() == [("c", "a"), ("b", "b"), ("a", "a")]
    assert found["score"][1] == 1.0


def test_reports_of_two_months_are_two_stories():
    frame = pl.DataFrame({"text": [QUAKE, AFTER], "day": [date(2026, 1, 1), date(2026, 3, 1)]})
    assert copydesk.find_stories(frame)["story_id"].to_list() == [0, 0]
    assert copydesk.find_stories(frame, published_at="day")["story_id"].to_list() == [0, 1]


def test_a_document_without_a_text_is_in_no_story():
    assert copydesk.find_stories([None, COUNCIL])["doc_id"].to_list() == [1]
    assert copydesk.find_stories([None]).is_empty()


@pytest.mark.parametrize("function", [copydesk.dedupe, copydesk.find_stories, copydesk.tag])
def test_wrong_columns_are_named(function):
    frame = pl.DataFrame({"doc_id": [1, 1], "text": ["a", "b"]})
    with pytest.raises(ValueError, match=r"^no column 'body' for text; the frame has: doc_id, text$"):
        function(frame, text="body")
    with pytest.raises(
        ValueError, match=r"^column 'doc_id' for id holds 1 more than once; ids must be unique$"
    ):
        function(frame)
    with pytest.raises(TypeError, match=r"^column 'doc_id' for text holds Int64; strings are needed$"):
        function(frame, text="doc_id")
