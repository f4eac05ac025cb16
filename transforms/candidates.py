"""Candidates: the pairs of texts that share anchors enough to be worth comparing word by word.

Whether two texts are candidates follows from the two alone, so it does not matter in which run each of them came. Two
exceptions bound the cost. In a bucket (the texts that share one anchor) of more than HEADS texts, a text is paired with
the HEADS that are preferred as keepers only (:mod:`transforms.keepers`): it is merged into one of them anyway. And an
anchor that hundreds of known texts share without being copies is a frame's (of a template, of what an outlet puts
around its texts): two texts that share such anchors alone are no candidates.
"""

from collections.abc import Sequence

import polars as pl

from transforms.contract import ANCHORS, CANDIDATES, SIGNATURES, conform, empty
from transforms.hashing import hash_words, in_parts
from transforms.keepers import in_order
from transforms.shingles import sample_anchors

#: Of a bucket's texts, how many every other one is paired with. Measured on 100,000 synthetic documents (`python -m
#: benchmarks.dedupe`): pairwise F1 is 0.990 from 8 to 20; 0.90 of containments are found from 12 on.
HEADS = 12
#: The share of the smaller sample that two texts must have in common. A near copy shares half of it, a passage all that
#: was sampled of it; at 0.25 the 100,000 documents have 500,000 candidates, at any anchor at all 2,900,000.
PLAUSIBLE = 0.25
#: A text with that many numbers of which the other has a smaller share reports other facts: it is not even compared. Of
#: the real pairs of ../shared/eval/dedup no copy is below 0.8, of those on a template two in five are below 0.5.
SOME_NUMBERS, SAME_NUMBERS = 4, 0.5
#: Texts whose anchors are listed at a time.
_SLICE = 50_000
#: Shares in which pairs of several bands are added up.
_SHARES = 6


def sign(clean: pl.DataFrame) -> pl.DataFrame:
    """Return SIGNATURES of CLEAN documents. A text without words has no anchors and matches none but its equals."""
    return pl.concat([empty(SIGNATURES), *(_sign(part) for part in in_parts(clean, "text"))])


def _sign(clean: pl.DataFrame) -> pl.DataFrame:
    words = hash_words(clean["text"])
    keys, numbers = (pl.Series(found, dtype=pl.UInt64) for found in (words.keys(), words.number_bits()))
    return conform(clean.with_columns(sample_anchors(words), text_key=keys, numbers=numbers), SIGNATURES)


def to_anchors(signatures: pl.DataFrame, band: tuple[int, int] = (0, 1)) -> pl.DataFrame:
    """Return the ANCHORS of SIGNATURES, a row an anchor of a text: those of band (k, n) are k modulo n."""
    texts = signatures.select("text_key", "n_sampled", anchor="anchors").unique("text_key")
    parts = (
        part.explode("anchor", empty_as_null=True).filter(pl.col("anchor") % band[1] == band[0])
        for part in texts.iter_slices(_SLICE)
    )
    return pl.concat([empty(ANCHORS), *(conform(part, ANCHORS) for part in parts)])


def meet(new: pl.DataFrame, known: pl.DataFrame, texts: pl.DataFrame, frames: pl.Series) -> pl.DataFrame:
    """Return the pairs that meet in a bucket, among ANCHORS of `new` texts and between them and `known` ones, and whose
    numbers do not rule them out: text_key, other_key, shared (anchors), telling (those that are no `frames`) and
    sampled (anchors of the smaller sample). `texts` are the INDEXED documents of both.

    Of `known`, only the anchors that `new` has are needed, and of a bucket the first HEADS in order, or all of it
    where a new text is among these. Buckets may be met in any number of parts: :func:`find_candidates` adds them up.
    """
    known = known.join(new.select("text_key").unique(), on="text_key", how="anti")
    best = in_order(texts).unique("text_key", keep="first", maintain_order=True)
    ranks = best.select("text_key", rank=pl.int_range(pl.len(), dtype=pl.UInt32))
    numbers = best.lazy().select("text_key", "numbers")
    bucket = (
        pl.concat([new.with_columns(is_new=True), known.with_columns(is_new=False)])
        .filter(pl.len().over("anchor") > 1)
        .join(ranks, on="text_key")
        .sort("anchor", "rank")
        .with_columns(
            place=pl.int_range(pl.len(), dtype=pl.UInt32).over("anchor"),
            is_telling=~pl.col("anchor").is_in(frames.implode()),
        )
    )
    heads = bucket.filter(pl.col("place") < HEADS)
    return (
        bucket.lazy()
        .join(heads.lazy(), on="anchor", suffix="_head")
        .filter((pl.col("place") > pl.col("place_head")) & (pl.col("is_new") | pl.col("is_new_head")))
        .group_by(_low_high())
        .agg(
            shared=pl.len(),
            telling=pl.col("is_telling").sum(),
            sampled=pl.min_horizontal("n_sampled", "n_sampled_head").first(),
        )
        .join(numbers, on="text_key")
        .join(numbers.rename({"text_key": "other_key"}), on="other_key", suffix="_other")
        .filter(_share_numbers())
        .drop("numbers", "numbers_other")
        .collect()
    )


def _share_numbers() -> pl.Expr:
    fewer = pl.min_horizontal(pl.col("numbers", "numbers_other").bitwise_count_ones())
    both = (pl.col("numbers") & pl.col("numbers_other")).bitwise_count_ones()
    return (fewer < SOME_NUMBERS) | (both >= SAME_NUMBERS * fewer)


def find_candidates(met: Sequence[pl.LazyFrame]) -> pl.DataFrame:
    """Return the CANDIDATES: the pairs of all parts of :func:`meet` that share PLAUSIBLE of the smaller sample, and not
    frames alone. Several parts are added up a share of the pairs at a time, which bounds the memory.
    """
    if not met:
        return empty(CANDIDATES)
    enough = (pl.col("shared") >= PLAUSIBLE * pl.col("sampled")) & (pl.col("telling") > 0)
    parts = met if len(met) == 1 else [_add_up(pl.concat(met), share) for share in range(_SHARES)]
    found = [part.filter(enough).select(CANDIDATES.keys()).collect() for part in parts]
    return conform(pl.concat(found).sort("text_key", "other_key"), CANDIDATES)


def _add_up(met: pl.LazyFrame, share: int) -> pl.LazyFrame:
    some = met.filter(pl.col("text_key") % _SHARES == share)
    counts = (pl.col("shared", "telling").sum(), pl.col("sampled").first())
    return some.group_by("text_key", "other_key").agg(counts)


def _low_high() -> list[pl.Expr]:
    keys = ("text_key", "text_key_head")
    return [pl.min_horizontal(keys).alias("text_key"), pl.max_horizontal(keys).alias("other_key")]
