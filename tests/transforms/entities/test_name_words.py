"""Words that tell what a name is: read from rows, escaped, each kind in its field."""

import re

import polars as pl
import pytest

from copydesk.transforms.entities.gazetteer import Gazetteer
from copydesk.transforms.entities.name_words import KINDS, NameWords, parse_name_words


def rows(*pairs: tuple[str | None, str]) -> pl.DataFrame:
    return pl.DataFrame(pairs, schema={"word": pl.String, "kind": pl.String}, orient="row")


def test_each_kind_goes_to_its_field_in_the_order_of_rows() -> None:
    words = parse_name_words(
        rows(("Mr", "title"), ("Bank", "group"), ("The", "no_name"), ("Dr", "title"), ("A", "no_name"))
    )
    assert words == NameWords(title="Mr|Dr", group="Bank", no_name=frozenset({"The", "A"}))


def test_a_word_is_no_pattern() -> None:
    assert parse_name_words(rows(("St.", "place"))) == NameWords(place=r"St\.")


def test_no_words_match_nothing() -> None:
    words = parse_name_words(rows())
    assert words == NameWords()
    assert not any(re.search(getattr(words, kind), "Mr Bank\n of ") for kind in KINDS if kind != "no_name")


@pytest.mark.parametrize(
    ("pair", "why"),
    [(("Mr", "titel"), "no such kind: titel; kinds are title,"), ((None, "title"), "no word")],
)
def test_a_wrong_row_is_refused(pair: tuple[str | None, str], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_name_words(rows(pair))


def test_the_seeds_have_words_of_every_kind_once(gazetteer: Gazetteer) -> None:
    for kind in KINDS:
        found = getattr(gazetteer.words, kind)
        words = sorted(found) if kind == "no_name" else found.split("|")
        assert len(words) == len(set(words)) > 10, kind
    assert {"General", "Minister"} <= set(gazetteer.words.person_title.split("|"))
    assert {"Monday", "May"} <= gazetteer.words.no_name
