from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import copydesk
from copydesk.flows.api import frames
from copydesk.transforms.contract import CLEAN, EDITS
from tests.transforms.conftest import HEADLINE, PROSE

ARTICLE = "\n".join([HEADLINE, *PROSE])
FRAME = pl.DataFrame({"id": ["b", "a", "c"], "body": [f"{ARTICLE}\nShare this article", None, ARTICLE]})


def rebuild(text: str, edits: pl.DataFrame) -> str:
    """Return `text` after its edits, each applied as it is written down."""
    for start, end, replacement in edits.sort("start", "end", descending=True)[
        "start", "end", "replacement"
    ].rows():
        text = text[:start] + replacement + text[end:]
    return text


def test_there_is_a_document_per_row_and_every_edit_fits_the_given_text():
    documents, edits = copydesk.clean(FRAME, text="body", id="id")
    assert documents["doc_id"].to_list() == ["b", "a", "c"]
    assert documents["text"].to_list() == ["\n".join(PROSE), None, "\n".join(PROSE)]
    assert documents["title"].to_list() == [HEADLINE, None, HEADLINE]
    for doc_id, text in zip(*FRAME["id", "body"], strict=True):
        if text is not None:
            cleaned = documents.filter(doc_id=doc_id)["text"].item()
            assert rebuild(text, edits.filter(doc_id=doc_id)) == cleaned
    assert "share_widget" in edits.filter(doc_id="b")["rule"].to_list()


def test_frames_have_the_contract_s_columns_with_ids_of_the_user_s_type():
    numbered = FRAME.with_columns(id=pl.Series([30, 10, 20], dtype=pl.Int16))
    documents, edits = copydesk.clean(numbered, text="body", id="id")
    assert documents.schema == CLEAN | {"doc_id": pl.Int16}
    assert edits.schema == EDITS | {"doc_id": pl.Int16}
    assert numbered.join(documents, left_on="id", right_on="doc_id").height == 3


def test_a_null_text_has_nulls_and_no_edits():
    documents, edits = copydesk.clean(
        FRAME.with_columns(url=pl.lit("https://a.example/x")), text="body", id="id", url="url"
    )
    assert documents.row(1) == ("a", *[None] * (len(CLEAN) - 1))
    assert "a" not in edits["doc_id"]


@pytest.mark.parametrize(
    "empty", [[], [None], pl.DataFrame({"text": []}), pl.LazyFrame({"text": ["x"]}).filter(False)]
)
def test_nothing_to_clean_gives_frames_of_the_same_columns(empty: frames.Frame):
    documents, edits = copydesk.clean(empty)
    assert documents.drop("doc_id").schema == {name: CLEAN[name] for name in CLEAN if name != "doc_id"}
    assert edits.is_empty()
    assert documents.null_count().drop("doc_id").row(0) == (len(documents),) * (len(CLEAN) - 1)


def test_without_an_id_documents_join_by_the_row_s_number():
    documents, edits = copydesk.clean(FRAME["body"])
    assert_frame_equal(
        FRAME.with_row_index("doc_id").join(documents, on="doc_id").select("doc_id", "text"),
        documents.select("doc_id", "text"),
    )
    assert edits["doc_id"].unique().sort().to_list() == [0, 2]


def test_lazy_frames_in_batches_give_what_the_frame_gives(monkeypatch: pytest.MonkeyPatch):
    lines = [f"Prose number {number} of the coast desk" for number in range(6)]
    texts = [
        f"{HEADLINE}\n{PROSE[0]} {line} {PROSE[1]} {line}\nFollow the coast desk on every channel"
        for line in lines
    ]
    frame = pl.DataFrame({"text": texts, "outlet": ["coast"] * 6})
    whole = copydesk.clean(frame, source="outlet")
    monkeypatch.setattr(frames, "BATCH", 4)
    for table in (frame, frame.lazy()):
        for found, expected in zip(copydesk.clean(table, source="outlet"), whole, strict=True):
            assert_frame_equal(found, expected)


def test_the_lines_that_a_source_repeats_are_found_over_all_batches(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(frames, "BATCH", 3)
    own = [" ".join(f"{word}{letter}" for word in PROSE[0].split()) + " " + PROSE[1] for letter in "abcdef"]
    texts = [f"{HEADLINE}\n{text}\n{text[::-1].title()}.\nA house line of this paper" for text in own]
    frame = pl.DataFrame({"text": texts, "url": [f"https://www.coast.example/{n}" for n in range(6)]})
    with_source = copydesk.clean(frame, url="url")
    assert with_source.documents["source"].unique().to_list() == ["coast.example"]
    assert with_source.documents["url"].to_list() == frame["url"].to_list()
    assert with_source.edits["evidence"].max() == 6
    assert copydesk.clean(frame).edits["evidence"].max() is None


def test_pages_are_read_as_html_where_told():
    page = (
        f"<html><head><title>{HEADLINE}</title></head><body><p>{PROSE[0]}</p><p>{PROSE[1]}</p></body></html>"
    )
    assert copydesk.clean([page], html=True).documents["text"].to_list() == ["\n".join(PROSE)]
    mixed = pl.DataFrame({"text": [page, ARTICLE], "is_page": [True, None]})
    assert copydesk.clean(mixed, html="is_page").documents["text"].to_list() == ["\n".join(PROSE)] * 2
    assert "<p>" in copydesk.clean([page]).documents["text"].item()


def test_what_a_document_comes_with_is_kept():
    frame = pl.DataFrame(
        {
            "text": [PROSE[0]],
            "outlet": ["Post"],
            "head": ["A head"],
            "day": [date(2026, 11, 3)],
            "at": ["http://b.example:80/1"],
        }
    )
    found = copydesk.clean(frame, source="outlet", title="head", published_at="day", url="at").documents
    columns = ("source", "title", "published_at", "published_from", "url")
    expected = ("Post", "A head", datetime(2026, 11, 3, tzinfo=UTC), "file", "http://b.example:80/1")
    assert found.select(columns).row(0) == expected


def test_it_cleans_as_the_pipeline_does(sample_home: Path):
    with copydesk.open(sample_home) as warehouse:
        raw = warehouse.sql(
            "SELECT DISTINCT ON (doc_id) doc_id, raw_text, source FROM raw_documents "
            "WHERE doc_id IN (SELECT doc_id FROM documents) ORDER BY doc_id, uri"
        )
        documents = warehouse.sql("SELECT * FROM documents ORDER BY doc_id")
        edits = warehouse.sql("FROM edits WHERE doc_id IN (SELECT doc_id FROM documents)")
    cleaned = copydesk.clean(raw, text="raw_text", source="source", id="doc_id")
    same = [name for name in CLEAN if name in documents.columns]
    assert {"text", "title", "byline", "published_at", "lang", "kept_share"} < set(same)
    assert_frame_equal(cleaned.documents.select(same), documents.select(same))
    columns = ["doc_id", "start", "end", "rule", "replacement", "score"]
    assert_frame_equal(cleaned.edits.select(columns), edits.select(columns), check_row_order=False)
