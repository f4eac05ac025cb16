"""Affected names: those that new mentions can change, and no others."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.transforms.contract import NAMES, STAND_INS
from copydesk.transforms.entities.affected_names import add_blocks, find_affected
from copydesk.transforms.entities.gazetteer import Gazetteer


def names(*rows: tuple[str, str, str | None]) -> pl.DataFrame:
    """Return NAMES of kind, key, block."""
    full = [(kind, key, block, 1, key, "X", None, None, None) for kind, key, block in rows]
    return pl.DataFrame(full, schema=NAMES, orient="row")


def evidence(*rows: tuple[str, str]) -> pl.DataFrame:
    """Return STAND_INS of persons: key, full."""
    full = [("person", key, long, "surname", 1) for key, long in rows]
    return pl.DataFrame(full, schema=STAND_INS, orient="row")


def affected(known: pl.DataFrame, stand_ins: pl.DataFrame, *new: tuple[str, str]) -> set[str]:
    keys = pl.DataFrame(new, schema={"kind": pl.String, "key": pl.String}, orient="row")
    found = find_affected(known, stand_ins, keys)
    assert found.columns == known.columns
    assert found.select("kind", "key").is_unique().all()
    return set(found["key"])


def test_new_names_get_their_block_and_old_ones_keep_theirs(gazetteer: Gazetteer) -> None:
    found = add_blocks(
        names(("person", "sergey shoigu", None), ("person", "x", "kept"), ("org", "harbour board", None)),
        gazetteer.spellings,
    )
    assert found["block"].to_list() == [
        gazetteer.spellings.person_key("sergei shoigu"),
        "kept",
        "harbour board",
    ]
    assert add_blocks(names(), gazetteer.spellings).is_empty()


KNOWN = names(
    ("person", "a", "1"),
    ("person", "b", "1"),
    ("org", "a", "a"),
    ("person", "c", "2"),
    ("person", "d", "2"),
    ("person", "e", "3"),
    ("person", "f", "4"),
)


@pytest.mark.parametrize(
    ("stand_ins", "new", "expected"),
    [
        ([], ("person", "a"), {"a", "b"}),  # its block, and its key in other kinds
        ([], ("person", "e"), {"e"}),
        ([], ("person", "unknown"), set()),
        ([("c", "a")], ("person", "a"), {"a", "b", "c", "d"}),  # who stands for it, with their block
        ([("a", "e")], ("person", "a"), {"a", "b", "e"}),  # what it stands for
        ([("c", "a"), ("d", "e")], ("person", "a"), {"a", "b", "c", "d", "e"}),  # and what those stand for
        ([("e", "f")], ("person", "a"), {"a", "b"}),
    ],
)
def test_names_near_a_new_one(stand_ins: list, new: tuple[str, str], expected: set[str]) -> None:
    assert affected(KNOWN, evidence(*stand_ins), new) == expected


pairs = st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=6)


@settings(max_examples=60)
@given(pairs, st.lists(st.sampled_from("abcdef"), min_size=1, max_size=3, unique=True))
def test_more_new_names_never_affect_fewer(stand_ins: list, new: list[str]) -> None:
    every = affected(KNOWN, evidence(*stand_ins), *(("person", key) for key in new))
    each = [affected(KNOWN, evidence(*stand_ins), ("person", key)) for key in new]
    assert set().union(*each) <= every
    assert set(new) <= every
