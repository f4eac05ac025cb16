"""Matching names in texts: where they begin, what they may replace, and what is no name of its own."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from copydesk.transforms.entities.gazetteer_match import AFTER, BEFORE, FOUND, index_names, match_gazetteer
from tests.transforms.conftest import NAME_WORDS

SPANS = {"doc_id": pl.String, "start": pl.Int64, "surface": pl.String, "label": pl.String}


def match(text: str, *listed: str, spans: tuple[tuple[str, str], ...] = ()) -> list[tuple[str, str | None]]:
    """Return surface and label of what is found in one text; spans are (surface, label), at their first occurrence."""
    rows = [("d", text.index(surface), surface, label) for surface, label in spans]
    documents = pl.DataFrame({"doc_id": ["d"], "text": [text]})
    found = match_gazetteer(
        documents, pl.DataFrame(rows, schema=SPANS, orient="row"), index_names(listed), NAME_WORDS.no_name
    )
    assert [text[start:end] for start, end in found.select("start", "end").rows()] == found[
        "surface"
    ].to_list()
    return found.select("surface", "label").rows()


def test_the_index_has_lengths_by_first_word_longest_first() -> None:
    lengths, names = index_names(["Ada", "Ada Bo", "Ada Bo Cy", "lower", "Élan vital"])
    assert lengths == {"Ada": [9, 6, 3], "Élan": [10]}
    assert names == {"Ada", "Ada Bo", "Ada Bo Cy", "Élan vital"}
    assert index_names([]) == ({}, set())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Selwick Harbour is old", ["Selwick Harbour"]),  # the longest
        ("In Selwick, and Selwick", ["Selwick", "Selwick"]),
        ("Selwick-based and pro-Selwick", []),  # parts of compounds
        ("www.x.org/Selwick or @Selwick", []),  # parts of addresses
        ("Selwicks and selwick", []),
        ("Selwick's end", ["Selwick"]),
        ("Selwick-", ["Selwick"]),
        ("", []),
    ],
)
def test_listed_names_are_matched_as_whole_words(text: str, expected: list[str]) -> None:
    assert match(text, "Selwick", "Selwick Harbour") == [(name, None) for name in expected]


def test_a_recognised_name_is_matched_again_in_its_document() -> None:
    found = match("Dana Whitlock left. Then Dana Whitlock came.", spans=(("Dana Whitlock", "PERSON"),))
    assert found == [("Dana Whitlock", "PERSON"), ("Dana Whitlock", None)]


def test_a_word_that_the_text_also_writes_in_lower_case_is_not_matched_again() -> None:
    assert match("Rose came. A rose fell. Rose left.", spans=(("Rose", "PERSON"),)) == [("Rose", "PERSON")]
    assert match("Rose came. Rose left.", spans=(("Rose", "PERSON"),)) == [("Rose", "PERSON"), ("Rose", None)]


def test_a_longer_match_replaces_the_spans_that_it_covers_and_no_others() -> None:
    assert match("New York Times", "New York Times", spans=(("York", "GPE"),)) == [("New York Times", None)]
    assert match("New York Times", "York", spans=(("New York Times", "ORG"),)) == [("New York Times", "ORG")]
    assert match("New York Times", "New York", spans=(("York Times", "ORG"),)) == [("York Times", "ORG")]
    assert match("New York", "New York", spans=(("New York", "GPE"),)) == [("New York", "GPE")]


def test_whole_rows_with_what_is_around() -> None:
    text = "x" * 40 + " Selwick " + "y" * 40
    found = match_gazetteer(
        pl.DataFrame({"doc_id": ["d", "e"], "text": [text, "nothing"]}),
        pl.DataFrame(schema=SPANS),
        index_names(["Selwick"]),
        NAME_WORDS.no_name,
    )
    row = ("d", 41, 48, "Selwick", None, text[41 - BEFORE : 41], text[48 : 48 + AFTER])
    assert_frame_equal(found, pl.DataFrame([row], schema=FOUND, orient="row"))
