"""Known names: the seed tables as one list, and the user's alias rules."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from copydesk.transforms.contract import ALIASES, LISTED, NAME_ENTITIES, empty
from copydesk.transforms.entities.known_names import apply_aliases, list_names, look_up, match_aliases
from copydesk.transforms.entities.names import Affixes

AFFIXES = Affixes(titles="mr", honours="pope", legal_forms="inc")
NAMES = {"kind": pl.String, "key": pl.String}
TABLES = {
    "countries": pl.DataFrame(
        {"code": ["GE", "FR"], "name": ["Georgia", "France"], "wikidata": ["Q230", "Q142"]}
    ),
    "country_aliases": pl.DataFrame(
        {
            "alias": ["Georgia", "Georgian", "France", "French", "French Republic"],
            "code": ["GE", "GE", "FR", "FR", "FR"],
            "kind": ["name", "demonym", "name", "demonym", "name"],
        }
    ),
    "regions": pl.DataFrame(
        {
            "name": ["Balkans"],
            "aliases": ["the Balkan|Balkan Peninsula"],
            "code": [None],
            "kb_id": ["Q23522"],
        },
        schema_overrides={"code": pl.String},
    ),
    "organisations": pl.DataFrame(
        {"name": ["Paris"], "aliases": [None], "code": [None], "kb_id": ["Q1"]},
        schema_overrides={"code": pl.String, "aliases": pl.String},
    ),
    "cities": pl.DataFrame(
        {"name": ["Paris", "Georgia"], "code": ["FR", "US"], "geonames": ["2988507", "4197000"]}
    ),
}


def test_the_tables_are_one_list_in_which_countries_precede_cities() -> None:
    found = list_names(TABLES, AFFIXES)
    expected = [
        ("balkan", "place", "place", "place =balkans", "Balkans", None, "Q23522"),
        ("balkan peninsula", "place", "place", "place =balkans", "Balkans", None, "Q23522"),
        ("balkans", "place", "place", "place =balkans", "Balkans", None, "Q23522"),
        ("france", "place", "country", "place =FR", "France", "FR", "Q142"),
        ("french", "place", "demonym", "place =FR", "France", "FR", "Q142"),
        ("french republic", "place", "country", "place =FR", "France", "FR", "Q142"),
        ("georgia", "place", "country", "place =GE", "Georgia", "GE", "Q230"),
        ("georgian", "place", "demonym", "place =GE", "Georgia", "GE", "Q230"),
        ("paris", "org", "known", "org =paris", "Paris", None, "Q1"),
        ("paris", "place", "city", "place =city 2988507", "Paris", "FR", "geonames:2988507"),
    ]
    assert_frame_equal(found.sort("key", "only"), pl.DataFrame(expected, schema=LISTED, orient="row"))


@pytest.mark.parametrize(
    ("kind", "key", "target"),
    [
        ("place", "france", "place =FR"),
        ("org", "france", None),  # a team
        ("org", "french republic", "place =FR"),  # a formal name is a state whatever the label
        ("org", "paris", "org =paris"),
        ("place", "paris", "place =city 2988507"),
        ("person", "paris", None),
        ("place", "selwick", None),
    ],
)
def test_a_name_is_looked_up_within_its_kind(kind: str, key: str, target: str | None) -> None:
    found = look_up(pl.DataFrame([(kind, key)], schema=NAMES, orient="row"), list_names(TABLES, AFFIXES))
    assert found["target"].to_list() == ([] if target is None else [target])
    assert found.columns == list(NAME_ENTITIES)
    assert set(found["resolved_by"]) <= {"country", "city", "known"}


def rules(*rows: tuple[str, str, str | None, str | None, bool]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=ALIASES, orient="row")


def test_a_rule_without_a_label_is_for_every_kind_that_has_the_alias() -> None:
    names = pl.DataFrame(
        [("org", "acme"), ("thing", "acme"), ("org", "acme works")], schema=NAMES, orient="row"
    )
    found = match_aliases(names, rules(("ACME Inc", "Acme Works", None, "Q9", False)), AFFIXES)
    expected = [
        ("org", "acme", "acme works", "Acme Works", "Q9", False),
        ("org", "acme works", "acme works", "Acme Works", "Q9", False),  # the name itself gets the kb_id
        ("thing", "acme", "acme works", "Acme Works", "Q9", False),
    ]
    schema = {**NAMES, "goal": pl.String, "name": pl.String, "kb_id": pl.String, "apart": pl.Boolean}
    assert_frame_equal(found.sort("kind", "key"), pl.DataFrame(expected, schema=schema, orient="row"))


def test_a_rule_with_a_label_is_for_its_kind_even_if_no_text_has_the_alias() -> None:
    found = match_aliases(pl.DataFrame(schema=NAMES), rules(("X", "Y", "PERSON", None, False)), AFFIXES)
    assert found.select("kind", "key", "goal").sort("key").rows() == [
        ("person", "x", "y"),
        ("person", "y", "y"),
    ]


def test_the_first_rule_of_an_alias_counts() -> None:
    both = rules(("X", "Y", "PERSON", None, False), ("X", "Z", "PERSON", None, False))
    found = match_aliases(pl.DataFrame(schema=NAMES), both, AFFIXES)
    assert dict(found.select("key", "goal").iter_rows())["x"] == "y"


def base(*rows: tuple[str, str, str, str]) -> pl.DataFrame:
    """Return NAME_ENTITIES of kind, key, target, resolved_by."""
    full = [(*row, 1.0, None, None, "Q7" if row[1] == "goal" else None) for row in rows]
    return pl.DataFrame(full, schema=NAME_ENTITIES, orient="row")


def test_an_alias_and_its_spellings_belong_to_the_entity_of_the_name() -> None:
    names = base(
        ("person", "alias", "person a", "exact"),
        ("person", "aliass", "person a", "spelling"),
        ("person", "goal", "person g", "exact"),
        ("person", "other", "person o", "exact"),
    )
    matched = match_aliases(
        names.select("kind", "key"), rules(("Alias", "Goal", "PERSON", None, False)), AFFIXES
    )
    found = apply_aliases(names, matched).sort("key")
    assert found.select("key", "target", "resolved_by", "printed", "kb_id").rows() == [
        ("alias", "person g", "alias", "Goal", "Q7"),
        ("aliass", "person g", "alias", "Goal", "Q7"),
        ("goal", "person g", "alias", "Goal", "Q7"),
        ("other", "person o", "exact", None, None),
    ]
    assert found.columns == list(NAME_ENTITIES)


def test_a_split_makes_a_separate_entity_without_codes() -> None:
    names = base(("person", "goal", "person g", "exact"), ("person", "alias", "person g", "spelling"))
    matched = match_aliases(
        names.select("kind", "key"), rules(("Alias", "Alias", "PERSON", None, True)), AFFIXES
    )
    found = apply_aliases(names, matched).sort("key")
    assert found.select("key", "target", "kb_id").rows() == [
        ("alias", "person =alias", None),
        ("goal", "person g", "Q7"),
    ]


def test_without_rules_nothing_changes() -> None:
    names = base(("person", "a", "person a", "exact"))
    assert_frame_equal(
        apply_aliases(names, match_aliases(names.select("kind", "key"), empty(ALIASES), AFFIXES)), names
    )
