import random
from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from copydesk.transforms.entities.gazetteer import Gazetteer
from copydesk.transforms.entities.gazetteer_match import match_gazetteer
from copydesk.transforms.entities.mentions import LABELS, PIECE, number_sentences, tag
from copydesk.transforms.entities.name_words import NameWords
from copydesk.transforms.entities.span_trim import trim_spans
from tests.transforms.conftest import awkward_text, cleaned_of

if TYPE_CHECKING:
    from spacy.language import Language

NEWS = "Angela Merkel met Barack Obama in Berlin on Monday, and Microsoft opened an office in Paris."
TAGGED = {
    "doc_id": pl.String,
    "start": pl.Int64,
    "end": pl.Int64,
    "surface": pl.String,
    "label": pl.String,
    "sentence": pl.Int64,
}
AWKWARD = {
    "emoji": f"😀👍🏽 {NEWS} 🇫🇷 {NEWS}",
    "ZWJ": f"👩‍👩‍👧‍👦 {NEWS}\nمی‌خواهم {NEWS}",
    "all caps": NEWS.upper(),
    "lower case": NEWS.lower(),
    "RTL": f"ראש העיר חתם היום.\n{NEWS}\nوقّع رئيس البلدية {NEWS}",
    "combining marks": f"Ange\u0301lique Kidjo\u0301 sang in Bogota\u0301.\r\n{NEWS}",
    "HTML": f"<p class='a'>{NEWS}</p>&nbsp;<a href='http://x.org/Berlin'>{NEWS}</a>",
    "line ends": f"{NEWS}\r\n{NEWS}\u2028{NEWS}\n\n\n{NEWS}\r",
    "white space": f"  \t{NEWS}\xa0\xa0{NEWS}   ",
    "noncharacter": f"\ufdd0{NEWS}\ufdd0\n{NEWS}",
    "NULs": f"\0{NEWS}\0",
    "one paragraph of 60,000": f"{NEWS} " * (60_000 // len(NEWS)),
    "one word of 60,000": "Berlin" * 10_000,
    "2,000 names": ", ".join(f"Dana Whitlock{number}" for number in range(2_000)),
    "nothing": "",
    "no letters": "12 % = 3 …\n😀",
}


@pytest.fixture(scope="session")
def tagged(model: "Language", gazetteer: Gazetteer) -> pl.DataFrame:
    """Tag all awkward texts in one frame."""
    return tag(cleaned_of(*AWKWARD.values()), model, gazetteer)


@pytest.mark.parametrize("number", range(len(AWKWARD)), ids=AWKWARD)
def test_a_mention_stands_in_the_text_where_it_says(tagged: pl.DataFrame, number: int):
    text = list(AWKWARD.values())[number]
    mentions = tagged.filter(doc_id=f"d{number:04}")
    spans = mentions.select("start", "end").rows()
    assert [text[start:end] for start, end in spans] == mentions["surface"].to_list()
    assert spans == sorted(set(spans))
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    assert ("merkel" in text.lower()) <= mentions["surface"].str.to_lowercase().str.contains("merkel").any()


def test_mentions_have_labels_and_letters(tagged: pl.DataFrame):
    assert tagged.schema == pl.Schema(TAGGED)
    assert set(tagged["label"]) <= set(LABELS)
    assert tagged["surface"].str.contains(r"\p{L}").all()
    assert tagged.null_count().transpose().sum().item() == 0


def test_who_and_where_are_found(model: "Language", gazetteer: Gazetteer):
    mentions = tag(cleaned_of(NEWS), model, gazetteer)
    assert mentions.select("surface", "label").rows() == [
        ("Angela Merkel", "PERSON"), ("Barack Obama", "PERSON"), ("Berlin", "GPE"), ("Microsoft", "ORG"),
        ("Paris", "GPE"),
    ]  # fmt: skip


def test_a_name_of_a_document_has_one_label_and_is_found_again(model: "Language", gazetteer: Gazetteer):
    text = "Dana Whitlock runs the ferry. Nobody asked Whitlock. By noon Whitlock had gone, and the Whitlock ink."
    mentions = tag(cleaned_of(text), model, gazetteer)
    assert mentions["surface"].to_list() == ["Dana Whitlock", "Whitlock", "Whitlock", "Whitlock"]
    assert set(mentions["label"]) == {"PERSON"}


def test_a_paragraph_is_tagged_the_same_wherever_documents_stand(model: "Language", gazetteer: Gazetteer):
    texts = [NEWS, f"{NEWS}\n{NEWS}", "", f"Rain fell.\n{NEWS}"]
    together = tag(cleaned_of(*texts), model, gazetteer)
    for number in range(len(texts)):
        alone = tag(cleaned_of(*texts).filter(doc_id=f"d{number:04}"), model, gazetteer)
        assert_frame_equal(together.filter(doc_id=f"d{number:04}"), alone)
    backwards = tag(cleaned_of(*texts).reverse(), model, gazetteer)
    assert_frame_equal(backwards.sort("doc_id", "start"), together)


def test_names_across_the_cut_of_a_long_paragraph_are_few_and_the_others_all_found(tagged: pl.DataFrame):
    number = list(AWKWARD).index("one paragraph of 60,000")
    n_copies, n_cuts = 60_000 // len(NEWS), 60_000 // (PIECE // 2)
    found = tagged.filter((pl.col("doc_id") == f"d{number:04}") & (pl.col("surface") == "Angela Merkel"))
    assert n_copies - n_cuts <= len(found) <= n_copies


@pytest.mark.parametrize("texts", [[], [""], ["12\n…"]], ids=["no documents", "empty", "no letters"])
def test_nothing_to_tag_no_mentions(model: "Language", gazetteer: Gazetteer, texts: list[str]):
    assert_frame_equal(tag(cleaned_of(*texts), model, gazetteer), pl.DataFrame(schema=TAGGED))


def test_another_language_is_tagged_with_its_own_model(gazetteer: Gazetteer):
    from copydesk.flows.io.spacy_models import load_model

    text = "La ministre Anne Dubois a rencontré le maire de Lyon, Paul Martin, à Paris lundi."
    mentions = tag(cleaned_of(text), load_model("fr_core_news_sm"), gazetteer)
    assert {("Anne Dubois", "PERSON"), ("Lyon", "LOC"), ("Paul Martin", "PERSON")} <= set(
        mentions.select("surface", "label").rows()
    )
    assert all(
        text[start:end] == surface
        for start, end, surface in mentions.select("start", "end", "surface").iter_rows()
    )


# ---------------------------------------------------------------- without the model


def spans_of(*surfaces: str, label: str = "ORG") -> pl.DataFrame:
    rows = [("d", 10, surface, label, True) for surface in surfaces]
    return pl.DataFrame(rows, schema=["doc_id", "start", "surface", "label", "cased"], orient="row")


@pytest.mark.parametrize(
    ("surface", "label", "start", "name"),
    [
        ("Angela Merkel's", "PERSON", 10, "Angela Merkel"),
        ("the United States", "GPE", 14, "United States"),
        ("“Reuters”", "ORG", 11, "Reuters"),
        ("Mr. Dana Whitlock", "PERSON", 14, "Dana Whitlock"),
        ("President Dana Whitlock", "PERSON", 20, "Dana Whitlock"),
        ("General Motors", "ORG", 10, "General Motors"),
        ("Bank of England (BoE)", "ORG", 10, "Bank of England (BoE)"),
        ("Dana Whitlock (Selwick", "PERSON", 10, "Dana Whitlock"),
        ("Selwick\nBY Dana", "GPE", 10, "Selwick"),
        ("U.S.", "GPE", 10, "U.S."),
    ],
)
def test_a_span_is_cut_down_to_its_name(
    gazetteer: Gazetteer, surface: str, label: str, start: int, name: str
):
    assert trim_spans(spans_of(surface, label=label), gazetteer.words).select("start", "surface").rows() == [
        (start, name)
    ]


@pytest.mark.parametrize("surface", ["Monday", "the", "Mr", "12 %", "www.x.org", "…"])
def test_what_is_no_name_goes(gazetteer: Gazetteer, surface: str):
    assert trim_spans(spans_of(surface), gazetteer.words).is_empty()


def test_without_words_only_marks_are_cut():
    surfaces = ["Mr. Dana Whitlock", "Monday", "the United States"]
    assert trim_spans(spans_of(*surfaces), NameWords())["surface"].to_list() == [
        *surfaces[:2],
        "United States",
    ]


@given(
    st.lists(st.sampled_from(["Ada", "Bo", "Ada Bo", "ada", "-", "Whit lock", "."]), max_size=20),
    st.randoms(use_true_random=False),
)
def test_found_names_do_not_overlap(words: list[str], dice: random.Random):
    text = " ".join(words)
    at, spans = 0, []
    while (at := text.find("Ada", at)) >= 0:
        if dice.random() < 0.5:
            spans.append(("d", at, "Ada", "PERSON"))
        at += 3
    frame = pl.DataFrame(
        spans,
        schema=["doc_id", "start", "surface", "label"],
        orient="row",
        schema_overrides={"doc_id": pl.String, "start": pl.Int64, "surface": pl.String, "label": pl.String},
    )
    found = match_gazetteer(
        pl.DataFrame({"doc_id": ["d"], "text": [text]}), frame, ({"Ada": [6]}, {"Ada Bo"}), frozenset()
    )
    places = found.select("start", "end").rows()
    assert all(end <= start for (_, end), (start, _) in pairwise(places))
    assert [text[start:end] for start, end in places] == found["surface"].to_list()
    assert (set(spans) and not found.is_empty()) or not spans


@given(st.lists(awkward_text, max_size=4))
def test_sentences_are_counted_from_the_first(texts: list[str]):
    documents = cleaned_of(*(f"{text} Ada. Bo!" for text in texts))
    rows = [(f"d{n:04}", 0, 1, "x", "ORG") for n in range(len(texts))]
    mentions = pl.DataFrame(
        rows, schema=list(TAGGED)[:5], orient="row", schema_overrides=dict(list(TAGGED.items())[:5])
    )
    assert number_sentences(documents, mentions)["sentence"].to_list() == [0] * len(texts)
    text = "Mr. Finch of the U.S. came. “Why?” He left.\nThe rain fell"
    places = [text.index(word) for word in ("Finch", "came", "Why", "He", "rain")]
    counted = number_sentences(
        cleaned_of(text),
        pl.DataFrame(
            [("d0000", at, at + 1, "x", "ORG") for at in places], schema=list(TAGGED)[:5], orient="row"
        ),
    )
    assert counted["sentence"].to_list() == [
        1,
        1,
        2,
        3,
        4,
    ]  # a title ends a sentence: the price of a plain rule
