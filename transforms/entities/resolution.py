"""Entity resolution across documents and runs.

The *name* of a mention is its kind and folded key, or those of the longer name that it stands for in its document. The
entity of a name is decided once per distinct name, from all names so far and from the counts of stand-ins: neither the
order of documents nor their runs matter. The id of an entity is the hash of the target that its names share; if two
entities turn out to be one, :func:`list_moves` says which id replaced which.
"""

from dataclasses import dataclass
from hashlib import blake2b

import polars as pl

from copydesk.transforms.contract import ENTITIES, MENTIONS, NAMES, conform
from copydesk.transforms.entities.affected_names import add_blocks, find_affected
from copydesk.transforms.entities.gazetteer import Gazetteer
from copydesk.transforms.entities.known_names import NAME
from copydesk.transforms.entities.name_counts import count_names, count_stand_ins
from copydesk.transforms.entities.name_entities import ELSEWHERE, assign_entities


@dataclass(frozen=True)
class Resolved:
    """The result of a run: its MENTIONS; the NAMES that were resolved, with their counts of all runs; the STAND_INS
    of this run; the ENTITIES of those names; moves (old_id, entity_id): ids that were replaced.
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
    all_names: bool,
) -> Resolved:
    """Resolve NAMED_MENTIONS, given the NAMES and STAND_INS of earlier runs and the user's ALIASES.

    Only names that the new ones can affect are resolved, or `all_names`, as after a change of aliases.
    """
    every = add_blocks(count_names(read, names), gazetteer.spellings)
    stood_in = count_stand_ins(read)
    sums = (
        pl.concat([stand_ins, stood_in])
        .group_by("kind", "key", "full", "rule")
        .agg(pl.col("n_documents").sum())
    )
    affected = every if all_names else find_affected(every, sums, read.select(NAME).unique())
    resolved = add_ids(assign_entities(affected, sums, aliases, gazetteer))
    decided = affected.drop("entity_id", "resolved_by", "score").join(resolved, on=NAME).sort(NAME)
    return Resolved(
        mentions=to_mentions(read, resolved),
        names=conform(decided, NAMES),
        stand_ins=stood_in,
        entities=list_entities(decided),
        moves=list_moves(names, decided),
    )


def add_ids(resolved: pl.DataFrame) -> pl.DataFrame:
    """Add entity_id to NAME_ENTITIES: the hash of the target."""
    targets = resolved["target"].unique()
    hashes = [blake2b(target.encode(), digest_size=8).hexdigest() for target in targets]
    ids = pl.DataFrame(
        {"target": targets, "entity_id": hashes}, schema={"target": pl.String, "entity_id": pl.String}
    )
    return resolved.join(ids, on="target")


def to_mentions(read: pl.DataFrame, resolved: pl.DataFrame) -> pl.DataFrame:
    """Return the MENTIONS of NAMED_MENTIONS, with the entities of their names (NAME_ENTITIES with ids).

    An alias rule of the user takes precedence over the longer name of the document.
    """
    ruled = resolved.filter(pl.col("resolved_by") == "alias").select(*NAME, is_ruled=True)
    marked = read.join(ruled, on=NAME, how="left", maintain_order="left").with_columns(
        full=pl.when(pl.col("is_ruled").is_null()).then("full")
    )
    within = pl.col("full").is_not_null()
    is_mended = (pl.col("resolved_by") == "exact") & pl.col("surface").str.contains(r"['’]s?$")
    outside = pl.when(is_mended).then(pl.lit("possessive")).otherwise("resolved_by")
    named = marked.with_columns(own_key="key", key=pl.coalesce("full", "key")).join(
        resolved, on=NAME, how="left", maintain_order="left"
    )
    return conform(
        named.with_columns(
            resolved_by=pl.when(within).then("rule").otherwise(outside),
            score=pl.col("score") * pl.when(within).then("likelihood").otherwise(1.0),
        ),
        MENTIONS,
    )


def list_moves(before: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Return the published ids that were replaced: old_id, entity_id; `before` and `names` are NAMES."""
    now = before.join(names, on=NAME, suffix="_now").filter(pl.col("entity_id") != pl.col("entity_id_now"))
    return now.select(old_id="entity_id", entity_id="entity_id_now").unique().sort("old_id", "entity_id")


def list_entities(names: pl.DataFrame) -> pl.DataFrame:
    """Return the ENTITIES of `names` (NAMES joined with NAME_ENTITIES).

    An entity has its name in the gazetteer, else the name in most documents, of equals the first in the alphabet; short
    names that were resolved by other documents come last.
    """
    short = pl.col("resolved_by").is_in(["label", *ELSEWHERE])
    best = names.sort(
        "entity_id", short, "n_documents", "written", descending=[False, False, True, False], nulls_last=True
    )
    first = best.unique("entity_id", keep="first", maintain_order=True)
    return conform(first.with_columns(name=pl.coalesce("printed", "written")), ENTITIES)
