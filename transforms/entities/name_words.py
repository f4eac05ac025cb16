"""Words that tell what a name is, and what beside it is no part of it (seeds/entities/name_words.csv)."""

import re
from dataclasses import dataclass

import polars as pl

#: A pattern that matches nothing, for a list without words.
_NOTHING = r"\b\B"
#: The kinds of words, which are the fields of NameWords.
KINDS = ("title", "person_title", "before_person", "month", "group", "place", "other", "no_name")


@dataclass(frozen=True)
class NameWords:
    """Alternatives of a regular expression, one field per kind of word; `no_name` is the words themselves.

    title: titles that are never part of a name; person_title: titles that organisations are named after too (General
    Motors); before_person: other words in front of a person; month: beginnings of months, where a date follows a
    name; group, place, other: words in names of that kind; no_name: capitalised words that are no name alone.
    """

    title: str = _NOTHING
    person_title: str = _NOTHING
    before_person: str = _NOTHING
    month: str = _NOTHING
    group: str = _NOTHING
    place: str = _NOTHING
    other: str = _NOTHING
    no_name: frozenset[str] = frozenset()


def parse_name_words(rows: pl.DataFrame) -> NameWords:
    """Build NameWords from rows with word and kind (one of KINDS). Raises ValueError for another kind or no word."""
    if wrong := sorted({str(kind) for kind in rows["kind"]} - {*KINDS}):
        raise ValueError(f"name_words: no such kind: {', '.join(wrong)}; kinds are {', '.join(KINDS)}")
    if rows["word"].is_null().any():
        raise ValueError("name_words: a row has no word")
    lists = {kind: rows.filter(kind=kind)["word"].to_list() for kind in KINDS}
    no_name = frozenset(lists.pop("no_name"))
    return NameWords(
        **{kind: "|".join(map(re.escape, words)) or _NOTHING for kind, words in lists.items()},
        no_name=no_name,
    )
