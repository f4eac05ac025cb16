"""How well names are found and labelled: F1 of span and type, and the weights by which labels are decided.

Run by benchmarks.entities (ner, fit). Counted in the four labels of the sets; "normalised" leaves out articles,
possessives and marks at the ends.
"""

import json
import re
from typing import Any

import numpy as np
import polars as pl

from benchmarks import ROOT
from benchmarks.scores import f1
from copydesk.flows.io.resources import load_gazetteer
from copydesk.flows.io.spacy_models import load_model
from copydesk.flows.settings import read_settings
from copydesk.transforms.entities import label_vote
from copydesk.transforms.entities.gazetteer_match import match_gazetteer
from copydesk.transforms.entities.mention_labels import label_mentions
from copydesk.transforms.entities.mentions import recognise, tag
from copydesk.transforms.entities.span_trim import trim_spans

EVAL = ROOT.parent / "shared" / "eval" / "entities"
SETTINGS = read_settings()
SCHEME = {"PERSON": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC"}
GOLD = ("PER", "ORG", "LOC", "MISC")
#: The sets with spans, and how often a document of theirs counts in the fit: Reuters-2020 is a sixth of the other.
NER = {"conll2020_dev": 4, "worldwide_dev": 1}
_FOLDS = 5
_L2 = 5.0


def read(name: str) -> list[dict[str, Any]]:
    """Read one set."""
    return [json.loads(line) for line in (EVAL / f"{name.strip()}.jsonl").read_text("utf-8").splitlines()]


def to_documents(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Return doc_id (its number) and text."""
    return pl.DataFrame(
        {"doc_id": [f"{n:06}" for n in range(len(rows))], "text": [row["text"] for row in rows]}
    )


def normalise(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span without leading articles and punctuation, trailing possessives and punctuation."""
    head = re.match(r"(?i)(?:[\W_]+|the\s+)+", text[start:end])
    if head and head.end() < end - start:
        start += head.end()
    while (tail := re.search(r"(?:['’`]s|[\W_]+)$", text[start:end])) and tail.start():
        end = start + tail.start()
    return start, end


def score_spans(
    rows: list[dict[str, Any]], found: pl.DataFrame, *, whole: bool
) -> tuple[float, float, float]:
    """Return precision, recall and F1 (in %) of found mentions (doc_id, start, end, label), normalised or `whole`."""
    spans: list[set[tuple[int, int, str]]] = [set() for _ in rows]
    for doc_id, start, end, label in found.select("doc_id", "start", "end", "label").iter_rows():
        place = (start, end) if whole else normalise(rows[int(doc_id)]["text"], start, end)
        spans[int(doc_id)].add((*place, SCHEME.get(label, "MISC")))
    hits = n_found = n_gold = 0
    for row, mine in zip(rows, spans, strict=True):
        gold = {(*((s, e) if whole else normalise(row["text"], s, e)), label) for s, e, label in row["spans"]}
        hits, n_found, n_gold = hits + len(gold & mine), n_found + len(mine), n_gold + len(gold)
    p, r = 100 * hits / max(n_found, 1), 100 * hits / n_gold
    return p, r, f1(p, r)


def find(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Tag the texts of one set."""
    return tag(to_documents(rows), load_model(SETTINGS.model), load_gazetteer(SETTINGS.entities))


def ner() -> None:
    """Print the scores of the model alone and of the tagger."""
    for name in NER:
        rows = read(name)
        alone = recognise(to_documents(rows), load_model(SETTINGS.model))
        alone = alone.with_columns(end=pl.col("start") + pl.col("surface").str.len_chars().cast(pl.Int64))
        for title, found in (
            ("the model alone", alone),
            ("tagger, weights of both sets", find(rows)),
        ):
            norm, whole = (score_spans(rows, found, whole=each) for each in (False, True))
            print(
                f"{name:<15} {title:<30} F {norm[2]:.1f} (P {norm[0]:.1f} R {norm[1]:.1f}), "
                f"whole spans F {whole[2]:.1f}"
            )


def fit() -> None:
    """Fit the weights by multinomial logistic regression over names, print scores out of fold, and write the table."""
    model, gazetteer = load_model(SETTINGS.model), load_gazetteer(SETTINGS.entities)
    sets = {}
    for name in NER:
        rows = read(name)
        documents = to_documents(rows)
        found = match_gazetteer(
            documents,
            trim_spans(recognise(documents, model), gazetteer.words),
            gazetteer.index,
            gazetteer.words.no_name,
        )
        sets[name] = (rows, found, label_vote.gather_evidence(found, gazetteer.labels, gazetteer.words))
    for name, (rows, found, evidence) in sets.items():
        parts = []
        for fold in range(_FOLDS):
            weights = _solve(sets, fold)
            inside = pl.col("doc_id").cast(pl.Int64) % _FOLDS == fold
            kinds = label_vote.vote(evidence.filter(inside), weights)
            parts.append(label_mentions(found.filter(inside), kinds, gazetteer.labels))
        p, r, f = score_spans(rows, pl.concat(parts), whole=False)
        print(f"{name:<15} out of fold: F {f:.2f} (P {p:.1f} R {r:.1f})", flush=True)
    _solve(sets, None).write_csv(SETTINGS.entities / "weights.csv")


def _solve(sets: dict[str, Any], fold: int | None) -> pl.DataFrame:
    """Return the weights fitted on all folds but one, rounded to one digit so that a person can read them."""
    from sklearn.linear_model import LogisticRegression

    features, targets, counts = [], [], []
    for name, (rows, found, evidence) in sets.items():
        gold = [{normalise(row["text"], s, e): label for s, e, label in row["spans"]} for row in rows]
        keyed = found.with_columns(key=label_vote.name_key(pl.col("surface")))
        keyed = keyed.join(evidence, on=["doc_id", "key"], maintain_order="left")
        answers, used = [], []
        for doc_id, start, end in keyed.select("doc_id", "start", "end").iter_rows():
            spans = gold[int(doc_id)]
            place = normalise(rows[int(doc_id)]["text"], start, end)
            answers.append(GOLD.index(spans[place]) if place in spans else len(GOLD))
            overlaps = any(s < place[1] and place[0] < e for s, e in spans)
            used.append((place in spans or not overlaps) and (fold is None or int(doc_id) % _FOLDS != fold))
        chosen = np.array(used)
        features.append(keyed.select(label_vote.EVIDENCE).to_numpy()[chosen])
        targets.append(np.array(answers)[chosen])
        counts.append(np.full(chosen.sum(), NER[name]))
    solver = LogisticRegression(C=1 / _L2, max_iter=500)
    solver.fit(np.concatenate(features), np.concatenate(targets), sample_weight=np.concatenate(counts))
    table = np.column_stack([solver.intercept_, solver.coef_]).T
    table = np.round(table - table.mean(1, keepdims=True), 1) + 0.0
    columns = {kind: table[:, place] for place, kind in enumerate(label_vote.KINDS)}
    return pl.DataFrame({"evidence": ["always", *label_vote.EVIDENCE], **columns})
