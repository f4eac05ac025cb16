"""Decide which entity each distinct name belongs to: by gazetteer, by spelling, or by what short names stand for."""

import polars as pl

from copydesk.transforms.contract import NAME_ENTITIES
from copydesk.transforms.entities.gazetteer import Gazetteer
from copydesk.transforms.entities.known_names import NAME, apply_aliases, look_up, match_aliases

#: A short name whose long form is not in the document belongs to the entity that it stands for in other documents, if
#: that is one entity in a share SHARE of the documents with a long form, and if a share WITH_LONG_FORM of all documents
#: with the short name have one.
SHARE, WITH_LONG_FORM = 0.7, {"person": 0.5, "org": 0.3, "place": 1.1, "thing": 0.3}


#: Rules whose short names are resolved by other documents. A given name never is.
ELSEWHERE = ("acronym", "surname", "middle", "short")


#: A name with several kinds has only one of them if that kind has this share of its documents.
KIND = 0.8


def assign_entities(
    names: pl.DataFrame, evidence: pl.DataFrame, aliases: pl.DataFrame, gazetteer: Gazetteer
) -> pl.DataFrame:
    """Return the NAME_ENTITIES of NAMES, given the STAND_INS `evidence`. The user's `aliases` take precedence."""
    matched = match_aliases(names.select(NAME), aliases, gazetteer.affixes)
    nodes = pl.concat([names.select(NAME), matched.select(NAME), matched.select("kind", key="goal")]).unique()
    listed = look_up(nodes, gazetteer.listed)
    apart = matched.filter("apart").select(NAME)
    rest = nodes.join(listed, on=NAME, how="anti").join(apart, on=NAME, how="anti")
    base = pl.concat([listed, _spell(rest, gazetteer)])
    resolved = _follow(_one_kind(base, names, gazetteer), names, evidence).select(*NAME_ENTITIES)
    return apply_aliases(resolved, matched).join(names.select(NAME), on=NAME, how="semi").sort(NAME)


def _spell(names: pl.DataFrame, gazetteer: Gazetteer) -> pl.DataFrame:
    """Resolve persons by spelling, and every other name as itself."""
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
    """Give a name that is mostly a person's, or mostly none, only that kind: other labels are errors.

    A name of several words that begins with a given name is a person's if it is one anywhere.
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
    is_error = (pl.col("kind") != pl.col("main")) & (
        (pl.col("kind") == "person") | (pl.col("main") == "person")
    )
    errors = base.join(main, on="key").filter(is_error).select(NAME)
    moved = errors.join(goal, on="key").with_columns(resolved_by=pl.lit("label"))
    return pl.concat([base.join(errors, on=NAME, how="anti"), moved.select(*NAME_ENTITIES)])


def _follow(base: pl.DataFrame, names: pl.DataFrame, evidence: pl.DataFrame) -> pl.DataFrame:
    """Resolve short names to the entity that they mostly stand for in documents with a long form."""
    targets = base.select(*NAME, "target")
    pairs = (
        evidence.filter(pl.col("rule").is_in(ELSEWHERE))
        .join(targets.rename({"target": "source"}), on=NAME)
        .join(targets.select("kind", full="key", goal="target"), on=["kind", "full"])
        .filter(pl.col("source") != pl.col("goal"))
    )
    seen = names.join(targets, on=NAME).group_by(source="target").agg(seen=pl.col("n_documents").sum())
    sums = pairs.group_by("source", "goal").agg(
        pl.col("n_documents").sum(), pl.col("rule").min(), pl.col("kind").min()
    )
    with_long_form = pl.col("n_documents").sum().over("source")
    enough = pl.col("kind").replace_strict(WITH_LONG_FORM, return_dtype=pl.Float64) * pl.col("seen")
    best = (
        sums.join(seen, on="source")
        .with_columns(share=pl.col("n_documents") / with_long_form)
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
