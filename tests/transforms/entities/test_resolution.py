"""Entity resolution: across documents, in any order and any runs; the user's rules take precedence."""

import random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from copydesk.transforms.contract import ALIASES, ENTITIES, MENTIONS, NAMES, STAND_INS, empty
from copydesk.transforms.entities.gazetteer import Gazetteer
from copydesk.transforms.entities.named_mentions import read_mentions
from copydesk.transforms.entities.resolution import Resolved, resolve_mentions

NOTHING = empty(NAMES), empty(STAND_INS)
type Doc = list[tuple[str, str]]


def mentions_of(*documents: Doc) -> pl.DataFrame:
    """Return mentions, ten characters apart, from surface and label; documents are d0, d1 and so on."""
    rows = [
        (f"d{n}", 100 * at, 100 * at + len(surface), surface, label, at)
        for n, doc in enumerate(documents)
        for at, (surface, label) in enumerate(doc)
    ]
    schema = {
        "doc_id": pl.String,
        "start": pl.Int64,
        "end": pl.Int64,
        "surface": pl.String,
        "label": pl.String,
    }
    return pl.DataFrame(rows, schema=schema | {"sentence": pl.Int64}, orient="row")


def resolved(gazetteer: Gazetteer, *documents: Doc, aliases: pl.DataFrame | None = None) -> Resolved:
    read = read_mentions(mentions_of(*documents), gazetteer)
    return resolve_mentions(
        read, *NOTHING, empty(ALIASES) if aliases is None else aliases, gazetteer, all_names=True
    )


def named(found: Resolved) -> list[tuple[str, str]]:
    """Return the name of the entity of each mention, and how it was found."""
    both = found.mentions.join(found.entities, on="entity_id", how="left").sort("doc_id", "start")
    return both.select("name", "resolved_by").rows()


def people(*surfaces: str) -> Doc:
    return [(surface, "PERSON") for surface in surfaces]


def test_within_a_document_a_short_name_goes_to_the_longer_one(gazetteer: Gazetteer):
    doc = [
        *people("Dana Whitlock", "Whitlock", "Dana", "Ms Whitlock"),
        ("Selwick Harbour Board", "ORG"),
        ("SHB", "ORG"),
    ]
    assert named(resolved(gazetteer, doc)) == [
        ("Dana Whitlock", "exact"),
        ("Dana Whitlock", "surname"),
        ("Dana Whitlock", "given"),
        ("Dana Whitlock", "surname"),
        ("Selwick Harbour Board", "exact"),
        ("Selwick Harbour Board", "acronym"),
    ]


def test_two_people_of_one_surname_stay_two_and_the_nearest_before_counts(gazetteer: Gazetteer):
    doc = people("Dana Whitlock", "Whitlock", "Tom Whitlock", "Whitlock")
    assert [name for name, _ in named(resolved(gazetteer, doc))] == [
        "Dana Whitlock", "Dana Whitlock", "Tom Whitlock", "Tom Whitlock",
    ]  # fmt: skip


def test_across_documents_spellings_are_one(gazetteer: Gazetteer):
    found = resolved(
        gazetteer,
        people("Sergey Shoigu"),
        people("Sergei Shoigu’s"),
        people("Volodymyr Zelenskyy"),
        people("Vladimir Zelensky", "Zelensky"),
    )
    assert found.mentions["entity_id"].n_unique() == 2
    assert named(found) == [
        ("Sergei Shoigu", "spelling"),
        ("Sergei Shoigu", "possessive"),
        ("Vladimir Zelensky", "spelling"),
        ("Vladimir Zelensky", "exact"),
        ("Vladimir Zelensky", "surname"),
    ]


def test_countries_and_their_people_have_codes(gazetteer: Gazetteer):
    found = resolved(
        gazetteer,
        [
            ("Russia", "GPE"),
            ("Russian", "NORP"),
            ("the U.K.", "GPE"),
            ("S. Korea", "GPE"),
            ("Minsk", "GPE"),
            ("Korea", "GPE"),
        ],
    )
    both = found.mentions.join(found.entities, on="entity_id").sort("start")
    assert both.select("country_code", "resolved_by").rows() == [
        ("RU", "country"), ("RU", "demonym"), ("GB", "country"), ("KR", "country"), ("BY", "city"), (None, "place"),
    ]  # fmt: skip
    assert both["kb_id"].to_list()[:2] == ["Q159", "Q159"]


