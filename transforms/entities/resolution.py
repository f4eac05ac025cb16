"""Mentions to entities, across documents and runs.

A mention's *name* is its kind and folded key, or those of the longer name that it stands for in its document. What a
name means is decided once for each distinct name, from all names seen so far and from the counts of who stood for whom:
neither the order of documents nor how they were cut into runs matters. An id is the hash of what the entity's names
have in common; where two entities turn out to be one, :func:`list_moves` says which id went where.
"""

from dataclasses import dataclass
from hashlib import blake2b

import polars as pl

from copydesk.transforms.contract import ENTITIES, MENTIONS, NAMED_MENTIONS, NAMES, STAND_INS, conform
from copydesk.transforms.entities.affected_names import add_blocks, find_affected
from copydesk.transforms.entities.gazetteer import Gazetteer
from copydesk.transforms.entities.known_names import NAME
from copydesk.transforms.entities.meanings import ELSEWHERE, assign_entities
from copydesk.transforms.entities.names import name_mentions
from copydesk.transforms.entities.short_forms import link_short_forms, list_short_forms

#: The label of a name that has several of one kind: the first of these.
LABELS = {"PERSON": "1", "ORG": "2", "GPE": "3", "LOC": "4", "FAC": "5", "NORP": "6"}
#: Kinds that a name loses to the person whose surname it is in the document.
SURNAME_KINDS = ("org", "thing", "place")


def read_mentions(mentions: pl.DataFrame, gazetteer: Gazetteer) -> pl.DataFrame:
    """Return NAMED_MENTIONS of mentions (doc_id, start, end, surface, label). This is all that looks at a document."""
    named = vote_kinds(
        name_mentions(mentions, gazetteer.affixes).filter(pl.col("key") != ""), gazetteer.listed
    )
    forms = list_short_forms(named).join(
        gazetteer.listed.select(form="key", rule=pl.lit("short")), on=["form", "rule"], how="anti"
    )
    return conform(link_short_forms(named, forms).sort("doc_id", "start"), NAMED_MENTIONS)


