"""Bylines: names without roles, links, places and outlets."""

import polars as pl
import pytest

from copydesk.transforms.clean.bylines import BylineWords, find_names, parse_byline_words, tidy_bylines
from tests.transforms.conftest import BYLINES


def one(expression: pl.Expr, text: str) -> str | None:
    found: str | None = pl.DataFrame({"text": [text]}).select(expression).item()
    return found


@pytest.mark.parametrize(
    ("written", "names"),
    [("Ada Quill", "Ada Quill"), ("By Ada Quill, Political Editor", "Ada Quill"),
     ("Ada Quill, Staff Writer", "Ada Quill"),
     ("Ada Quill and Tom Kerr", "Ada Quill and Tom Kerr"), ("Ada Quill, Tom Kerr", "Ada Quill, Tom Kerr"),
     ("[Ada Quill](https://c.example/a)", "Ada Quill"), ("ada@post.example Ada Quill", "Ada Quill"),
     ("Ada Quill in Dunmore", "Ada Quill"), ("Ada Quill | Chief Reporter", "Ada Quill"),
     ("Jan Ost, Redakteur", "Jan Ost"),
     ("Claire Dubois (journaliste)", "Claire Dubois"), ("Piet de Vries", "Piet de Vries"),
     ("  Ada   Quill , ", "Ada Quill"),
     ("Ada Quill, Professor of Geology", "Ada Quill"), ("Иван Мостовой, корреспондент", "Иван Мостовой"),
     (" , ", None)],
)  # fmt: skip
def test_a_role_a_link_and_a_place_are_no_author(written: str, names: str | None) -> None:
    assert one(tidy_bylines(pl.col("text"), BYLINES), written) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [("By Ada Quill", "Ada Quill"), ("Ada Quill", "Ada Quill"), ("BY ADA QUILL", "ADA QUILL"),
     ("Von Jan Ost", "Jan Ost"),
     ("Автор: Иван Мостовой", "Иван Мостовой"), ("记者：林清", "林清"), ("By Ada Quill, Political Editor", "Ada Quill"),
     ("Northern Post", None), ("The Daily Courier", None), ("World", None), ("four captains queued", None),
     ("Harbour festival", None), ("", None), ("Breaking News", None), ("Tekst: Kari Nordmann", "Kari Nordmann")],
)  # fmt: skip
def test_a_text_is_a_name_or_none(text: str, names: str | None) -> None:
    assert one(find_names(pl.col("text"), BYLINES), text) == names


def test_words_are_lists_of_texts() -> None:
    assert parse_byline_words('by = ["by"]\nroles = ["editor"]') == BylineWords(("by",), ("editor",), ())
    assert parse_byline_words("") == BylineWords()
    for wrong in ("by = [1]", "by = 3", "by ="):
        with pytest.raises((ValueError, TypeError)):
            parse_byline_words(wrong)


def test_without_words_names_stay_as_they_are() -> None:
    assert one(tidy_bylines(pl.col("text"), BylineWords()), "Ada Quill, Editor") == "Ada Quill, Editor"
