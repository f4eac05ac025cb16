"""Mentions, names and entities: what joins them."""

import polars as pl

from copydesk.transforms.contract import (
    ALIASES,
    ENTITIES,
    LISTED,
    MENTIONS,
    NAME_ENTITIES,
    NAMED_MENTIONS,
    NAMES,
    STAND_INS,
)
from copydesk.transforms.entities.gazetteer import Gazetteer


def same(names: tuple[str, ...], *schemas: dict) -> bool:
    """Say whether all of the schemas have the columns, each of one type."""
    return all(
        {name: schema.get(name) for name in names} == {name: schemas[0][name] for name in names}
        for schema in schemas
    )


def test_a_name_is_its_kind_and_its_key_everywhere():
    assert same(("kind", "key"), MENTIONS, NAMED_MENTIONS, NAMES, STAND_INS, NAME_ENTITIES)
    assert NAMED_MENTIONS["full"] == STAND_INS["full"] == NAMES["key"]
    assert MENTIONS["own_key"] == NAMES["key"]
    assert LISTED["only"] == NAMES["kind"]


def test_a_mention_is_a_span_whose_columns_stay_from_stage_to_stage():
    assert same(("doc_id", "start", "end", "surface", "label", "sentence"), MENTIONS, NAMED_MENTIONS)
    assert MENTIONS["start"] == MENTIONS["end"] == pl.Int64


def test_an_entity_keeps_what_is_known_of_it_from_the_list_to_the_table():
    assert same(("target", "printed", "country_code", "kb_id"), LISTED, NAME_ENTITIES)
    assert same(("country_code", "kb_id"), NAME_ENTITIES, ENTITIES)
    assert same(("entity_id", "label"), MENTIONS, NAMES, ENTITIES)
    assert same(("resolved_by", "score"), MENTIONS, NAMES, NAME_ENTITIES)
    assert ALIASES["kb_id"] == ENTITIES["kb_id"]


def test_listed_names_are_of_this_schema(gazetteer: Gazetteer):
    assert gazetteer.listed.schema == LISTED
    assert gazetteer.listed.select("key", "rule", "target").null_count().row(0) == (0, 0, 0)
