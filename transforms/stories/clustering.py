"""Stories: documents that report the same event in different words.

The similarity of two documents is divided by how close either comes to *anything* in the window: look-alike events
share their topic's words, so where someone is close, others must be close too. Clusters are made by average linkage,
and a new document makes the stories that it touches be linked anew: so they may split or merge, and hardly depend on
the order in which documents came.

Measured on ../shared/eval/stories (462 documents, `python -m benchmarks.stories`), with JOIN chosen on other topics:
B-cubed F1 0.944, in batches of 50 in whatever order; TF-IDF in one pass 0.88. With all numbers chosen on other topics
0.91 to 0.94. Texts whose datelines were cut reach 0.907: production has published_at in their place.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy import sparse

from copydesk.transforms.arrays import Flags, Floats, Ints
from copydesk.transforms.contract import STORY_DOCUMENTS, conform, empty
from copydesk.transforms.stories.average_linkage import average_link
from copydesk.transforms.stories.terms import SHARES, block_numbers

#: Linkage stops here. From 0.42 to 0.465 F1 is within 0.012 of the best; below, stories of one topic merge.
JOIN = 0.455
#: A document whose closest neighbour is below ALONE counts as having one there; one that has a near copy counts as
#: having one at CLOSE. At ALONE 0.30 a quarter of unrelated texts land in a story, at 0.35 a fifth; at 0.4 F1 is 0.906.
ALONE, CLOSE = 0.35, 0.50
#: Similarities below count as none.
EDGE = 0.06
#: Days between two reports of one event, and what their similarity counts at that distance (1 on the same day). Not
#: measured: the evaluation texts have no dates.
WINDOW, FADE = 14, 0.5
#: The heaviest terms of a document look up its candidates; not those that more documents of the window have.
HEADS, SELDOM = 30, 400
#: Two articles that are that similar and share that much of their pairs of words are worded alike; if of their names
#: and figures a smaller share agrees, they are notices on one template (quakes, results). Two quakes of the samples
#: have 0.45, 0.57 and 0.17; of ECB+'s pairs above 0.4 one has so few facts in common, and it is of two stories.
ALIKE, WORDING, FACTS = 0.3, 0.4, 0.3
_NAME, _FIGURE, _PAIR = (list(SHARES).index(kind) for kind in ("name", "figure", "pair"))
_CHUNK, _PAIRS = 512, 20_000


def assign_stories(window: pl.DataFrame, new: pl.Series, stop: float = JOIN) -> pl.DataFrame:
    """Return the STORY_DOCUMENTS that are new or decided anew; linkage stops at `stop`.

    `window` holds the documents of the window, old and new: doc_id, published_at and fetched_at (where one of two
    documents has no date of publication, their times of ingestion are compared), terms and weights (TERMS), story_id
    (null where it has none yet); `new` are the doc_ids to decide on. A cluster keeps the story that most of its
    documents had, else it is named after its first one.
    """
    if window.is_empty():
        return empty(STORY_DOCUMENTS)
    window = window.sort(pl.coalesce("published_at", "fetched_at"), "doc_id", nulls_last=True)
    rows = to_term_matrix(window)
    days = [
        window[name].dt.epoch("s").cast(pl.Float64).to_numpy() / 86400
        for name in ("published_at", "fetched_at")
    ]
    old = window["story_id"]
    again = window["doc_id"].is_in(new.implode()).to_numpy()
    one, other, _ = _touching(rows, days, again)
    touched = pl.concat([old.gather(one), old.gather(other)]).drop_nulls().unique()
    again |= old.is_in(touched.implode()).fill_null(value=False).to_numpy()
    one, other, similarity = compare_documents(rows, days, again)
    similarity = normalise(one, other, similarity, len(window))
    inside = again[one] & again[other]
    label = average_link(one[inside], other[inside], similarity[inside], len(window), stop)
    same = (label[one] == label[other]) & inside
    story = name_stories(window["doc_id"].to_list(), label.tolist(), old.to_list(), again.tolist())
    return conform(
        window.with_columns(
            story_id=pl.Series(story, dtype=pl.String),
            score=_scores(one[same], other[same], similarity[same], label),
            at=pl.coalesce("published_at", "fetched_at"),
            at_from=pl.when(pl.col("published_at").is_null())
            .then(pl.lit("fetched"))
            .otherwise(pl.lit("published")),
        ).filter(pl.Series(again, dtype=pl.Boolean)),
        STORY_DOCUMENTS,
    )


@dataclass(frozen=True)
class TermMatrix:
    """The documents of a window: a sparse row each, and the kind of every column's term."""

    matrix: Any
    blocks: Ints


def to_term_matrix(window: pl.DataFrame) -> TermMatrix:
    """Return the rows of a window (terms, weights)."""
    count = window["terms"].list.len().to_numpy()
    terms, column = np.unique(window["terms"].explode(empty_as_null=False).to_numpy(), return_inverse=True)
    start = np.concatenate([[0], np.cumsum(count)])
    weights = window["weights"].explode(empty_as_null=False).to_numpy()
    shape = (len(window), max(len(terms), 1))
    return TermMatrix(
        sparse.csr_matrix((weights, column, start), shape=shape), block_numbers(terms.astype(np.int64))
    )


def _touching(rows: TermMatrix, days: Sequence[Floats], asked: Flags) -> tuple[Ints, Ints, Floats]:
    """Return the pairs of `asked` documents that could be linked at all."""
    one, other, similarity = compare_documents(rows, days, asked)
    close = similarity >= JOIN * ALONE
    return one[close], other[close], similarity[close]


