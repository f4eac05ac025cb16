"""Candidate pairs: the pairs of texts that share enough anchors to be compared word by word.

Whether two texts are candidates follows from the two alone, so it does not matter which runs brought them. Two
exceptions bound the cost. In a bucket (the texts that share one anchor) of more than HEADS texts, a text is paired
only with the HEADS that come first in canonical order: it is merged into one of them anyway. And an anchor that
hundreds of known texts share without being copies is a template anchor (of a page template, or of what an outlet puts
around its texts): two texts that share template anchors alone are no candidates.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import polars as pl

from copydesk.transforms._native.buckets import count_bucket_pairs, count_shared
from copydesk.transforms.arrays import Flags, Hashes, spread
from copydesk.transforms.contract import ANCHORS, CANDIDATES, SIGNATURES, TOKEN_HASHES, conform, empty
from copydesk.transforms.dedupe.canonical import in_canonical_order
from copydesk.transforms.dedupe.corpus import to_token_hashes
from copydesk.transforms.text.hashing import hash_words, in_parts
from copydesk.transforms.text.shingles import join_samples

#: How many texts of a bucket each of its texts is paired with. Measured on 100,000 synthetic documents (`python -m
#: benchmarks.dedupe`): pairwise F1 is 0.990 from 8 to 20; 0.90 of containments are found from 12 on.
HEADS = 12
#: The share of the smaller sample of anchors that two texts must have in common. A near copy shares half of it, a
#: passage all that was sampled of it. At 0.25 the 100,000 documents have 500,000 candidates, with any one anchor
#: 2,900,000.
PLAUSIBLE = 0.25
#: Two texts with at least SOME_NUMBERS numbers each that share less than SAME_NUMBERS of the smaller set report other
#: facts and are not compared. Of the real pairs of ../shared/eval/dedup no copy is below 0.8, of those on a template
#: two in five are below 0.5.
SOME_NUMBERS, SAME_NUMBERS = 4, 0.5
#: Texts whose anchors are listed at a time: bounds the memory.
_SLICE = 50_000
_HALF = np.uint64(32)
_SIDES: tuple[Literal["left"], Literal["right"]] = ("left", "right")
#: Shares of the pairs of several bands that are added up one after the other: bounds the memory.
_SHARES = 6


def compute_signatures(clean: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the SIGNATURES of CLEAN documents and the TOKEN_HASHES of their texts, one row per document each.

    A text without words has no anchors, and matches only texts that are equal to it.
    """
    hashes, numbers, samples = [empty(TOKEN_HASHES)], [np.zeros(0, np.uint64)], []
    for part in in_parts(clean, "text"):
        words = hash_words(part["text"])
        hashes.append(to_token_hashes(words))
        numbers.append(words.numbers)
        samples.append(words.sample)
    token_hashes, sample = pl.concat(hashes), join_samples(samples)
    columns = {
        "text_key": token_hashes["text_key"],
        "numbers": pl.Series(np.concatenate(numbers)),
        "n_sampled": pl.Series(sample.n_sampled),
        "anchors": sample.lists(),
    }
    return conform(clean.with_columns(**columns), SIGNATURES), token_hashes


def to_anchors(signatures: pl.DataFrame, band: tuple[int, int] = (0, 1)) -> pl.DataFrame:
    """Return the ANCHORS of SIGNATURES, one row per text and anchor; band (k, n) has those that are k modulo n."""
    texts = signatures.select("text_key", "n_sampled", anchor="anchors").unique("text_key")
    parts = (
        part.explode("anchor", empty_as_null=True).filter(pl.col("anchor") % band[1] == band[0])
        for part in texts.iter_slices(_SLICE)
    )
    return pl.concat([empty(ANCHORS), *(conform(part, ANCHORS) for part in parts)])


def find_bucket_pairs(
    new: pl.DataFrame, known: pl.DataFrame, texts: pl.DataFrame, template_anchors: pl.Series
) -> pl.DataFrame:
    """Return the pairs of texts that share a bucket and that their numbers do not rule out, among the ANCHORS of `new`
    texts and between them and `known` texts; `texts` are the INDEXED documents of both.

    Columns: text_key, other_key, shared (the number of shared anchors), telling (those of them that are no
    `template_anchors`), sampled (the number of anchors of the smaller sample).

    Of `known`, only the anchors of `new` are needed, and of a bucket the first HEADS in canonical order, or all of it
    if a new text is among these. Buckets may be given in any number of bands: :func:`find_candidates` adds them up.
    """
    known = known.join(new.select("text_key").unique(), on="text_key", how="anti")
    ordered = in_canonical_order(texts).unique("text_key", keep="first", maintain_order=True)
    ranks = ordered.select("text_key", rank=pl.int_range(pl.len(), dtype=pl.UInt64))
    listed = pl.concat([new.with_columns(is_new=True), known.with_columns(is_new=False)]).join(
        ranks, on="text_key"
    )
    rank = listed["rank"].to_numpy()
    is_new, n_sampled = np.zeros(len(ordered), np.bool_), np.zeros(len(ordered), np.int64)
    is_new[rank] = listed["is_new"].to_numpy()
    n_sampled[rank] = listed["n_sampled"].to_numpy()
    # Sorted, the texts of a bucket are neighbours, in canonical order.
    postings = listed["anchor"].to_numpy().astype(np.uint64) << _HALF | rank
    postings.sort()
    numbers, keys = ordered["numbers"].to_numpy(), ordered["text_key"].to_numpy()
    pairs = np.empty((4, count_bucket_pairs(postings, HEADS)), np.uint32)
    is_template = _mark_templates(postings, template_anchors)
    used = count_shared(postings, is_template, is_new, numbers, HEADS, SOME_NUMBERS, SAME_NUMBERS, pairs)
    one, other, shared, telling = pairs[:, :used]
    return pl.DataFrame(
        {
            "text_key": np.minimum(keys[one], keys[other]),
            "other_key": np.maximum(keys[one], keys[other]),
            "shared": shared.astype(np.int64),
            "telling": telling.astype(np.int64),
            "sampled": np.minimum(n_sampled[one], n_sampled[other]),
        }
    )


def _mark_templates(postings: Hashes, template_anchors: pl.Series) -> Flags:
    """Return which of the sorted `postings` are of template anchors."""
    anchors = template_anchors.cast(pl.UInt64)
    begin, end = (np.searchsorted(postings >> _HALF, anchors, side=side) for side in _SIDES)
    is_template = np.zeros(len(postings), np.bool_)
    is_template[spread(begin, end - begin)] = True
    return is_template


def find_candidates(bands: Sequence[pl.LazyFrame]) -> pl.DataFrame:
    """Return the CANDIDATES among the pairs of all `bands` (:func:`find_bucket_pairs`): those that share at least
    PLAUSIBLE of the smaller sample, and not template anchors alone.
    """
    if not bands:
        return empty(CANDIDATES)
    enough = (pl.col("shared") >= PLAUSIBLE * pl.col("sampled")) & (pl.col("telling") > 0)
    parts = bands if len(bands) == 1 else [_add_up(pl.concat(bands), share) for share in range(_SHARES)]
    found = [part.filter(enough).select(CANDIDATES.keys()).collect() for part in parts]
    return conform(pl.concat(found).sort("text_key", "other_key"), CANDIDATES)


def _add_up(pairs: pl.LazyFrame, share: int) -> pl.LazyFrame:
    some = pairs.filter(pl.col("text_key") % _SHARES == share)
    counts = (pl.col("shared", "telling").sum(), pl.col("sampled").first())
    return some.group_by("text_key", "other_key").agg(counts)
