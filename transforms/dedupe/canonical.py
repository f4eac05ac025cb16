"""Canonical texts: which of several texts that say the same readers see.

Texts are taken in one total order: most words first, then the earliest published, then the smallest doc_id. Each is
merged into the first canonical text, in that order, that it is itself verified against, and is canonical if there is
none. So a chain a~b~c never merges a and c, and the outcome follows from the set of texts alone, whatever their runs.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from copydesk.transforms.arrays import Ints, spread
from copydesk.transforms.contract import DUPLICATES, INDEXED, MERGES, TEXTS, conform

_OPEN, _CANONICAL, _MERGED = 0, 1, 2
type Compare = Callable[[pl.Series, pl.Series], pl.DataFrame]


@dataclass(frozen=True)
class ClusterResolution:
    """What was decided.

    merges: MERGES. overlaps: MERGES too, of merged texts and the other canonical texts that hold or copy them.
    lost: the keys of texts whose canonical text was itself merged and that match no other candidate:
    resolve them again, with fresh candidates.
    """

    merges: pl.DataFrame
    overlaps: pl.DataFrame
    lost: pl.Series


def in_canonical_order(documents: pl.DataFrame) -> pl.DataFrame:
    """Sort documents (n_words, published_at, doc_id) by the order in which they are preferred as canonical."""
    return documents.sort(-pl.col("n_words"), "published_at", "doc_id", nulls_last=True)


def to_texts(signatures: pl.DataFrame, merges: pl.DataFrame) -> pl.DataFrame:
    """Return the TEXTS of INDEXED documents, each under its best one, in order, with their MERGES of earlier runs."""
    best = in_canonical_order(signatures.select(INDEXED.keys())).unique(
        "text_key", keep="first", maintain_order=True
    )
    return conform(best.join(merges, on="text_key", how="left", maintain_order="left"), TEXTS)


def resolve_clusters(
    texts: pl.DataFrame,
    open_keys: pl.Series,
    candidates: pl.DataFrame,
    compare: Compare,
    *,
    with_overlaps: bool = True,
) -> ClusterResolution:
    """Decide which of `texts` are merged into which; and, `with_overlaps`, who else holds a merged text.

    `texts` are TEXTS, in canonical order. Their merges are kept unless a better canonical text is found; those of
    `open_keys` are decided again, from `candidates` (CANDIDATES: at least one of each pair is open). `compare` takes
    two series of text_keys and returns PAIRS; it is called for a pair only when the answer matters.

    A loop in rounds, each over all texts at once: a text asks the first partner of its list that has not refused it,
    and waits while that one is not decided itself.
    """
    keys = texts["text_key"]
    number = pl.DataFrame({"key": keys, "number": np.arange(len(texts))})
    old = _numbers(texts["canonical_key"], number)
    old[keys.is_in(open_keys.implode()).to_numpy()] = -1
    text, partner = _questions(candidates, number, old)
    at, end = (np.searchsorted(text, np.arange(len(texts)), side=side) for side in ("left", "right"))
    status = np.where(at == end, _CANONICAL, _OPEN)
    answers, stood = [_ask(keys, at[:0], at[:0], compare)], [at[:0]]
    waiting = np.flatnonzero(status == _OPEN)
    while len(waiting):
        of_partner = status[partner[at[waiting]]]
        asked = waiting[of_partner == _CANONICAL]
        asks = partner[at[asked]]
        stands = old[asked] == asks
        answers.append(_ask(keys, asked[~stands], asks[~stands], compare))
        stood.append(asked[stands])
        accepted = stands.copy()
        accepted[~stands] = answers[-1]["accepted"].to_numpy()
        status[asked[accepted]] = _MERGED
        refused = np.concatenate([waiting[of_partner == _MERGED], asked[~accepted]])
        at[refused] += 1
        status[refused[at[refused] == end[refused]]] = _CANONICAL
        waiting = waiting[status[waiting] == _OPEN]
    # Who else holds a text that is merged already: the canonical texts behind its own in its list.
    behind = np.where(status == _MERGED, end - at - 1, 0) * with_overlaps
    asker, asks = np.repeat(np.arange(len(texts)), behind), partner[spread(at + 1, behind)]
    stands, holds = old[asker] == asks, status[asks] == _CANONICAL
    others = _ask(keys, asker[holds & ~stands], asks[holds & ~stands], compare)
    return ClusterResolution(
        merges=_to_merges(texts, pl.concat(answers), np.concatenate(stood)),
        overlaps=_to_merges(texts, others, asker[holds & stands]),
        lost=keys.filter(pl.Series((old >= 0) & (status == _CANONICAL), dtype=pl.Boolean)),
    )


def _numbers(keys: pl.Series, number: pl.DataFrame) -> Ints:
    """Return the number of each text of `keys`, -1 for one that is null or has none."""
    found = keys.alias("key").to_frame().join(number, on="key", how="left", maintain_order="left")
    return found["number"].fill_null(-1).to_numpy().copy()


def _questions(candidates: pl.DataFrame, number: pl.DataFrame, old: Ints) -> tuple[Ints, Ints]:
    """Return texts, ascending, and their earlier partners, in order: candidates and the canonical text of a merge."""
    one, other = _numbers(candidates["text_key"], number), _numbers(candidates["other_key"], number)
    stands = np.flatnonzero(old >= 0)
    asks = pl.DataFrame(
        {
            "text": np.concatenate([np.maximum(one, other), stands]),
            "partner": np.concatenate([np.minimum(one, other), old[stands]]),
        }
    )
    asks = asks.unique().sort("text", "partner")
    return asks["text"].to_numpy(), asks["partner"].to_numpy()


def _ask(keys: pl.Series, asked: Ints, asks: Ints, compare: Compare) -> pl.DataFrame:
    """Return PAIRS, the number of the text that was `asked`, that of the one that it `asks`, and what that one says."""
    return compare(keys[asked], keys[asks]).with_columns(
        asked=asked, asks=asks, accepted=pl.col("kind").is_not_null()
    )


def _to_merges(texts: pl.DataFrame, answers: pl.DataFrame, stood: Ints) -> pl.DataFrame:
    """Return the MERGES of `texts` that were accepted, and of those (numbers) whose merges stand as they were."""
    accepted, keys = answers.filter("accepted"), texts["text_key"]
    made = accepted.with_columns(
        text_key=keys[accepted["asked"]],
        canonical_key=keys[accepted["asks"]],
        canonical_containment="other_containment",
    )
    merges = pl.concat([conform(made, MERGES), conform(texts[stood], MERGES)])
    return merges.sort("text_key", "canonical_key")


def to_duplicates(signatures: pl.DataFrame, merges: pl.DataFrame) -> pl.DataFrame:
    """Return the DUPLICATES among INDEXED documents, given the MERGES of their texts.

    A document whose text is merged goes where its text goes; of documents with one text all but the best are exact
    copies of it.
    """
    best = to_texts(signatures, merges).select("text_key", "canonical_key", best="doc_id")
    scores = merges.select("text_key", "kind", "similarity", "containment", "canonical_containment")
    canonical = best.select(canonical_key="text_key", canonical_best="best")
    rows = (
        signatures.select("doc_id", "text_key")
        .join(best, on="text_key")
        .join(canonical, on="canonical_key", how="left")
        .join(scores, on="text_key", how="left")
        .with_columns(canonical_doc_id=pl.coalesce("canonical_best", "best"))
        .filter(pl.col("canonical_doc_id") != pl.col("doc_id"))
        .with_columns(
            pl.col("kind").fill_null("exact"),
            pl.col("similarity", "containment", "canonical_containment").fill_null(1.0),
            pl.col("canonical_key").fill_null(pl.col("text_key")),
        )
    )
    return conform(rows.sort("doc_id"), DUPLICATES)
