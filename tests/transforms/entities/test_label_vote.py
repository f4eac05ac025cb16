"""The vote on the kind of a name: evidence of all its mentions, and the weighted sum."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from copydesk.transforms.entities.gazetteer import Gazetteer
from copydesk.transforms.entities.gazetteer_match import FOUND
from copydesk.transforms.entities.label_vote import (
    EVIDENCE,
    KINDS,
    gather_evidence,
    list_labels,
    name_key,
    vote,
)
from tests.transforms.conftest import NAME_WORDS

KEYS = {"doc_id": pl.String, "key": pl.String}


def found(*rows: tuple[str, str | None, str, str], doc_id: str = "d") -> pl.DataFrame:
    """Return mentions: surface, label, before, after."""
    full = [(doc_id, at, at + len(row[0]), *row) for at, row in enumerate(rows)]
    return pl.DataFrame(full, schema=FOUND, orient="row")


def evidence_of(mentions: pl.DataFrame, listed: dict[str, str] | None = None) -> dict[str, dict[str, float]]:
    """Return the evidence of each name that is not 0, by key."""
    rows = gather_evidence(mentions, listed or {}, NAME_WORDS).to_dicts()
    return {row["key"]: {name: row[name] for name in EVIDENCE if row[name]} for row in rows}


@pytest.mark.parametrize(
    ("surface", "key"), [("U.S.", "us"), ("Dana\n Whitlock", "dana whitlock"), ("NATO", "nato")]
)
def test_the_key_of_a_name_within_its_document(surface: str, key: str) -> None:
    assert pl.select(name_key(pl.lit(surface))).item() == key


def test_labels_of_the_gazetteer_by_key() -> None:
    expected = pl.DataFrame({"listed": ["ORG", "CITY"], "key": ["us", "paris"]})
    assert_frame_equal(
        list_labels({"U.S": "GPE", "U.S.": "ORG", "Paris": "CITY"}), expected
    )  # the last counts


def test_evidence_is_the_share_of_mentions() -> None:
    found_ = found(
        ("Whitlock", "PERSON", "Mr ", " said"),
        ("Whitlock", "ORG", "in ", ""),
        ("Whitlock", None, "the ", "’s"),
        ("WHITLOCK", "PERSON", "of ", ", who"),
    )
    assert evidence_of(found_) == {
        "whitlock": {
            "model_person": 0.5,
            "model_group": 0.25,
            "after_title": 0.25,
            "after_in": 0.25,
            "after_of": 0.25,
            "after_the": 0.25,
            "before_said": 0.5,
            "before_possessive": 0.25,
            "one_word": 1.0,
        }
    }


@pytest.mark.parametrize(
    ("surface", "listed", "looks"),
    [
        ("NATO", {}, {"one_word", "acronym"}),
        ("SELWICK NEWS", {}, {"capitals", "group_word", "group_ending"}),
        ("Bank of Selwick", {}, {"lower_word", "group_word"}),
        ("Selwick Bank", {}, {"group_word", "group_ending"}),
        ("Bank", {}, {"one_word"}),  # words of several only
        ("Selwick River", {}, {"place_word"}),
        ("Harbour Games", {}, {"plural", "other_word"}),
        ("Selwick", {"Selwick": "CITY"}, {"one_word", "listed_city"}),
        ("Selwick", {"Selwick": "LOC"}, {"one_word", "listed_place"}),
    ],
)
def test_what_a_name_looks_like(surface: str, listed: dict[str, str], looks: set[str]) -> None:
    (names,) = evidence_of(found((surface, None, "", "")), listed).values()
    assert names == dict.fromkeys(looks, 1.0)


def test_related_names_of_the_document_count() -> None:
    mentions = found(
        ("Dana Whitlock", "PERSON", "", ""),
        ("Whitlock", "ORG", "", ""),
        ("Dana", None, "", ""),
        ("Tom Whitlock", "ORG", "", ""),
    )
    names = evidence_of(mentions)
    assert names["whitlock"]["surname_of_person"] == 1.0
    assert names["dana"]["given_name_of_person"] == 1.0
    assert "surname_is_person" not in names["tom whitlock"]
    other = pl.concat([mentions.head(1), found(("Whitlock", "ORG", "", ""), doc_id="e")])
    assert "surname_of_person" not in evidence_of(other.filter(doc_id="e"))["whitlock"]


def test_no_mentions_have_no_evidence(gazetteer: Gazetteer) -> None:
    nothing = gather_evidence(found(), {}, NAME_WORDS)
    assert nothing.columns == ["doc_id", "key", *EVIDENCE]
    assert vote(nothing, gazetteer.weights).is_empty()


def weights(**rows: tuple[float, ...]) -> pl.DataFrame:
    """Return weights by evidence: person, group, place, other, none; `always` is the first row."""
    table = [
        ("always", *rows.pop("always", (0.0,) * len(KINDS))),
        *((name, *row) for name, row in rows.items()),
    ]
    return pl.DataFrame(table, schema=["evidence", *KINDS], orient="row")


def evidence(**values: float) -> pl.DataFrame:
    return pl.DataFrame(
        {"doc_id": ["d"], "key": ["x"], **dict.fromkeys(EVIDENCE, 0.0)} | {k: [v] for k, v in values.items()}
    )


@pytest.mark.parametrize(
    ("values", "table", "kind"),
    [
        ({}, weights(always=(0, 0, 1, 0, 0)), "place"),
        ({}, weights(), "person"),  # of equals the first
        ({"acronym": 1.0}, weights(always=(0, 0, 1, 0, 0), acronym=(0, 2, 0, 0, 0)), "group"),
        ({"acronym": 0.4}, weights(always=(0, 0, 1, 0, 0), acronym=(0, 2, 0, 0, 0)), "place"),
        ({"acronym": 1.0}, weights(acronym=(-1, -1, -1, -1, 0.5)), "none"),
        (
            {"listed_group": 1.0},
            weights(always=(9, 0, 0, 0, 0)),
            "group",
        ),  # several words: the gazetteer decides
        ({"listed_group": 1.0, "one_word": 1.0}, weights(always=(9, 0, 0, 0, 0)), "person"),
    ],
)
def test_the_kind_with_the_highest_sum_is_taken(values: dict, table: pl.DataFrame, kind: str) -> None:
    expected = pl.DataFrame({"doc_id": ["d"], "key": ["x"], "kind": [kind]})
    assert_frame_equal(vote(evidence(**values), table), expected)


def test_the_weights_of_the_seeds_have_a_row_for_all_evidence(gazetteer: Gazetteer) -> None:
    assert gazetteer.weights["evidence"].to_list() == ["always", *EVIDENCE]
    assert set(KINDS) <= set(gazetteer.weights.columns)
