"""Quality of stories: reports of one event against reports of similar events.

    python -m benchmarks.stories [EVAL_DIR]        (default ../shared/eval/stories)

B-cubed and pairwise precision, recall and F1 on ECB+ (two look-alike events a topic). "Cross-validated" chooses where
linkage stops on four fifths of the topics and scores on the rest, while all documents stream together.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks import ROOT
from benchmarks.scores import b_cubed, f1
from copydesk.transforms.stories.clustering import JOIN, assign_stories
from copydesk.transforms.stories.terms import compute_terms

type Labels = "np.ndarray[Any, Any]"
_STOPS = [round(0.41 + 0.015 * step, 3) for step in range(8)]
_FOLDS = 5


def read_documents(folder: Path) -> pl.DataFrame:
    """Return the evaluation texts as a window (doc_id, terms, weights, ...), with topic, story and fold."""
    rows = [json.loads(line) for line in (folder / "ecbplus_dev.jsonl").read_text("utf-8").splitlines()]
    texts = pl.DataFrame(rows).select(
        pl.col("topic"), "story", "text", doc_id="id", title=pl.lit(None, pl.String), lang=pl.lit("en")
    )
    topics = texts["topic"].unique().sort().shuffle(seed=0)
    fold = {topic: place % _FOLDS for place, topic in enumerate(topics)}
    moment = pl.lit(datetime(2026, 1, 1, tzinfo=UTC)).cast(pl.Datetime("us", "UTC"))
    return (
        compute_terms(texts)
        .join(texts, on="doc_id", maintain_order="left")
        .with_columns(
            fold=pl.col("topic").replace_strict(fold),
            published_at=pl.lit(None, pl.Datetime("us", "UTC")),
            fetched_at=moment,
        )
    )


def stream(documents: pl.DataFrame, size: int, stop: float) -> Labels:
    """Assign stories in batches of `size`, in the order of `documents`; return their labels at the end."""
    wanted = ["doc_id", "published_at", "fetched_at", "terms", "weights"]
    known: dict[str, str] = {}
    for begin in range(0, len(documents), size):
        window = documents[: begin + size].select(wanted)
        story = pl.Series("story_id", [known.get(doc) for doc in window["doc_id"]], dtype=pl.String)
        new = documents[begin : begin + size]["doc_id"]
        known |= dict(
            assign_stories(window.with_columns(story), new, stop).select("doc_id", "story_id").iter_rows()
        )
    return np.array([known[doc] for doc in documents["doc_id"]])


def pairwise(gold: Labels, found: Labels) -> tuple[float, float, float]:
    """Return precision, recall and F1 of the pairs that are in one story."""
    upper = np.triu_indices(len(gold), 1)
    same_gold, same = (gold[:, None] == gold)[upper], (found[:, None] == found)[upper]
    both = (same_gold & same).sum()
    p, r = float(both / max(same.sum(), 1)), float(both / max(same_gold.sum(), 1))
    return p, r, f1(p, r)


def cross_validated(documents: pl.DataFrame, run: Callable[[float], Labels], stops: list[float]) -> Labels:
    """Return labels out of fold: each with the threshold that is best on the other folds."""
    gold, fold = documents["story"].to_numpy(), documents["fold"].to_numpy()
    runs = [run(stop) for stop in stops]
    labels = np.empty(len(documents), object)
    for number in range(_FOLDS):
        rest = fold != number
        scores = np.array([b_cubed(gold[rest].tolist(), found[rest].tolist())[2] for found in runs])
        good = np.flatnonzero(scores >= scores.max() - 0.003)
        labels[~rest] = [f"{number} {label}" for label in runs[good[len(good) // 2]][~rest]]
    return labels.astype(str)


def tf_idf(documents: pl.DataFrame, stop: float) -> Labels:
    """Return the labels of the baseline: cosine of TF-IDF, each document once, to the story with the highest mean."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    matrix = TfidfVectorizer(sublinear_tf=True, stop_words="english").fit_transform(
        documents["text"].to_list()
    )
    cosine = np.asarray((matrix @ matrix.T).todense())
    label = np.zeros(len(documents), np.int64)
    for number in range(1, len(documents)):
        before = label[:number]
        mean = np.bincount(before, cosine[number, :number]) / np.bincount(before)
        label[number] = mean.argmax() if mean.max() >= stop else len(mean)
    return label


def report(name: str, documents: pl.DataFrame, labels: Labels) -> None:
    """Print one line."""
    gold = documents["story"].to_numpy()
    scores = [
        f"{p:.3f} {r:.3f} {f:.3f}"
        for p, r, f in (b_cubed(gold.tolist(), labels.tolist()), pairwise(gold, labels))
    ]
    print(f"{name:<58} {scores[0]}   {scores[1]}", flush=True)


def main() -> None:
    """Print the table."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "eval" / "stories"
    began = time.process_time()
    documents = read_documents(folder)
    each = 1000 * (time.process_time() - began) / len(documents)
    print(f"{len(documents)} documents, {each:.1f} CPU-ms each to describe")
    print(f"{'':<58} B-cubed P R F1      pairwise P R F1")
    report(f"all at once, stop {JOIN}", documents, stream(documents, len(documents), JOIN))
    for seed in (None, 1, 2, 3):
        order = documents if seed is None else documents.sample(fraction=1, shuffle=True, seed=seed)
        name = "as in the file" if seed is None else f"order {seed}"
        report(f"batches of 10, {name}, stop {JOIN}", order, stream(order, 10, JOIN))
        labels = cross_validated(order, lambda stop, order=order: stream(order, 50, stop), _STOPS)
        report(f"batches of 50, {name}, cross-validated", order, labels)
    baseline = [round(0.04 + 0.01 * step, 2) for step in range(40)]
    report(
        "TF-IDF, one by one, cross-validated",
        documents,
        cross_validated(documents, lambda stop: tf_idf(documents, stop), baseline),
    )


if __name__ == "__main__":
    main()
