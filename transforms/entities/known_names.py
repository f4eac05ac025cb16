"""Look up names in the seed tables of countries, regions, organisations and cities, and in the user's alias rules.

The country table is built by benchmarks/countries.py from the public-domain country codes and a hand-written list. A
capital is never taken for its country.
"""

import polars as pl

from copydesk.transforms.contract import LISTED, conform
from copydesk.transforms.entities.names import CLASSES, Affixes, fold, strip_legal_form

NAME = ["kind", "key"]
#: Formal names of states are states whatever the label ("Russian Federation" is often tagged ORG).
_FORMAL = r"\b(?:republic|federation|kingdom|emirates|union of)\b"


def list_names(tables: dict[str, pl.DataFrame], affixes: Affixes) -> pl.DataFrame:
    """Return the LISTED names of the tables of seeds/entities (by table name), one row per key and kind.

    The name of a country takes precedence over a demonym, and both over a city.
    """
    countries = (
        tables["country_aliases"]
        .join(tables["countries"], on="code")
        .select(
            *("alias", "name", "code"),
            only=pl.lit("place"),
            rule=pl.col("kind").replace("name", "country"),
            kb_id="wikidata",
            own="code",
        )
    )
    regions, world = (
        _spread(tables[name]).with_columns(only=pl.lit(only), rule=pl.lit(rule), own=fold(pl.col("name")))
        for name, only, rule in (("regions", "place", "place"), ("organisations", "org", "known"))
    )
    cities = tables["cities"].select(
        *("name", "code"),
        alias="name",
        only=pl.lit("place"),
        rule=pl.lit("city"),
        kb_id="geonames:" + pl.col("geonames"),
        own="city " + pl.col("geonames"),
    )
    order = {"demonym": 1, "city": 2}
    names = (
        pl.concat([regions, countries, world, cities], how="diagonal")
        .with_columns(key=strip_legal_form(fold(pl.col("alias")), affixes))
        .sort(pl.col("rule").replace_strict(order, default=0), maintain_order=True)
        .unique(["key", "only"], keep="first", maintain_order=True)
    )
    target = pl.col("only") + " =" + pl.col("own")
    return conform(names.with_columns(target=target, printed="name", country_code="code"), LISTED)


def _spread(table: pl.DataFrame) -> pl.DataFrame:
    alias = pl.concat_str("name", "aliases", separator="|", ignore_nulls=True).str.split("|")
    return table.with_columns(alias=alias).explode("alias", empty_as_null=True).drop("aliases")


def look_up(names: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """Return the NAME_ENTITIES of the distinct names (kind, key) that are LISTED."""
    formal = (pl.col("rule") == "country") & pl.col("key").str.contains(_FORMAL) & (pl.col("kind") == "org")
    found = names.join(listed, on="key").filter((pl.col("kind") == pl.col("only")) | formal)
    return found.unique(NAME, keep="first", maintain_order=True).select(
        *NAME,
        "target",
        resolved_by="rule",
        score=1.0,
        printed="printed",
        country_code="country_code",
        kb_id="kb_id",
    )


def match_aliases(names: pl.DataFrame, aliases: pl.DataFrame, affixes: Affixes) -> pl.DataFrame:
    """Return the user's ALIASES by name: kind, key, goal (the key of `name`), name, kb_id, apart.

    A rule with a label is for that kind, any other rule for all kinds with which `names` (kind, key) has the alias.
    """
    kind = pl.col("label").replace_strict(CLASSES, default="thing", return_dtype=pl.String)
    rows = aliases.with_columns(
        kind=pl.when(pl.col("label").is_not_null()).then(kind),
        key=strip_legal_form(fold(pl.col("alias")), affixes),
        goal=strip_legal_form(fold(pl.col("name")), affixes),
    )
    # The name itself is included, so that its kb_id is used if no text has the alias.
    rows = pl.concat([rows, rows.filter(~pl.col("apart")).with_columns(key="goal")])
    free = rows.filter(pl.col("kind").is_null()).drop("kind").join(names.select(NAME), on="key")
    every = pl.concat([rows.filter(pl.col("kind").is_not_null()), free], how="diagonal")
    return every.unique(NAME, keep="first", maintain_order=True).select(
        *NAME, "goal", "name", "kb_id", "apart"
    )


def apply_aliases(base: pl.DataFrame, matched: pl.DataFrame) -> pl.DataFrame:
    """Return NAME_ENTITIES with the rules of :func:`match_aliases` applied: an alias and its other spellings belong
    to the entity of its name, and the entity has that name.
    """
    open_ = pl.col("resolved_by").is_in(["exact", "spelling"])
    of = base.filter(open_).select(*NAME, "target")
    merged = matched.filter(~pl.col("apart")).join(of, on=NAME).drop("key")
    siblings = of.join(merged, on=["kind", "target"]).join(matched.select(NAME), on=NAME, how="anti")
    matched = pl.concat([matched, siblings.unique(NAME, keep="first").select(matched.columns)])
    goals = base.select("kind", "country_code", goal="key", to="target", listed_id="kb_id")
    ruled = matched.join(goals, on=["kind", "goal"], how="left").select(
        *NAME, target=pl.when(~pl.col("apart")).then("to").otherwise(pl.col("kind") + " =" + pl.col("goal")),
        resolved_by=pl.lit("alias"), score=1.0, printed="name",
        country_code=pl.when(~pl.col("apart")).then("country_code"),
        kb_id=pl.coalesce("kb_id", pl.when(~pl.col("apart")).then("listed_id")),
    )  # fmt: skip
    by_hand = (
        ruled.sort(NAME)
        .unique("target", keep="first", maintain_order=True)
        .select("target", name="printed", id="kb_id")
    )
    every = pl.concat([base.join(ruled, on=NAME, how="anti"), ruled]).join(by_hand, on="target", how="left")
    return every.with_columns(printed=pl.coalesce("name", "printed"), kb_id=pl.coalesce("id", "kb_id")).drop(
        "name", "id"
    )
