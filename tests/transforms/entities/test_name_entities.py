"""The entity of each distinct name: by gazetteer, spelling, or what short names stand for in other documents."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from copydesk.transforms.contract import ALIASES, NAME_ENTITIES, NAMES, STAND_INS, empty
from copydesk.transforms.entities.gazetteer import Gazetteer
from copydesk.transforms.entities.name_entities import KIND, SHARE, WITH_LONG_FORM, assign_entities

type Name = tuple[str, str, int]


def assigned(
    gazetteer: Gazetteer,
    names: list[Name],
    stand_ins: list[tuple] | None = None,
    aliases: pl.DataFrame | None = None,
) -> dict[tuple[str, str], tuple[str, str]]:
    """Return target and resolved_by of each (kind, key); names are (kind, key, n_documents)."""
    frame = pl.DataFrame(
        [(kind, key, key, n, key, "X", None, None, None) for kind, key, n in names],
        schema=NAMES,
        orient="row",
    )
    evidence = pl.DataFrame(stand_ins or [], schema=STAND_INS, orient="row")
    found = assign_entities(frame, evidence, empty(ALIASES) if aliases is None else aliases, gazetteer)
    assert found.columns == list(NAME_ENTITIES)
    assert found.select("kind", "key").rows() == sorted((kind, key) for kind, key, _ in names)
    assert found["score"].is_between(0, 1).all()
    return {(row["kind"], row["key"]): (row["target"], row["resolved_by"]) for row in found.to_dicts()}


def test_no_names_have_no_entities(gazetteer: Gazetteer) -> None:
    found = assign_entities(empty(NAMES), empty(STAND_INS), empty(ALIASES), gazetteer)
    assert_frame_equal(found, empty(NAME_ENTITIES))


def test_listed_names_precede_spellings(gazetteer: Gazetteer) -> None:
    found = assigned(gazetteer, [("place", "france", 1), ("place", "french", 1), ("place", "selwick", 1)])
    assert found == {
        ("place", "france"): ("place =FR", "country"),
        ("place", "french"): ("place =FR", "demonym"),
        ("place", "selwick"): ("place selwick", "exact"),
    }


def test_persons_are_resolved_by_spelling_and_others_are_not(gazetteer: Gazetteer) -> None:
    names = [
        ("person", "sergey shoigu", 1),
        ("person", "sergei shoigu", 9),
        ("org", "ost", 1),
        ("org", "ust", 1),
    ]
    found = assigned(gazetteer, names)
    targets = {found["person", key][0] for key in ("sergey shoigu", "sergei shoigu")}
    assert len(targets) == 1
    assert {found["person", key][1] for key in ("sergey shoigu", "sergei shoigu")} == {"exact", "spelling"}
    assert found["org", "ost"][0] != found["org", "ust"][0]


@pytest.mark.parametrize(("n_person", "n_org", "is_one"), [(8, 2, True), (7, 3, False), (1, 9, True)])
def test_a_name_that_is_mostly_a_persons_or_mostly_none_has_one_kind(
    gazetteer: Gazetteer, n_person: int, n_org: int, is_one: bool
) -> None:
    assert KIND == 0.8
    found = assigned(gazetteer, [("person", "quorfin", n_person), ("org", "quorfin", n_org)])
    assert (found["person", "quorfin"][0] == found["org", "quorfin"][0]) is is_one
    assert ("label" in {by for _, by in found.values()}) is is_one


def test_a_full_name_with_a_given_name_is_a_persons_wherever_it_is_labelled(gazetteer: Gazetteer) -> None:
    found = assigned(gazetteer, [("person", "sergei quorfin", 1), ("org", "sergei quorfin", 9)])
    assert found["org", "sergei quorfin"] == (found["person", "sergei quorfin"][0], "label")


@pytest.mark.parametrize(
    ("stand_ins", "n", "follows"),
    [
        ([("dana whitlock", 7), ("tom whitlock", 3)], 10, True),  # SHARE of the documents with a long form
        ([("dana whitlock", 6), ("tom whitlock", 4)], 10, False),
        ([("dana whitlock", 5)], 10, True),  # half of all documents have a long form
        ([("dana whitlock", 4)], 10, False),
    ],
)
def test_a_surname_belongs_to_the_person_that_it_mostly_stands_for(
    gazetteer: Gazetteer, stand_ins: list[tuple[str, int]], n: int, follows: bool
) -> None:
    assert (SHARE, WITH_LONG_FORM["person"]) == (0.7, 0.5)
    names = [("person", "whitlock", n), *(("person", full, 1) for full in ("dana whitlock", "tom whitlock"))]
    rows = [("person", "whitlock", full, "surname", count) for full, count in stand_ins]
    found = assigned(gazetteer, names, rows)
    target = found["person", "dana whitlock"][0] if follows else "person whitlock"
    assert found["person", "whitlock"] == (target, "surname" if follows else "exact")


def test_a_given_name_is_never_resolved_by_other_documents(gazetteer: Gazetteer) -> None:
    names = [("person", "quorfin", 1), ("person", "quorfin whitlock", 1)]
    found = assigned(gazetteer, names, [("person", "quorfin", "quorfin whitlock", "given", 1)])
    assert found["person", "quorfin"][1] == "exact"


def test_the_user_takes_precedence(gazetteer: Gazetteer) -> None:
    aliases = pl.DataFrame([("France", "Selwick", "GPE", "Q1", False)], schema=ALIASES, orient="row")
    found = assigned(gazetteer, [("place", "france", 5), ("place", "selwick", 1)], aliases=aliases)
    assert found == {
        ("place", "france"): ("place selwick", "alias"),
        ("place", "selwick"): ("place selwick", "alias"),
    }
