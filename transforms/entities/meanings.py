"""Decide what each distinct name means: listed, by spelling, or by what a short name stands for elsewhere."""

import polars as pl

from copydesk.transforms.contract import NAME_ENTITIES
from copydesk.transforms.entities.gazetteer import Gazetteer
from copydesk.transforms.entities.known_names import NAME, apply_aliases, look_up, match_aliases

#: A short name without its long form in the document goes to what it stands for elsewhere, where that is one
#: entity in this share of the documents that tell, and where this share of all documents with the name tell.
SHARE, TOLD = 0.7, {"person": 0.5, "org": 0.3, "place": 1.1, "thing": 0.3}


#: Rules whose short names are looked up elsewhere. A given name never is.
ELSEWHERE = ("acronym", "surname", "middle", "short")


#: A name with several kinds counts as one where one kind has this share of its documents.
KIND = 0.8


def assign_entities(
    names: pl.DataFrame, evidence: pl.DataFrame, aliases: pl.DataFrame, gazetteer: Gazetteer
) -> pl.DataFrame:
    """Return the MEANINGS of NAMES: listed, by spelling, by what a short name stands for elsewhere. The user wins."""
    matched = match_aliases(names.select(NAME), aliases, gazetteer.affixes)
    nodes = pl.concat([names.select(NAME), matched.select(NAME), matched.select("kind", key="goal")]).unique()
    told = look_up(nodes, gazetteer.listed)
    apart = matched.filter("apart").select(NAME)
    rest = nodes.join(told, on=NAME, how="anti").join(apart, on=NAME, how="anti")
    base = pl.concat([told, _spell(rest, gazetteer)])
    settled = _follow(_one_kind(base, names, gazetteer), names, evidence).select(*NAME_ENTITIES)
    return apply_aliases(settled, matched).join(names.select(NAME), on=NAME, how="semi").sort(NAME)


def _spell(names: pl.DataFrame, gazetteer: Gazetteer) -> pl.DataFrame:
    """Persons by spelling; every other name for itself."""
    people = names.filter(pl.col("kind") == "person")["key"].to_list()
    rows = [
        ("person", name, called, "exact" if name == centre else "spelling", score)
        for name, (called, centre, score) in gazetteer.spellings.cluster(people).items()
    ]
    schema = {
        "kind": pl.String,
        "key": pl.String,
        "target": pl.String,
        "resolved_by": pl.String,
        "score": pl.Float64,
    }
    spelt = pl.DataFrame(rows, schema=schema, orient="row")
    alone = names.filter(pl.col("kind") != "person").select(
        *NAME, target="key", resolved_by=pl.lit("exact"), score=1.0
    )
    nothing = pl.lit(None, pl.String)
    return pl.concat([spelt, alone]).select(
        *NAME, target=pl.col("kind") + " " + pl.col("target"), resolved_by="resolved_by", score="score",
        printed=nothing, country_code=nothing, kb_id=nothing,
    )  # fmt: skip


def _one_kind(base: pl.DataFrame, names: pl.DataFrame, gazetteer: Gazetteer) -> pl.DataFrame:
    """Take a name that mostly is a person's, or mostly is none, for that: the label of the others is a slip.

    A name of several words that begins with a given name is a person's where it is one anywhere.
    """
    whole = pl.col("n_documents").sum().over("key")
    full = (pl.col("kind") == "person") & pl.col("key").str.extract(r"^(\S+) ").is_in(
        list(gazetteer.spellings.classes)
    )
    main = names.filter((full | (pl.col("n_documents") >= KIND * whole)) & (pl.len().over("key") > 1))
    main = (
        main.sort(full, descending=True)
        .unique("key", keep="first", maintain_order=True)
        .select("key", main="kind")
    )
    goal = base.join(main, left_on=["key", "kind"], right_on=["key", "main"]).select(pl.exclude("kind"))
    slip = (pl.col("kind") != pl.col("main")) & ((pl.col("kind") == "person") | (pl.col("main") == "person"))
    slips = base.join(main, on="key").filter(slip).select(NAME)
    moved = slips.join(goal, on="key").with_columns(resolved_by=pl.lit("label"))
    return pl.concat([base.join(slips, on=NAME, how="anti"), moved.select(*NAME_ENTITIES)])


def _follow(base: pl.DataFrame, names: pl.DataFrame, evidence: pl.DataFrame) -> pl.DataFrame:
    """Send short names to the entity that they mostly stand for in the documents that tell."""
    meant = base.select(*NAME, "target")
    pairs = (
        evidence.filter(pl.col("rule").is_in(ELSEWHERE))
        .join(meant.rename({"target": "source"}), on=NAME)
        .join(meant.select("kind", full="key", goal="target"), on=["kind", "full"])
        .filter(pl.col("source") != pl.col("goal"))
    )
    seen = names.join(meant, on=NAME).group_by(source="target").agg(seen=pl.col("n_documents").sum())
    sums = pairs.group_by("source", "goal").agg(
        pl.col("n_documents").sum(), pl.col("rule").min(), pl.col("kind").min()
    )
    told = pl.col("n_documents").sum().over("source")
    enough = pl.col("kind").replace_strict(TOLD, return_dtype=pl.Float64) * pl.col("seen")
    best = (
        sums.join(seen, on="source")
        .with_columns(share=pl.col("n_documents") / told)
        .filter((pl.col("share") >= SHARE) & (pl.col("n_documents") >= enough))
    )
    fixed = base.filter(~pl.col("resolved_by").is_in(["exact", "spelling", "label"]))["target"].implode()
    moved = best.filter(~pl.col("source").is_in(fixed)).select(
        "goal", "share", target="source", elsewhere="rule"
    )
    goals = base.select(goal="target", to_printed="printed", to_code="country_code", to_kb="kb_id").unique(
        "goal", keep="first", maintain_order=True
    )
    return base.join(moved, on="target", how="left").join(goals, on="goal", how="left").with_columns(
        resolved_by=pl.coalesce("elsewhere", "resolved_by"),
        score=pl.col("score") * pl.col("share").fill_null(1.0),
        target=pl.coalesce("goal", "target"),
        printed=pl.coalesce("printed", "to_printed"),
        country_code=pl.coalesce("country_code", "to_code"),
        kb_id=pl.coalesce("kb_id", "to_kb"),
    )  # fmt: skip
