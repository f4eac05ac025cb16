"""Evidence from the document for or against a split: how often it contains the whole word and the two parts."""

import numpy as np
import polars as pl

#: Parts over this Zipf value occur in most documents and prove nothing: English recall is the same at 5 and
#: 5.5.
FREQUENT = 5.5


def _evidence(
    splits: pl.DataFrame, chunks: pl.DataFrame, words: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the informative words wherever a document with a split contains them, and the tokens of the splits."""
    rare = [splits.filter(pl.col(f"zipf_{part}").fill_null(0) < FREQUENT)[f"id_{part}"] for part in "ab"]
    wanted = pl.concat([splits["id"], *rare]).unique().implode()
    camel = pl.col("token").str.contains(r"\p{Ll}\p{Lu}")
    kept = words.select("key", "id", camel=camel, spelling=pl.col("token").hash())
    kept = kept.filter(pl.col("camel") | pl.col("id").is_in(wanted))
    tokens = kept.filter(pl.col("spelling").is_in(splits["spelling"].implode()))
    docs = chunks.filter(pl.col("key").is_in(tokens["key"].implode()))["doc"].unique()
    here = (
        chunks.select("doc", "key")
        .filter(pl.col("doc").is_in(docs.implode()))
        .filter(pl.col("key").is_in(kept["key"].implode()))
        .join(kept, on="key")
    )
    return here, tokens


def count_evidence(splits: pl.DataFrame, chunks: pl.DataFrame, words: pl.DataFrame) -> pl.DataFrame:
    """Join splits with the documents that contain their token, and count the evidence there.

    Adds doc and n_t, n_a, n_b (as base), n_left, n_right (in this spelling) and n_camel (distinct words with a
    capital after a small letter: a text about code has many). Parts over FREQUENT are not counted. A part that
    is not listed must occur in the document.
    """
    splits = splits.with_columns(
        spelling=pl.col("token").hash(), id_left=pl.col("left").hash(), id_right=pl.col("right").hash()
    )
    here, tokens = _evidence(splits, chunks, words)
    camels = here.filter("camel").group_by("doc").agg(n_camel=pl.col("spelling").n_unique().cast(pl.Int64))
    placed = here.filter(pl.col("spelling").is_in(tokens["spelling"].implode())).select("doc", "spelling")
    placed = placed.unique().join(splits, on="spelling").join(camels, on="doc", how="left")
    for name, column, wanted in (
        ("n_t", "id", "id"),
        ("n_a", "id", "id_a"),
        ("n_b", "id", "id_b"),
        ("n_left", "spelling", "id_left"),
        ("n_right", "spelling", "id_right"),
    ):
        placed = placed.with_columns(
            _count(here["doc"], here[column], placed["doc"], placed[wanted]).alias(name)
        )
    return placed.filter(
        pl.col(f"zipf_{part}").is_not_null() | (pl.col(f"n_{part}") > 0) for part in "ab"
    ).with_columns(pl.col("n_camel").fill_null(0))


def _count(docs: pl.Series, ids: pl.Series, wanted_docs: pl.Series, wanted_ids: pl.Series) -> pl.Series:
    """Return how often each wanted id occurs in its document, given the ids of all documents."""
    # one number for document and id: a group of two columns takes ten times as long
    pairs, wanted = _pair(docs, ids), _pair(wanted_docs, wanted_ids)
    counts = pairs.filter(pairs.is_in(wanted.unique().implode())).value_counts(name="n")
    joined = pl.DataFrame({"pair": wanted}).join(
        counts.rename({pairs.name: "pair"}), on="pair", how="left", maintain_order="left"
    )
    return joined["n"].fill_null(0).cast(pl.Int64)


def _pair(docs: pl.Series, ids: pl.Series) -> pl.Series:
    """Return one number for each document and id."""
    return pl.Series(
        "pair", docs.to_numpy().astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + ids.to_numpy()
    )
