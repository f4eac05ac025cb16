"""Clusters of texts: each text is canonical, or is merged into one canonical text.

Texts are taken in canonical order (copydesk.transforms.dedupe.canonical). Each is merged into the first canonical text
that it is itself verified against, and is canonical if there is none. So a chain a~b~c never merges a and c, and the
outcome follows from the set of texts alone, whatever runs brought them.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from copydesk.transforms.arrays import Ints, spread
from copydesk.transforms.contract import MERGES, conform

_OPEN, _CANONICAL, _MERGED = 0, 1, 2
type Compare = Callable[[pl.Series, pl.Series], pl.DataFrame]


@dataclass(frozen=True)
class ClusterResolution:
    """What was decided.

    merges: MERGES. overlaps: MERGES too, of merged texts and the other canonical texts that hold or copy them.
    unresolved: the keys of texts whose canonical text was itself merged and that match no other candidate: resolve them
    again, with fresh candidates.
    """

    merges: pl.DataFrame
    overlaps: pl.DataFrame
    unresolved: pl.Series


@dataclass(frozen=True)
class _Partners:
    """The candidates of each text that come before it, in canonical order: those of text t are partner[first[t] :
    end[t]]. `merged_into` is the canonical text of a merge of an earlier run, -1 without one. All are text numbers.
    """

    partner: Ints
    first: Ints
    end: Ints
    merged_into: Ints


@dataclass(frozen=True)
class _Decision:
    """The status of each text, the place in its partners that it got to, the answers of all comparisons, and the texts
    whose earlier merge is kept.
    """

    status: Ints
    place: Ints
    answers: pl.DataFrame
    kept: Ints


def resolve_clusters(
    texts: pl.DataFrame,
    open_keys: pl.Series,
    candidates: pl.DataFrame,
    compare: Compare,
    *,
    with_overlaps: bool = True,
) -> ClusterResolution:
    """Decide which of `texts` are merged into which; and, `with_overlaps`, which other canonical texts overlap them.

    `texts` are TEXTS in canonical order. Their merges are kept unless a better canonical text is found; those of
    `open_keys` are decided again, from `candidates` (CANDIDATES: at least one of each pair is open). `compare` takes
    two series of text_keys and returns PAIRS; it is called for a pair only when the answer matters.
    """
    keys = texts["text_key"]
    partners = _list_partners(texts, open_keys, candidates)
    decision = _decide(keys, partners, compare)
    overlaps, kept_overlaps = _find_overlaps(keys, partners, decision, compare, with_overlaps=with_overlaps)
    is_unresolved = (partners.merged_into >= 0) & (decision.status == _CANONICAL)
    return ClusterResolution(
        merges=_to_merges(texts, decision.answers, decision.kept),
        overlaps=_to_merges(texts, overlaps, kept_overlaps),
        unresolved=keys.filter(pl.Series(is_unresolved, dtype=pl.Boolean)),
    )


def _list_partners(texts: pl.DataFrame, open_keys: pl.Series, candidates: pl.DataFrame) -> _Partners:
    keys = texts["text_key"]
    number = pl.DataFrame({"key": keys, "number": np.arange(len(texts))})
    merged_into = _numbers(texts["canonical_key"], number)
    merged_into[keys.is_in(open_keys.implode()).to_numpy()] = -1
    one, other = _numbers(candidates["text_key"], number), _numbers(candidates["other_key"], number)
    merged = np.flatnonzero(merged_into >= 0)
    pairs = pl.DataFrame(
        {
            "text": np.concatenate([np.maximum(one, other), merged]),
            "partner": np.concatenate([np.minimum(one, other), merged_into[merged]]),
        }
    )
    pairs = pairs.unique().sort("text", "partner")
    text = pairs["text"].to_numpy()
    first, end = (np.searchsorted(text, np.arange(len(texts)), side=side) for side in ("left", "right"))
    return _Partners(pairs["partner"].to_numpy(), first, end, merged_into)


def _decide(keys: pl.Series, partners: _Partners, compare: Compare) -> _Decision:
    """Decide on all texts, in rounds over all that are still open.

    Each open text is compared with its first partner that has not refused it, and waits while that one is open.
    """
    place, end = partners.first.copy(), partners.end
    status = np.where(place == end, _CANONICAL, _OPEN)
    answers, kept = [_compare(keys, place[:0], place[:0], compare)], [place[:0]]
    waiting = np.flatnonzero(status == _OPEN)
    while len(waiting):
        of_partner = status[partners.partner[place[waiting]]]
        text = waiting[of_partner == _CANONICAL]
        partner = partners.partner[place[text]]
        is_kept = partners.merged_into[text] == partner
        answers.append(_compare(keys, text[~is_kept], partner[~is_kept], compare))
        kept.append(text[is_kept])
        accepted = is_kept.copy()
        accepted[~is_kept] = answers[-1]["accepted"].to_numpy()
        status[text[accepted]] = _MERGED
        refused = np.concatenate([waiting[of_partner == _MERGED], text[~accepted]])
        place[refused] += 1
        status[refused[place[refused] == end[refused]]] = _CANONICAL
        waiting = waiting[status[waiting] == _OPEN]
    return _Decision(status, place, pl.concat(answers), np.concatenate(kept))


def _find_overlaps(
    keys: pl.Series, partners: _Partners, decision: _Decision, compare: Compare, *, with_overlaps: bool
) -> tuple[pl.DataFrame, Ints]:
    """Compare merged texts with the canonical texts behind their own; return the answers, and the texts whose earlier
    merge is such an overlap.
    """
    behind = np.where(decision.status == _MERGED, partners.end - decision.place - 1, 0) * with_overlaps
    text = np.repeat(np.arange(len(keys)), behind)
    partner = partners.partner[spread(decision.place + 1, behind)]
    is_kept = partners.merged_into[text] == partner
    is_canonical = decision.status[partner] == _CANONICAL
    new = is_canonical & ~is_kept
    return _compare(keys, text[new], partner[new], compare), text[is_canonical & is_kept]


def _numbers(keys: pl.Series, number: pl.DataFrame) -> Ints:
    """Return the number of the text of each key, -1 for null and for a key that is not in `number`."""
    found = keys.alias("key").to_frame().join(number, on="key", how="left", maintain_order="left")
    return found["number"].fill_null(-1).to_numpy().copy()


def _compare(keys: pl.Series, text: Ints, partner: Ints, compare: Compare) -> pl.DataFrame:
    """Return PAIRS with the numbers of the two texts, and whether the pair was accepted."""
    pairs = compare(keys[text], keys[partner])
    return pairs.with_columns(text=text, partner=partner, accepted=pl.col("kind").is_not_null())


def _to_merges(texts: pl.DataFrame, answers: pl.DataFrame, kept: Ints) -> pl.DataFrame:
    """Return the MERGES of accepted `answers`, and the earlier merges of the texts `kept` (numbers)."""
    accepted, keys = answers.filter("accepted"), texts["text_key"]
    made = accepted.with_columns(
        text_key=keys[accepted["text"]],
        canonical_key=keys[accepted["partner"]],
        canonical_containment="other_containment",
    )
    merges = pl.concat([conform(made, MERGES), conform(texts[kept], MERGES)])
    return merges.sort("text_key", "canonical_key")
