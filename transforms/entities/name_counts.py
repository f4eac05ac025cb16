"""Counts of names and of stand-ins over documents and runs."""

import polars as pl

from copydesk.transforms.contract import NAMES, STAND_INS, conform
from copydesk.transforms.entities.known_names import NAME

#: The label of a name that has several of one kind: the first of these.
LABELS = {"PERSON": "1", "ORG": "2", "GPE": "3", "LOC": "4", "FAC": "5", "NORP": "6"}


def count_names(read: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Return the NAMES of NAMED_MENTIONS, added to those of earlier runs (`before`): sums and minima, which do not
    depend on the order of runs. `block` is null for new names.
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
    counts = (
        read.drop_nulls("full").group_by(*NAME, "full", "rule").agg(n_documents=pl.col("doc_id").n_unique())
    )
    return conform(counts.sort(*NAME, "full", "rule"), STAND_INS)