def vote_kinds(named: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """Give a name one kind within a document: a person's where it is the surname of one, else the most frequent."""
    people = named.filter((pl.col("kind") == "person") & pl.col("key").str.contains(" "))
    surnames = people.select("doc_id", key=pl.col("key").str.extract(r" (\S+)$"), surname=True).unique()
    places = listed.filter(pl.col("only") == "place").select("key", place=True)
    counts = named.group_by("doc_id", "key", "kind").len()
    order = counts.sort("len", "kind", descending=[True, False])
    most = order.unique(["doc_id", "key"], keep="first", maintain_order=True).drop("len")
    most = most.join(surnames, on=["doc_id", "key"], how="left").join(places.unique(), on="key", how="left")
    person = pl.col("surname").is_not_null() & pl.col("place").is_null() & pl.col("kind").is_in(SURNAME_KINDS)
    most = most.select("doc_id", "key", kind=pl.when(person).then(pl.lit("person")).otherwise("kind"))
    return named.drop("kind").join(most, on=["doc_id", "key"], how="left", maintain_order="left")


@dataclass(frozen=True)
class Resolved:
    """What a run's mentions come to: MENTIONS; NAMES whose meaning was decided, with their counts of all runs;
    STAND_INS of this run; ENTITIES of those names; moves (old_id, entity_id): ids that are no more.
    """

    mentions: pl.DataFrame
    names: pl.DataFrame
    stand_ins: pl.DataFrame
    entities: pl.DataFrame
    moves: pl.DataFrame


def resolve_mentions(
    read: pl.DataFrame,
    names: pl.DataFrame,
    stand_ins: pl.DataFrame,
    aliases: pl.DataFrame,
    gazetteer: Gazetteer,
    *,
    anew: bool,
) -> Resolved:
    """Resolve NAMED_MENTIONS, given the NAMES and STAND_INS of earlier runs and the user's ALIASES.

    Only names that the new ones can change are decided on, or all of them (`anew`), as after a change of aliases.
    """
    every = add_blocks(count_names(read, names), gazetteer.spellings)
    told = count_stand_ins(read)
    sums = (
        pl.concat([stand_ins, told]).group_by("kind", "key", "full", "rule").agg(pl.col("n_documents").sum())
    )
    near = every if anew else find_affected(every, sums, read.select(NAME).unique())
    meanings = add_ids(assign_entities(near, sums, aliases, gazetteer))
    decided = near.drop("entity_id", "resolved_by", "score").join(meanings, on=NAME).sort(NAME)
    return Resolved(
        mentions=to_mentions(read, meanings),
        names=conform(decided, NAMES),
        stand_ins=told,
        entities=list_entities(decided),
        moves=list_moves(names, decided),
    )


def count_names(read: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Return NAMES of mentions, added to those of earlier runs: sums and firsts that no order of runs changes. `block`
    is null for names that were not known before.
    """
    counts = read.group_by(NAME).agg(n_documents=pl.col("doc_id").n_unique().cast(pl.Int64))
    written = read.select(*NAME, "label", written="name").unique()
    every = pl.concat([before, counts, written], how="diagonal")
    lower, upper = pl.col("written").str.to_lowercase(), pl.col("written").str.to_uppercase()
    is_plain = (pl.col("written") == lower) | (
        (pl.col("written") == upper) & (pl.col("written").str.len_chars() > 4)
    )
    rank = pl.col("label").replace_strict(LABELS, default="9", return_dtype=pl.String)
    summed = (
        every.with_columns(worst=is_plain.cast(pl.String) + pl.col("written"), ranked=rank + pl.col("label"))
        .group_by(NAME)
        .agg(
            pl.col("n_documents").sum(),
            written=pl.col("worst").min().str.replace("^(?:true|false)", ""),
            label=pl.col("ranked").min().str.slice(1),
        )
    )
    known = before.select(*NAME, "block", "entity_id", "resolved_by", "score")
    return conform(summed.join(known, on=NAME, how="left").sort(NAME), NAMES)


def count_stand_ins(read: pl.DataFrame) -> pl.DataFrame:
    """Return the STAND_INS of NAMED_MENTIONS."""
    told = (
        read.drop_nulls("full").group_by(*NAME, "full", "rule").agg(n_documents=pl.col("doc_id").n_unique())
    )
    return conform(told.sort(*NAME, "full", "rule"), STAND_INS)


def add_ids(meanings: pl.DataFrame) -> pl.DataFrame:
    """Add entity_id to MEANINGS: the hash of the target."""
    targets = meanings["target"].unique()
    hashes = [blake2b(target.encode(), digest_size=8).hexdigest() for target in targets]
    ids = pl.DataFrame(
        {"target": targets, "entity_id": hashes}, schema={"target": pl.String, "entity_id": pl.String}
    )
    return meanings.join(ids, on="target")


def to_mentions(read: pl.DataFrame, meanings: pl.DataFrame) -> pl.DataFrame:
    """Return NAMED_MENTIONS as MENTIONS, each with the entity of its name. A user's alias wins over the document."""
    told = meanings.filter(pl.col("resolved_by") == "alias").select(*NAME, is_told=True)
    marked = read.join(told, on=NAME, how="left", maintain_order="left").with_columns(
        full=pl.when(pl.col("is_told").is_null()).then("full")
    )
    within = pl.col("full").is_not_null()
    is_mended = (pl.col("resolved_by") == "exact") & pl.col("surface").str.contains(r"['’]s?$")
    outside = pl.when(is_mended).then(pl.lit("possessive")).otherwise("resolved_by")
    named = marked.with_columns(own_key="key", key=pl.coalesce("full", "key")).join(
        meanings, on=NAME, how="left", maintain_order="left"
    )
    return conform(
        named.with_columns(
            resolved_by=pl.when(within).then("rule").otherwise(outside),
            score=pl.col("score") * pl.when(within).then("likelihood").otherwise(1.0),
        ),
        MENTIONS,
    )


def list_moves(before: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Return the published ids that a run replaced: old_id, entity_id; `before` and `names` are NAMES."""
    now = before.join(names, on=NAME, suffix="_now").filter(pl.col("entity_id") != pl.col("entity_id_now"))
    return now.select(old_id="entity_id", entity_id="entity_id_now").unique().sort("old_id", "entity_id")


def list_entities(names: pl.DataFrame) -> pl.DataFrame:
    """Return one row an entity, under its listed name, else the writing of most documents, else of the alphabet.

    `names` are NAMES with their MEANINGS. Short names that are looked up elsewhere come last.
    """
    short = pl.col("resolved_by").is_in(["label", *ELSEWHERE])
    best = names.sort(
        "entity_id", short, "n_documents", "written", descending=[False, False, True, False], nulls_last=True
    )
    first = best.unique("entity_id", keep="first", maintain_order=True)
    return conform(first.with_columns(name=pl.coalesce("printed", "written")), ENTITIES)
