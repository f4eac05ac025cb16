"""Spellings: which names are one person, whatever came first."""

import random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.transforms.entities.gazetteer import Gazetteer
from copydesk.transforms.entities.sounds import to_consonants
from copydesk.transforms.entities.spellings import list_given_names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("volodymyr zelenskyy", "vladimir zelensky"),
        ("volodimir zelenski", "volodymyr zelenskiy"),
        ("sergey shoigu", "sergei shoigu"),
        ("viktor khrenin", "victor jrenin"),
        ("aleksandr lukashenko", "alexander lukashenko"),
        ("muammar gaddafi", "moammar kadhafi"),
        ("mohammed hassan", "muhammad hasan"),
        ("dmitry medvedev", "dmitri medvedev"),
        ("zelenskiy", "zelensky"),
    ],
)
def test_spellings_of_one_person_are_one(gazetteer: Gazetteer, one: str, other: str):
    found = gazetteer.spellings.cluster([one, other])
    assert found[one][0] == found[other][0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("john martin", "john morton"),
        ("filin", "fillon"),
        ("george w bush", "george h w bush"),
        ("anna petrova", "anton petrov"),
        ("ivan petrov", "ivan petrova"),
        ("frank miller", "fred miller"),
        ("sergei ivanov", "sergei sidorov"),
        ("putin", "putin vladimir"),
    ],
)
def test_other_persons_stay_apart(gazetteer: Gazetteer, one: str, other: str):
    found = gazetteer.spellings.cluster([one, other])
    assert found[one][0] != found[other][0]


words = st.text("abcdeghijklnorstuvyz", min_size=1, max_size=9)


@given(st.lists(st.tuples(words, words).map(" ".join), max_size=8), st.randoms(use_true_random=False))
def test_clusters_depend_on_the_set_of_names_alone(
    gazetteer: Gazetteer, names: list[str], dice: random.Random
):
    found = gazetteer.spellings.cluster(names)
    assert gazetteer.spellings.cluster(dice.sample(names, len(names)) + names) == found
    assert all(0 < score <= 1 and centre in names for _, centre, score in found.values())


def test_given_names_are_read_by_class() -> None:
    table = pl.DataFrame(
        {
            "origin": ["slavic", "arabic", "western"],
            "western": ["victor", None, None],
            "names": ["viktor|victor", "muhammad|mohammed", "john|johann"],
        }
    )
    found = list_given_names(table)
    assert found.classes == {
        **dict.fromkeys(("viktor", "victor"), "viktor"),
        **dict.fromkeys(("muhammad", "mohammed"), "muhammad"),
        **dict.fromkeys(("john", "johann"), "john"),
    }
    assert found.eastern == {"viktor", "muhammad", "mohammed"}
    assert found.person_key("victor hugo") == "viktor " + to_consonants("hugo")
    assert found.person_key("mohammed") == "- muhammad"


@pytest.mark.parametrize(
    ("name", "is_eastern"),
    [
        ("ivan petrov", True),
        ("sergei miller", True),
        ("john miller", False),
        ("danylenko", True),
        ("miller", False),
    ],
)
def test_a_name_is_eastern_by_its_given_name_or_ending(
    gazetteer: Gazetteer, name: str, is_eastern: bool
) -> None:
    assert gazetteer.spellings.is_eastern(name) is is_eastern


@given(st.tuples(words, words).map(" ".join), st.tuples(words, words).map(" ".join))
def test_the_similarity_is_symmetric_and_one_of_equals(gazetteer: Gazetteer, one: str, other: str) -> None:
    similarity = gazetteer.spellings.similarity
    assert similarity(one, other) == similarity(other, one)
    assert 0 <= similarity(one, other) <= 1
    assert similarity(one, one) == 1
