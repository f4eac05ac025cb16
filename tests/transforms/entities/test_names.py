"""Names of mentions: the printed name, the folded key and the class."""

from unicodedata import normalize

import polars as pl
import pytest
from hypothesis import assume, given
from polars.testing import assert_frame_equal

from copydesk.transforms.entities.gazetteer import Gazetteer
from copydesk.transforms.entities.names import CLASSES, Affixes, fold, name_mentions, strip_legal_form
from tests.transforms.conftest import awkward_text

AFFIXES = Affixes(titles="mr|dr|president", honours="pope|queen", legal_forms="inc|corp|plc")


def folded(name: str) -> str:
    return pl.select(fold(pl.lit(name))).item()


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Selwick", "selwick"),
        ("The Hague", "hague"),
        ("Bogota\u0301", "bogota"),
        ("Łódź", "lodz"),
        ("Straße", "strasse"),
        ("O’Brien-Smith", "obrien smith"),
        ("U.S.", "us"),
        ("U.S.A.", "usa"),
        ("Marks & Spencer", "marks and spencer"),
        ("  Dana \n Whitlock ", "dana whitlock"),
        ("…", ""),
        ("漢字", "漢字"),
    ],
)
def test_a_name_is_folded(name: str, key: str) -> None:
    assert folded(name) == key


@given(awkward_text)
def test_folding_twice_is_folding_once_but_for_articles(text: str) -> None:
    # Compatibility forms of capitals, such as ™ or 𝕬, become capitals when they are decomposed.
    assume(normalize("NFKD", text.lower()) == normalize("NFKD", text.lower()).lower())
    once = folded(text)
    assert once == once.strip()
    assert folded(once) in (once, once.removeprefix("the "))


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("hoechst celanese corp", "hoechst celanese"),
        ("smith and co inc", "smith and co"),
        ("corp", "corp"),
        ("a inc", "a inc"),
    ],
)
def test_a_legal_form_is_removed_from_the_end(key: str, expected: str) -> None:
    assert pl.select(strip_legal_form(pl.lit(key), AFFIXES)).item() == expected


def test_mentions_get_kind_name_and_key() -> None:
    rows = [
        ("Mr. Dana Whitlock’s", "PERSON", "person", "Dana Whitlock", "dana whitlock"),
        ("Whitlock, Dana", "PERSON", "person", "Dana Whitlock", "dana whitlock"),
        ("Pope Francis", "PERSON", "person", "Pope Francis", "pope francis"),  # one word would remain
        ("Queen Mary Ann", "PERSON", "person", "Mary Ann", "mary ann"),
        ("Danylenkosaid", "PERSON", "person", "Danylenko", "danylenko"),
        ("the Harbour Board Inc.", "ORG", "org", "Harbour Board Inc.", "harbour board"),
        ("China-based", "GPE", "place", "China", "china"),
        ("Olympics", "EVENT", "thing", "Olympics", "olympics"),
        ("…", "ORG", "org", "", ""),
    ]
    mentions = pl.DataFrame([row[:2] for row in rows], schema=["surface", "label"], orient="row")
    mentions = mentions.with_columns(start=pl.int_range(pl.len()))
    expected = pl.DataFrame(rows, schema=["surface", "label", "kind", "name", "key"], orient="row")
    found = name_mentions(mentions, AFFIXES)
    assert_frame_equal(found.select(expected.columns), expected)
    assert found["start"].to_list() == list(range(len(rows)))
    assert name_mentions(mentions.clear(), AFFIXES).is_empty()


def test_the_titles_of_the_seeds_are_cut(gazetteer: Gazetteer) -> None:
    mentions = pl.DataFrame({"surface": ["Foreign Minister Dana Whitlock"], "label": ["PERSON"]})
    assert name_mentions(mentions, gazetteer.affixes)["name"].item() == "Dana Whitlock"


def test_every_class_is_one_that_names_are_compared_in() -> None:
    assert set(CLASSES.values()) == {"person", "org", "place"}
