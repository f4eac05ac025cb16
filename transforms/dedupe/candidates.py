"""Candidates: the pairs of texts that share anchors enough to be worth comparing word by word.

Whether two texts are candidates follows from the two alone, so it does not matter in which run each of them came. Two
exceptions bound the cost. In a bucket (the texts that share one anchor) of more than HEADS texts, a text is paired with
the HEADS that are preferred as canonical only (:mod:`copydesk.transforms.dedupe.canonical`): it is merged
into one of them anyway. And an
anchor that hundreds of known texts share without being copies is a frame's (of a template, of what an outlet puts
around its texts): two texts that share such anchors alone are no candidates.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import polars as pl

from copydesk.transforms._native.buckets import count_bucket_pairs, count_shared
from copydesk.transforms.arrays import spread
from copydesk.transforms.contract import ANCHORS, CANDIDATES, SIGNATURES, TOKEN_HASHES, conform, empty
from copydesk.transforms.dedupe.alignment import to_token_hashes
from copydesk.transforms.dedupe.canonical import in_canonical_order
from copydesk.transforms.text.hashing import hash_words, in_parts
from copydesk.transforms.text.shingles import join_samples

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
_HALF = np.uint64(32)
_SIDES: tuple[Literal["left"], Literal["right"]] = ("left", "right")
#: Shares in which pairs of several bands are added up.
_SHARES = 6


def compute_signatures(clean: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return SIGNATURES of CLEAN documents, and the CODES of their texts, a row a document each.

    A text without words has no anchors and matches none but its equals.
    """
    codes, numbers, samples = [empty(TOKEN_HASHES)], [np.zeros(0, np.uint64)], []
    for part in in_parts(clean, "text"):
        words = hash_words(part["text"])
        codes.append(to_token_hashes(words))
        numbers.append(words.numbers)
        samples.append(words.sample)
    spelled, sample = pl.concat(codes), join_samples(samples)
    columns = {
        "text_key": spelled["text_key"],
        "numbers": pl.Series(np.concatenate(numbers)),
        "n_sampled": pl.Series(sample.n_sampled),
        "anchors": sample.lists(),
    }
    return conform(clean.with_columns(**columns), SIGNATURES), spelled


def to_anchors(signatures: pl.DataFrame, band: tuple[int, int] = (0, 1)) -> pl.DataFrame:
    """Return the ANCHORS of SIGNATURES, a row an anchor of a text: those of band (k, n) are k modulo n."""
    texts = signatures.select("text_key", "n_sampled", anchor="anchors").unique("text_key")
    parts = (
        part.explode("anchor", empty_as_null=True).filter(pl.col("anchor") % band[1] == band[0])
        for part in texts.iter_slices(_SLICE)
    )
    return pl.concat([empty(ANCHORS), *(conform(part, ANCHORS) for part in parts)])


def find_bucket_pairs(
    new: pl.DataFrame, known: pl.DataFrame, texts: pl.DataFrame, frames: pl.Series
) -> pl.DataFrame:
    """Return the pairs that meet in a bucket, among ANCHORS of `new` texts and between them and `known` ones, and whose
    numbers do not rule them out: text_key, other_key, shared (anchors), telling (those that are no `frames`) and
    sampled (anchors of the smaller sample). `texts` are the INDEXED documents of both.

    Of `known`, only the anchors that `new` has are needed, and of a bucket the first HEADS in order, or all of it
    where a new text is among these. Buckets may be met in any number of parts: :func:`find_candidates` adds them up.
    """
    known = known.join(new.select("text_key").unique(), on="text_key", how="anti")
    best = in_canonical_order(texts).unique("text_key", keep="first", maintain_order=True)
    ranks = best.select("text_key", rank=pl.int_range(pl.len(), dtype=pl.UInt64))
    listed = pl.concat([new.with_columns(is_new=True), known.with_columns(is_new=False)]).join(
        ranks, on="text_key"
    )
    rank = listed["rank"].to_numpy()
    is_new, n_sampled = np.zeros(len(best), np.bool_), np.zeros(len(best), np.int64)
    is_new[rank] = listed["is_new"].to_numpy()
    n_sampled[rank] = listed["n_sampled"].to_numpy()
    # Sorted, the texts of a bucket stand together, the preferred ones first.
    entries = listed["anchor"].to_numpy().astype(np.uint64) << _HALF | rank
    entries.sort()
    numbers, keys = best["numbers"].to_numpy(), best["text_key"].to_numpy()
    pairs = np.empty((4, count_bucket_pairs(entries, HEADS)), np.uint32)
    is_frame = np.zeros(len(entries), np.bool_)
    begin, end = (np.searchsorted(entries >> _HALF, frames.cast(pl.UInt64), side=side) for side in _SIDES)
    is_frame[spread(begin, end - begin)] = True
    used = count_shared(entries, is_frame, is_new, numbers, HEADS, SOME_NUMBERS, SAME_NUMBERS, pairs)
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
