import random
from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.transforms.conftest import awkward_text, cleaned_of
from transforms.contract import ENTITIES, MENTIONS, empty
from transforms.tag import LABELS, PIECE, name_entities, tag

if TYPE_CHECKING:
    from spacy.language import Language

NEWS = "Angela Merkel met Barack Obama in Berlin on Monday, and Microsoft opened an office in Paris."
KNOWN = {"entity_id": pl.String, "label": pl.String, "name": pl.String}
AWKWARD = {
    "emoji": f"😀👍🏽 {NEWS} 🇫🇷 {NEWS}",
    "ZWJ": f"👩‍👩‍👧‍👦 {NEWS}\nمی‌خواهم {NEWS}",
    "all caps": NEWS.upper(),
    "RTL": f"ראש העיר חתם היום.\n{NEWS}\nوقّع رئيس البلدية {NEWS}",
    "combining marks": f"Ange\u0301lique Kidjo\u0301 sang in Bogota\u0301.\r\n{NEWS}",
    "line ends": f"{NEWS}\r\n{NEWS}\u2028{NEWS}\n\n\n{NEWS}\r",
    "white space": f"  \t{NEWS}\xa0\xa0{NEWS}   ",
    "noncharacter": f"\ufdd0{NEWS}\ufdd0\n{NEWS}",
    "NULs": f"\0{NEWS}\0",
    "one paragraph of 60,000": f"{NEWS} " * (60_000 // len(NEWS)),
    "one word of 60,000": "Berlin" * 10_000,
    "nothing": "",
    "no letters": "12 % = 3 …\n😀",
}


@pytest.fixture(scope="session")
def tagged(model: "Language") -> pl.DataFrame:
    """Tag all awkward texts in one frame."""
    return tag(cleaned_of(*AWKWARD.values()), model)


@pytest.mark.parametrize("number", range(len(AWKWARD)), ids=AWKWARD)
def test_a_mention_stands_in_the_text_where_it_says(tagged: pl.DataFrame, number: int):
    text = list(AWKWARD.values())[number]
    mentions = tagged.filter(doc_id=f"d{number:04}")
    spans = mentions.select("start", "end").rows()
    assert [text[start:end] for start, end in spans] == mentions["surface"].to_list()
    assert spans == sorted(set(spans))
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    assert ("merkel" in text.lower()) <= mentions["surface"].str.to_lowercase().str.contains("merkel").any()


def test_mentions_have_names_labels_and_ids(tagged: pl.DataFrame):
    assert tagged.schema == pl.Schema(MENTIONS)
    assert set(tagged["label"]) <= set(LABELS)
    assert tagged["surface"].str.contains(r"[\p{L}\p{N}]").all()
    assert tagged.null_count().transpose().sum().item() == 0
    assert tagged["entity_id"].str.contains("^[0-9a-f]{16}$").all()


def test_who_and_where_are_found(model: "Language"):
    mentions = tag(cleaned_of(NEWS), model)
    assert mentions.select("surface", "label").rows() == [
        ("Angela Merkel", "PERSON"), ("Barack Obama", "PERSON"), ("Berlin", "GPE"), ("Microsoft", "ORG"),
        ("Paris", "GPE"),
    ]  # fmt: skip


def test_a_paragraph_is_tagged_the_same_wherever_it_stands(model: "Language"):
    texts = [NEWS, f"{NEWS}\n{NEWS}", f"12\n\n{NEWS}"]
    together = tag(cleaned_of(*texts), model)
    alone = tag(cleaned_of(NEWS), model)
    for number, starts in enumerate([[0], [0, len(NEWS) + 1], [4]]):
        expected = pl.concat(
            alone.with_columns(pl.col("start", "end") + start, doc_id=pl.lit(f"d{number:04}"))
            for start in starts
        )
        assert_frame_equal(together.filter(doc_id=f"d{number:04}"), expected)
    backwards = tag(cleaned_of(*texts).reverse(), model)
    assert_frame_equal(backwards.sort("doc_id", "start"), together.sort("doc_id", "start"))


def test_names_across_the_cut_of_a_long_paragraph_are_few_and_the_others_all_found(tagged: pl.DataFrame):
    number = list(AWKWARD).index("one paragraph of 60,000")
    n_copies, n_cuts = 60_000 // len(NEWS), 60_000 // (PIECE // 2)
    found = tagged.filter((pl.col("doc_id") == f"d{number:04}") & (pl.col("surface") == "Angela Merkel"))
    assert n_copies - n_cuts <= len(found) <= n_copies


@pytest.mark.parametrize("texts", [[], [""], ["12\n…"]], ids=["no documents", "empty", "no letters"])
def test_nothing_to_tag_no_mentions(model: "Language", texts: list[str]):
    assert_frame_equal(tag(cleaned_of(*texts), model), empty(MENTIONS))


# ---------------------------------------------------------------- entities, without the model


def mentions_of(*surfaces: str, label: str = "ORG", entity_id: str = "e1") -> pl.DataFrame:
    rows = [("d", 0, 0, surface, label, entity_id, "surface", 1.0) for surface in surfaces]
    return pl.DataFrame(rows, schema=MENTIONS, orient="row")


def name_of(*surfaces: str, known: tuple[str, ...] = ()) -> str:
    before = pl.DataFrame([("e1", "ORG", name) for name in known], schema=KNOWN, orient="row")
    return name_entities(mentions_of(*surfaces), before)["name"].item()


@pytest.mark.parametrize(
    ("surface", "name"),
    [
        ("Angela Merkel's", "Angela Merkel"),
        ("Angela Merkel’s", "Angela Merkel"),
        ("the United States", "United States"),
        ("The\n United  States’", "United States"),
        ("THE UNITED STATES'S", "UNITED STATES"),
        ("“Reuters”", "Reuters"),
        ("U.S.", "U.S."),
        ("Theodor", "Theodor"),
        ("The", "The"),
        ("Bank of England (BoE)", "Bank of England (BoE)"),
        ("- Reuters -", "Reuters"),
    ],
)
def test_a_name_has_no_possessive_and_no_leading_article(surface: str, name: str):
    assert name_of(surface) == name


@pytest.mark.parametrize("surface", ["Merkel's", "Merkel’s", "MERKEL’S", "the Merkel", "MERKEL", "Merkel,"])
def test_mentions_of_one_name_have_one_id(surface: str):
    assert _id("Merkel") == _id(surface)
    assert _id("Merkel") != _id("Merkels")
    assert _id("Merkel") != _id("Merkel", label="ORG")


def _id(surface: str, label: str = "PERSON") -> str:
    class Entity:
        start_char, text, label_ = 0, surface, label

    class Model:
        @staticmethod
        def pipe(texts, **_):
            return [type("Document", (), {"ents": [Entity]}) for _ in texts]

    return tag(cleaned_of(surface), Model())["entity_id"].item()


@pytest.mark.parametrize("surfaces", [("MERKEL", "Merkel", "merkel"), ("merkel", "MERKEL", "Merkel")])
def test_the_best_name_is_in_mixed_case(surfaces: tuple[str, ...]):
    assert name_of(*surfaces) == "Merkel"
    assert name_of(*surfaces[:2], known=surfaces[2:]) == "Merkel"
    assert name_of("NATO", "Nato") == "NATO"  # short names in capitals are not shouted


surfaces = st.lists(
    st.tuples(st.sampled_from(["Merkel", "MERKEL", "the Merkel's", "merkel", "Bo", "B", "NATO", "Nato"]) | awkward_text,
              st.sampled_from(["e1", "e2", "e3"])), max_size=10
)  # fmt: skip


@given(surfaces, st.randoms(use_true_random=False), st.integers(0, 10))
def test_names_depend_neither_on_order_nor_on_batches(
    rows: list[tuple[str, str]], dice: random.Random, cut: int
):
    def mentions(some: list[tuple[str, str]]) -> pl.DataFrame:
        return pl.concat([empty(MENTIONS), *(mentions_of(surface, entity_id=key) for surface, key in some)])

    nothing = pl.DataFrame(schema=KNOWN)
    at_once = name_entities(mentions(rows), nothing)
    shuffled = dice.sample(rows, len(rows))
    first = name_entities(mentions(shuffled[:cut]), nothing)
    second = name_entities(mentions(shuffled[cut:]), first.select(KNOWN.keys()))
    in_turn = pl.concat([second, first.join(second, on="entity_id", how="anti")]).sort("entity_id")
    assert_frame_equal(name_entities(mentions(shuffled), nothing), at_once)
    assert_frame_equal(in_turn, at_once)
    assert at_once.schema == pl.Schema(ENTITIES)
    assert not at_once["entity_id"].is_duplicated().any()
