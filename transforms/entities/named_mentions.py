"""Names of mentions, within one document: the kind of each name, and the longer name that a short one stands for."""

import polars as pl

from copydesk.transforms.contract import NAMED_MENTIONS, conform
from copydesk.transforms.entities.gazetteer import Gazetteer
from copydesk.transforms.entities.names import name_mentions
from copydesk.transforms.entities.short_forms import link_short_forms, list_short_forms

#: Kinds that a name loses if it is the surname of a person of the document.
SURNAME_KINDS = ("org", "thing", "place")


def read_mentions(mentions: pl.DataFrame, gazetteer: Gazetteer) -> pl.DataFrame:
    """Return the NAMED_MENTIONS of mentions (doc_id, start, end, surface, label). Only this step depends on
    documents.
    """
    named = vote_kinds(
        name_mentions(mentions, gazetteer.affixes).filter(pl.col("key") != ""), gazetteer.listed
    )
    forms = list_short_forms(named).join(
        gazetteer.listed.select(form="key", rule=pl.lit("short")), on=["form", "rule"], how="anti"
    )
    return conform(link_short_forms(named, forms).sort("doc_id", "start"), NAMED_MENTIONS)


def vote_kinds(named: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """Give each name one kind per document: person if it is the surname of a person there, else its most frequent
    kind.
    """
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