def compare_documents(rows: TermMatrix, days: Sequence[Floats], asked: Flags) -> tuple[Ints, Ints, Floats]:
    """Return the pairs of which `asked` says that the one is wanted, that share heavy terms and lie within the window,
    and their similarity; each pair once. `days` are the days of publication (NaN where not known) and of ingestion.
    """
    top = _heads(rows.matrix)
    turned = top.T.tocsr()
    found: list[tuple[Ints, Ints, Floats]] = [(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))]
    ask = np.flatnonzero(asked)
    for begin in range(0, len(ask), _CHUNK):
        chunk = ask[begin : begin + _CHUNK]
        near = (top[chunk] @ turned).tocoo()
        one, other = chunk[near.row], near.col.astype(np.int64)
        gap = np.abs(days[0][one] - days[0][other])
        gap = np.where(np.isnan(gap), np.nan_to_num(np.abs(days[1][one] - days[1][other])), gap)
        keep = (one != other) & (near.data > EDGE / 4) & (gap <= WINDOW) & ~(asked[other] & (other < one))
        one, other, gap = one[keep], other[keep], gap[keep]
        for at in range(0, len(one), _PAIRS):
            part = slice(at, at + _PAIRS)
            value = _products(rows.matrix, one[part], other[part])
            value *= 1 - (1 - FADE) * gap[part] / WINDOW
            some = value >= EDGE
            found.append((one[part][some], other[part][some], value[some]))
    one, other, value = (np.concatenate(column) for column in zip(*found, strict=True))
    apart = _on_one_template(rows, one, other, value)
    return one[~apart], other[~apart], value[~apart]


def _on_one_template(rows: TermMatrix, one: Ints, other: Ints, similarity: Floats) -> Flags:
    """Say which pairs are worded alike but name other people, places and figures: two notices of two events."""
    alike = np.flatnonzero(similarity >= ALIKE)
    a, b = one[alike], other[alike]
    wording = _share(rows.matrix[:, np.flatnonzero(rows.blocks == _PAIR)], a, b)
    facts = _share(rows.matrix[:, np.flatnonzero((rows.blocks == _NAME) | (rows.blocks == _FIGURE))], a, b)
    apart = np.zeros(len(one), np.bool_)
    apart[alike] = (wording >= WORDING) & (facts < FACTS)
    return apart


def _share(matrix: Any, one: Ints, other: Ints) -> Floats:
    """Return the product of each two rows as a share of the smaller one's with itself; 1 where that is 0."""
    own = np.asarray(matrix.multiply(matrix).sum(1)).ravel()
    least = np.minimum(own[one], own[other])
    return np.where(least > 0, _products(matrix, one, other) / np.maximum(least, 1e-9), 1.0)


def _products(matrix: Any, one: Ints, other: Ints) -> Floats:
    """Return the product of each two rows."""
    products: Floats = np.asarray(matrix[one].multiply(matrix[other]).sum(1)).ravel()
    return products


def _heads(rows: Any) -> Any:
    """Return the HEADS heaviest terms of each row of a matrix among those that are seldom in the window."""
    seldom = np.bincount(rows.indices, minlength=rows.shape[1])[rows.indices] <= SELDOM
    row = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))[seldom]
    column, weight = rows.indices[seldom], rows.data[seldom]
    order = np.lexsort((column, -weight, row))
    row, column, weight = row[order], column[order], weight[order]
    keep = np.arange(len(row)) - np.searchsorted(row, row) < HEADS
    return sparse.csr_matrix((weight[keep], (row[keep], column[keep])), shape=rows.shape)


def normalise(one: Ints, other: Ints, similarity: Floats, n: int) -> Floats:
    """Divide each similarity by the (bounded) highest one that its two documents have; at most 1."""
    best = np.zeros(n)
    np.maximum.at(best, one, similarity)
    np.maximum.at(best, other, similarity)
    best = np.clip(best, ALONE, CLOSE)
    divided: Floats = np.minimum(similarity / np.sqrt(best[one] * best[other]), 1.0)
    return divided


def _scores(one: Ints, other: Ints, similarity: Floats, label: Ints) -> pl.Series:
    """Return the mean similarity of each document to the others of its story; 1 for one that is alone."""
    total = np.bincount(np.concatenate([one, other]), np.concatenate([similarity, similarity]), len(label))
    fellows = np.bincount(label, minlength=len(label))[label] - 1
    return pl.Series(np.where(fellows > 0, total / np.maximum(fellows, 1), 1.0))


def name_stories(docs: list[str], label: list[int], old: list[str | None], again: list[bool]) -> list[str]:
    """Return the story of every document: that which most documents of its cluster had, each given to one cluster, or
    else the cluster's first document. Documents that were not decided again keep theirs.
    """
    kept = {story for story, decided in zip(old, again, strict=True) if not decided}
    votes = Counter((cluster, story) for cluster, story in zip(label, old, strict=True) if story is not None)
    names: dict[int, str] = {}
    taken = set(kept)
    for (cluster, story), _ in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0])):
        if again[cluster] and cluster not in names and story not in taken:
            names[cluster] = story
            taken.add(story)
    return [
        (story or "") if not decided else names.get(cluster, docs[cluster])
        for cluster, story, decided in zip(label, old, again, strict=True)
    ]