@pytest.mark.parametrize(
    "surface",
    ["Dana Whitlockcalled", "Dana Whitlock's", "Dana Whitlock’s", "DANA WHITLOCK", "Mr Dana Whitlock"],
)
def test_what_clings_to_a_name_is_no_part_of_it(gazetteer: Gazetteer, surface: str):
    found = resolved(gazetteer, people("Dana Whitlock"), people(surface))
    assert found.mentions["entity_id"].n_unique() == 1
    assert found.entities["name"].to_list() == ["Dana Whitlock"]


def test_the_user_wins_over_everything(gazetteer: Gazetteer):
    rows = [
        ("Whitlock", "Tom Whitlock", "PERSON", "Q1", False),
        ("Russia", "Russian Empire", None, None, True),
    ]
    aliases = pl.DataFrame(rows, schema=ALIASES, orient="row")
    found = resolved(
        gazetteer,
        [*people("Dana Whitlock", "Whitlock", "Tom Whitlock"), ("Russia", "GPE"), ("Russian", "NORP")],
        aliases=aliases,
    )
    assert [name for name, _ in named(found)] == [
        "Dana Whitlock",
        "Tom Whitlock",
        "Tom Whitlock",
        "Russian Empire",
        "Russia",
    ]
    assert found.entities.filter(name="Tom Whitlock")["kb_id"].to_list() == ["Q1"]


surfaces = st.sampled_from(
    [
        ("Dana Whitlock", "PERSON"),
        ("Whitlock", "PERSON"),
        ("Tom Whitlock", "PERSON"),
        ("Sergey Shoigu", "PERSON"),
        ("Sergei Shoigu", "PERSON"),
        ("Shoigu", "ORG"),
        ("Selwick", "GPE"),
        ("Selwick Harbour Board", "ORG"),
        ("SHB", "ORG"),
        ("Russian", "NORP"),
        ("Russia", "GPE"),
        ("the", "ORG"),
        ("Zelenskiy", "PERSON"),
        ("Volodymyr Zelensky", "PERSON"),
    ]
)
corpora = st.lists(st.lists(surfaces, max_size=6), max_size=6)


@settings(max_examples=40)
@given(corpora, st.randoms(use_true_random=False), st.integers(1, 4))
def test_entities_depend_neither_on_order_nor_on_runs(
    gazetteer: Gazetteer, documents: list[Doc], dice: random.Random, n_runs: int
):
    mentions = mentions_of(*documents)
    at_once = resolved(gazetteer, *documents)
    assert at_once.mentions.schema == pl.Schema(MENTIONS)
    assert at_once.entities.schema == pl.Schema(ENTITIES)
    ids = [f"d{n}" for n in range(len(documents))]
    dice.shuffle(ids)
    (names, stand_ins), read = NOTHING, []
    for run in range(n_runs):
        part = read_mentions(mentions.filter(pl.col("doc_id").is_in(ids[run::n_runs])), gazetteer)
        found = resolve_mentions(part, names, stand_ins, empty(ALIASES), gazetteer, all_names=False)
        names = pl.concat([found.names, names.join(found.names, on=["kind", "key"], how="anti")])
        stand_ins = (
            pl.concat([stand_ins, found.stand_ins])
            .group_by("kind", "key", "full", "rule")
            .agg(pl.col("n_documents").sum())
        )
        read.append(found.mentions)
    meant = (
        pl.concat([empty(MENTIONS), *read])
        .drop("entity_id")
        .join(names.select("kind", "key", "entity_id"), on=["kind", "key"])
    )
    columns = ["doc_id", "start", "entity_id"]
    assert_frame_equal(
        meant.select(columns).sort("doc_id", "start"),
        at_once.mentions.select(columns).sort("doc_id", "start"),
    )


def test_a_name_that_means_another_entity_since_is_a_move(gazetteer: Gazetteer):
    first = resolved(gazetteer, people("Danylenko"))
    read = read_mentions(mentions_of(*[people("Serhiy Danylenko", "Danylenko")] * 3), gazetteer)
    later = resolve_mentions(read, first.names, first.stand_ins, empty(ALIASES), gazetteer, all_names=False)
    assert later.moves.rows() == [(first.names["entity_id"].item(), later.mentions["entity_id"][0])]
