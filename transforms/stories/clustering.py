"""Stories: clusters of documents that report the same event in different words.

The similarity of two documents is divided by how similar either is to *any* document of the window. Look-alike events
share the words of their topic: the more similar a document is to some other, the more similar its own story must be.
Clusters are made by average linkage. A new document makes the stories that it touches be clustered again: they may
split or merge, and hardly depend on the order of documents.

Measured on ../shared/eval/stories (462 documents, `python -m benchmarks.stories`), with JOIN chosen on other topics:
B-cubed F1 0.944, in batches of 50 in any order; TF-IDF in one pass 0.88. With all numbers chosen on other topics 0.91
to 0.94. Texts whose datelines were cut reach 0.907: production has published_at in their place.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import polars as pl

from copydesk.transforms.arrays import Flags, Floats, Ints
from copydesk.transforms.contract import STORY_DOCUMENTS, conform, empty
from copydesk.transforms.stories.average_linkage import average_link
from copydesk.transforms.stories.similarity import TermMatrix, compare_documents, to_term_matrix

#: Linkage stops at this normalised similarity. From 0.42 to 0.465 F1 is within 0.012 of the best; below, stories of one
#: topic merge.
JOIN = 0.455
#: Bounds of the highest similarity of a document, by which its similarities are divided: a document without
#: neighbours counts as having one at ALONE, one with a near copy as having one at CLOSE. At ALONE 0.30 a quarter of
#: unrelated texts join a story, at 0.35 a fifth; at 0.4 F1 is 0.906.
ALONE, CLOSE = 0.35, 0.50


def assign_stories(window: pl.DataFrame, new: pl.Series, stop: float = JOIN) -> pl.DataFrame:
    """Return the STORY_DOCUMENTS that are new or were clustered again; linkage stops at `stop`.

    `window` holds the documents of the window, old and new: doc_id, published_at, fetched_at (compared if one of two
    documents has no published_at), terms and weights (TERMS), story_id (null for documents without a story); `new` are
    the doc_ids without one. A cluster keeps the story that most of its documents had, else it is named after its first
    document.
    """
    if window.is_empty():
        return empty(STORY_DOCUMENTS)
    window = window.sort(pl.coalesce("published_at", "fetched_at"), "doc_id", nulls_last=True)
    matrix = to_term_matrix(window)
    days = [
        window[name].dt.epoch("s").cast(pl.Float64).to_numpy() / 86400
        for name in ("published_at", "fetched_at")
    ]
    again = _touched(window, matrix, days, window["doc_id"].is_in(new.implode()).to_numpy())
    one, other, similarity = compare_documents(matrix, days, again)
    similarity = normalise(one, other, similarity, len(window))
    inside = again[one] & again[other]
    label = average_link(one[inside], other[inside], similarity[inside], len(window), stop)
    same = (label[one] == label[other]) & inside
    story = name_stories(
        window["doc_id"].to_list(), label.tolist(), window["story_id"].to_list(), again.tolist()
    )
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


def _touched(window: pl.DataFrame, matrix: TermMatrix, days: Sequence[Floats], is_new: Flags) -> Flags:
    """Return which documents are clustered again: new ones, and the stories of documents that they may be linked to."""
    one, other, similarity = compare_documents(matrix, days, is_new)
    close, story = similarity >= JOIN * ALONE, window["story_id"]
    touched = pl.concat([story.gather(one[close]), story.gather(other[close])]).drop_nulls().unique()
    again: Flags = is_new | story.is_in(touched.implode()).fill_null(value=False).to_numpy()
    return again


def normalise(one: Ints, other: Ints, similarity: Floats, n: int) -> Floats:
    """Divide each similarity by the (bounded) highest similarity of its two documents, out of `n`; at most 1."""
    best = np.zeros(n)
    np.maximum.at(best, one, similarity)
    np.maximum.at(best, other, similarity)
    best = np.clip(best, ALONE, CLOSE)
    divided: Floats = np.minimum(similarity / np.sqrt(best[one] * best[other]), 1.0)
    return divided


def _scores(one: Ints, other: Ints, similarity: Floats, label: Ints) -> pl.Series:
    """Return the mean similarity of each document to the others of its story; 1 for the only one of a story."""
    total = np.bincount(np.concatenate([one, other]), np.concatenate([similarity, similarity]), len(label))
    others = np.bincount(label, minlength=len(label))[label] - 1
    return pl.Series(np.where(others > 0, total / np.maximum(others, 1), 1.0))


def name_stories(docs: list[str], label: list[int], old: list[str | None], again: list[bool]) -> list[str]:
    """Return the story of every document.

    A cluster (`label`) takes the story that most of its documents had (`old`), else the doc_id of its first document; a
    story goes to one cluster only. Documents that were not clustered `again` keep theirs.
    """
    kept = {story for story, is_again in zip(old, again, strict=True) if not is_again}
    votes = Counter((cluster, story) for cluster, story in zip(label, old, strict=True) if story is not None)
    names: dict[int, str] = {}
    taken = set(kept)
    for (cluster, story), _ in sorted(votes.items(), key=lambda item: (-item[1], item[0])):
        if again[cluster] and cluster not in names and story not in taken:
            names[cluster] = story
            taken.add(story)
    return [
        names.get(cluster, docs[cluster]) if is_again else (story or "")
        for cluster, story, is_again in zip(label, old, again, strict=True)
    ]
