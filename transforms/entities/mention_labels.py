"""The label of each mention, from the kind of its name."""

import polars as pl

from copydesk.transforms.entities.label_vote import KINDS, list_labels, name_key


def label_mentions(found: pl.DataFrame, kinds: pl.DataFrame, listed: dict[str, str]) -> pl.DataFrame:
    """Return the mentions `found` with labels of the `kinds` of their names, without names of the kind `none`.

    A mention has the label of the gazetteer (`listed`) if that is of the kind, else the model's label if it is, else
    the label that the model gave other mentions of the name, else the first label of the kind (EVENT for a name of
    several words of the kind `other`).
    """
    lists = list_labels(listed).with_columns(pl.col("listed").replace("CITY", "GPE"))
    of_kind = pl.DataFrame(
        [(kind, name) for kind, names in KINDS.items() for name in names],
        schema=["kind", "label"],
        orient="row",
    )
    firsts = {kind: names[0] for kind, names in KINDS.items() if names}
    several = pl.col("key").str.contains(" ", literal=True)
    usual = pl.when((pl.col("kind") == "other") & several).then(pl.lit("EVENT"))
    found = (
        found.with_columns(key=name_key(pl.col("surface")))
        .join(kinds, on=["doc_id", "key"], how="left", maintain_order="left")
        .filter(pl.col("kind") != "none")
        .join(lists, on="key", how="left", maintain_order="left")
    )
    fits = of_kind.with_columns(fits=True)
    found = found.join(fits, on=["kind", "label"], how="left", maintain_order="left").join(
        fits.rename({"label": "listed", "fits": "list_fits"}),
        on=["kind", "listed"],
        how="left",
        maintain_order="left",
    )
    own = pl.when("fits").then("label")
    by_list = pl.when("list_fits").then("listed")
    elsewhere = own.drop_nulls().mode().sort().first().over("doc_id", "key")
    return found.with_columns(
        label=pl.coalesce(
            by_list, own, elsewhere, usual, pl.col("kind").replace_strict(firsts, return_dtype=pl.String)
        )
    )
