"""Names of mentions within a document: one kind per name, and the longer name that a short one stands for."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from copydesk.transforms.contract import LISTED, NAMED_MENTIONS, empty
from copydesk.transforms.entities.gazetteer import Gazetteer
from copydesk.transforms.entities.named_mentions import read_mentions, vote_kinds

NAMED = {"doc_id": pl.String, "key": pl.String, "kind": pl.String}
SPANS = {
    "doc_id": pl.String,
    "start": pl.Int64,
    "end": pl.Int64,
    "surface": pl.String,
    "label": pl.String,
    "sentence": pl.Int64,
}


def kinds(*rows: tuple[str, str], listed: pl.DataFrame | None = None) -> list[str]:
    named = pl.DataFrame([("d", *row) for row in rows], schema=NAMED, orient="row")
    return vote_kinds(named, empty(LISTED) if listed is None else listed)["kind"].to_list()


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("selwick", "org"), ("selwick", "place"), ("selwick", "place")], ["place"] * 3),
        ([("selwick", "place"), ("selwick", "org")], ["org"] * 2),  # of equals the first in the alphabet
        ([("dana whitlock", "person"), ("whitlock", "org"), ("whitlock", "org")], ["person"] * 3),
        ([("dana whitlock", "person"), ("dana", "org")], ["person", "org"]),  # the surname only
        ([], []),
    ],
)
def test_a_name_has_one_kind(rows: list[tuple[str, str]], expected: list[str]) -> None:
    assert kinds(*rows) == expected


def test_a_surname_that_is_a_place_stays_one() -> None:
    listed = pl.DataFrame(
        [("london", "place", "city", "t", "London", "GB", None)], schema=LISTED, orient="row"
    )
    assert kinds(("jack london", "person"), ("london", "place"), listed=listed) == ["person", "place"]


def test_kinds_are_those_of_one_document() -> None:
    named = pl.DataFrame([("d", "x", "org"), ("e", "x", "place")], schema=NAMED, orient="row")
    assert vote_kinds(named, empty(LISTED))["kind"].to_list() == ["org", "place"]


def test_mentions_are_read_with_the_longer_names_that_they_stand_for(gazetteer: Gazetteer) -> None:
    rows = [
        ("d", 50, 58, "Whitlock", "PERSON", 1),
        ("d", 0, 16, "Mr Dana Whitlock", "PERSON", 0),
        ("d", 70, 73, "…%…", "ORG", 1),  # no name
        ("c", 0, 8, "Whitlock", "PERSON", 0),  # another document
    ]
    found = read_mentions(pl.DataFrame(rows, schema=SPANS, orient="row"), gazetteer)
    expected = [
        ("c", 0, 8, "Whitlock", "PERSON", "Whitlock", "person", "whitlock", None, None, None, 0),
        (
            "d",
            0,
            16,
            "Mr Dana Whitlock",
            "PERSON",
            "Dana Whitlock",
            "person",
            "dana whitlock",
            None,
            None,
            None,
            0,
        ),
        (
            "d",
            50,
            58,
            "Whitlock",
            "PERSON",
            "Whitlock",
            "person",
            "whitlock",
            "dana whitlock",
            "surname",
            1.0,
            1,
        ),
    ]
    assert_frame_equal(found, pl.DataFrame(expected, schema=NAMED_MENTIONS, orient="row"))
    assert_frame_equal(read_mentions(pl.DataFrame(schema=SPANS), gazetteer), empty(NAMED_MENTIONS))


def test_a_listed_name_is_no_first_words_of_another(gazetteer: Gazetteer) -> None:
    """ "Reuters" is a name of the gazetteer, and no short form of "Reuters Institute"."""
    listed = gazetteer.listed.filter(pl.col("only") == "org")["key"]
    name = next(key for key in listed if " " not in key and key.isalpha() and len(key) > 4)
    rows = [("d", 0, 30, f"{name.title()} Institute", "ORG", 0), ("d", 40, 50, name.title(), "ORG", 0)]
    found = read_mentions(pl.DataFrame(rows, schema=SPANS, orient="row"), gazetteer)
    assert found["full"].to_list() == [None, None]
