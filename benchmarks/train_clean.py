"""Train the line model and score it on pages of domains that it has not seen.

    make train-clean            (python -m benchmarks.train_clean [--score-only] [--cut-only] [EVAL_DIR])

Five folds by the registered domain of the page; every score printed is of pages whose domain no model saw. The
linear model's and the first round's verdicts that the next round learns from are out of fold too. Training text
is read from EVAL_DIR (default ../shared/eval/clean) and stays there; seeds/line_model receives the weights.
Every page is learned in up to five renderings, and once more "light": the article with a few lines of its page, as text
looks that somebody has cleaned already.
"""

import argparse
import shutil
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import polars as pl
from scipy.sparse import csr_matrix, diags, hstack
from sklearn.linear_model import LogisticRegression

from benchmarks import ROOT
from benchmarks.line_labels import (
    FOLDS,
    RENDERINGS,
    Page,
    add_renderings,
    fold_of,
    labelled_lines,
    read_pages,
)
from benchmarks.pages import SETS, read_rows
from benchmarks.scores import score_texts
from benchmarks.wire import WIRE
from copydesk.flows.io.resources import load_glue, load_line_model, load_rules, read_list
from copydesk.flows.settings import read_settings
from copydesk.transforms.clean.source_template import count_lines, find_evidence, template_keys
from copydesk.transforms.clean.stage import CleaningResources, clean
from copydesk.transforms.contract import SOURCE_LINES, empty
from copydesk.transforms.line_model.base_features import BaseFeatures, compute_base_features
from copydesk.transforms.line_model.features import to_matrix
from copydesk.transforms.line_model.model import LineModel, build_page_matrix, predict_text
from copydesk.transforms.line_model.ngrams import (
    AROUND,
    BITS,
    COLUMNS,
    LineNgrams,
    compute_margin_features,
    compute_margins,
)
from copydesk.transforms.line_model.stacking import compute_stacked_features
from copydesk.transforms.line_model.tokens import UNIT

#: What each rendering weighs: five renderings of a page are not five pages. Pages on one line have trees of their own,
#: which learn from these above all: F1 0.906 (news) and 0.903 (15 languages); trees for all reached 0.897 and 0.88.
SHARES = (1.0, 0.3, 0.3, 0.3, 0.0, 0.5, 0.3, 0.2)
CUT_SHARES = (0.08, 0.08, 0.08, 0.08, 1.0, 0.08, 0.0, 0.0)
#: Rounds, leaves and the rest: tried by hand on the folds, see CARD.md; more rounds gained nothing.
BOOST: dict[str, Any] = {
    "objective": "binary",
    "learning_rate": 0.03,
    "num_leaves": 31,
    "min_data_in_leaf": 60,
    "feature_fraction": 0.25,
    "bagging_fraction": 0.6,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "path_smooth": 20.0,
    "max_bin": 63,
    "verbose": -1,
    "num_threads": 2,
    "seed": 1,
    "deterministic": True,
    "force_row_wise": True,
}
ROUNDS = (450, 250)
PAGE_BOOST = BOOST | {
    "path_smooth": 0.0,
    "num_leaves": 15,
    "learning_rate": 0.05,
    "min_data_in_leaf": 40,
    "feature_fraction": 0.3,
}
PAGE_ROUNDS = 250


# ---------------------------------------------------------------- the three learners


@dataclass(frozen=True)
class Data:
    """One rendering, ready to learn from: all arrays have one entry a line."""

    lines: pl.DataFrame
    plain: BaseFeatures
    is_gold: Any
    weight: Any
    fold: Any


def prepare(pages: list[Page], lines: pl.DataFrame, words: dict[str, pl.Series]) -> Data:
    """Describe the lines of one rendering."""
    plain = compute_base_features(lines, words["vocabulary"], words["function_words"], words["address_words"])
    page = lines["doc_id"].cast(pl.Int64).to_numpy()
    # a long paragraph weighs more than a menu word, a long page no more than a short one
    weight = np.sqrt(np.maximum(plain.features["n_words"], 1))
    weight /= np.sqrt(np.bincount(page, weight)[page])
    weight *= np.where(lines["sure"].to_numpy(), 1, 0.3) * np.array([page.weight for page in pages])[page]
    fold = np.array([fold_of(page.domain) for page in pages])[page]
    is_gold = (lines["gold"] >= 0.5).to_numpy().astype(np.int64)
    return Data(lines, plain, is_gold, weight / weight.mean(), fold)


def _matrix(grams: LineNgrams) -> Any:
    rows = np.repeat(np.arange(len(grams.count)), grams.count)
    scale = 1 / np.sqrt(np.maximum(grams.count, 1))
    shape = (len(grams.count), 1 << BITS)
    return csr_matrix((scale[rows].astype(np.float32), (rows, grams.bucket)), shape=shape)


def context_matrix(data: Data) -> tuple[Any, Any]:
    """Return the n-grams of every line alone, and among its neighbours (blocks side by side)."""
    alone, context = _matrix(data.plain.grams[0]), _matrix(data.plain.grams[1])
    place = np.arange(len(data.is_gold))
    blocks = [alone]
    for low, high, scale in AROUND:
        total = None
        for by in range(low, high + 1):
            inside = (place + by >= data.plain.bounds.start) & (place + by < data.plain.bounds.end)
            moved = diags(inside.astype(np.float32)) @ context[np.clip(place + by, 0, len(place) - 1)]
            total = moved if total is None else total + moved
        blocks.append(total * np.float32(scale))
    return alone, hstack(blocks).tocsr()


def learn_table(alone: Any, among: Any, data: Data, rows: Any) -> tuple[Any, Any]:
    """Fit the two linear models on `rows`; return the table of weights and the two biases."""
    fits = [
        LogisticRegression(C=1.0, solver="liblinear", max_iter=40, tol=1e-2).fit(
            matrix[rows], data.is_gold[rows], sample_weight=data.weight[rows]
        )
        for matrix in (alone, among)
    ]
    columns = [fits[0].coef_[0], *fits[1].coef_[0].reshape(COLUMNS - 1, -1)]
    bias = np.array([fit.intercept_[0] for fit in fits], np.float32)
    return np.stack(columns, axis=1).astype(np.float16).astype(np.float32), bias


def boost(data: list[tuple[Any, Data]], fold: int | None, rounds: int, shares: Any) -> Any:
    """Fit one round of trees on all renderings, each with its share of weight, without the pages of `fold`.

    Lines that weigh little are drawn by lot and weigh more, other renderings than the main one all the more so.
    """
    xs, ys, ws = [], [], []
    for number, ((matrix, each), share) in enumerate(zip(data, shares, strict=True)):
        if not share:
            continue
        chance = np.clip(each.weight / 0.6, 0.25, 1.0) * (1.0 if share == max(shares) else 0.5)
        drawn = np.random.default_rng(number).random(len(chance)) < chance
        rows = np.flatnonzero(drawn & (each.weight > 0) & (each.fold != fold))
        xs.append(matrix[rows])
        ys.append(each.is_gold[rows])
        ws.append(each.weight[rows] / chance[rows] * share)
    target = lightgbm.Dataset(np.concatenate(xs), np.concatenate(ys), weight=np.concatenate(ws))
    return lightgbm.train(BOOST, target, rounds)


def margins(data: Data, tables: list[tuple[Any, Any]]) -> tuple[Any, Any]:
    """Return the linear models' margins for every line, from the table of the line's own fold."""
    alone, among = np.zeros(len(data.is_gold), np.float32), np.zeros(len(data.is_gold), np.float32)
    for fold, (table, bias) in enumerate(tables):
        rows = data.fold == fold
        one, other = compute_margins(*data.plain.grams, data.plain.bounds, table, bias)
        alone[rows], among[rows] = one[rows], other[rows]
    return alone, among


def by_fold(data: list[tuple[Any, Data]], rounds: int, shares: Any) -> tuple[list[Any], list[Any]]:
    """Return the trees of every fold, and by rendering each line's probability from trees that did not see its fold."""
    trees = [boost(data, fold, rounds, shares) for fold in range(FOLDS)]
    found = [np.zeros(len(each.is_gold), np.float32) for _, each in data]
    for probability, (matrix, each) in zip(found, data, strict=True):
        for fold in range(FOLDS):
            rows = each.fold == fold
            probability[rows] = trees[fold].predict(matrix[rows], num_threads=2)
    return trees, found


@dataclass(frozen=True)
class Described:
    """All renderings, ready for trees: the word lists, the linear models (by fold, last of all pages), the matrices."""

    words: dict[str, pl.Series]
    tables: list[tuple[Any, Any]]
    matrices: list[tuple[Any, Data]]


def describe_all(
    pages: list[Page], lists: dict[str, pl.Series], vocabulary: pl.Series | None = None
) -> Described:
    """Describe the lines of all renderings, by a vocabulary found in the pages where none is given."""
    raw = labelled_lines(pages, "raw")
    add_renderings(pages, raw, [row["text"] for row in read_rows(WIRE)])
    frames = {"raw": raw} | {rendering: labelled_lines(pages, rendering) for rendering in RENDERINGS[1:]}
    words = lists | {"vocabulary": find_vocabulary(raw, pages) if vocabulary is None else vocabulary}
    data = [prepare(pages, lines, words) for lines in frames.values()]
    alone, among = context_matrix(data[0])
    usable = data[0].weight > 0
    tables = [
        learn_table(alone, among, data[0], np.flatnonzero(usable & (data[0].fold != fold)))
        for fold in (*range(FOLDS), None)
    ]
    first = []
    for each in data:
        context = compute_margin_features(
            *margins(each, tables[:FOLDS]), each.plain.features["n_words"], each.plain.bounds
        )
        first.append((to_matrix(each.plain.features | context), each))
    return Described(words, tables, first)


def learn(
    pages: list[Page], lists: dict[str, pl.Series], kept: LineModel | None = None
) -> tuple[list[LineModel], LineModel]:
    """Return a model for every fold, which saw no page of it, and the model of all pages.

    The trees for pages on one line are those of `kept` where that is given.
    """
    found = describe_all(pages, lists)
    words, tables = found.words, found.tables
    trees = two_rounds(found.matrices, SHARES)
    if kept is None:
        cut_trees = two_rounds(found.matrices, CUT_SHARES)
    else:
        cut_trees = [kept.cut_first] * (FOLDS + 1), [kept.cut_second] * (FOLDS + 1)
    models = [
        LineModel(
            **words, table=table, bias=bias, first=one, second=two, cut_first=cut_one, cut_second=cut_two
        )
        for (table, bias), one, two, cut_one, cut_two in zip(tables, *trees, *cut_trees, strict=True)
    ]
    return add_pages(pages, words, models)


def learn_cut(
    pages: list[Page], lists: dict[str, pl.Series], kept: LineModel
) -> tuple[list[LineModel], LineModel]:
    """Learn the trees for pages on one line alone, and keep the rest of a model; returns what `learn` does."""
    found = describe_all(pages, lists, kept.vocabulary)
    firsts, seconds = two_rounds(found.matrices, CUT_SHARES)
    tables = [*found.tables[:FOLDS], (kept.table, kept.bias)]
    models = [
        replace(kept, table=table, bias=bias, cut_first=one, cut_second=two)
        for (table, bias), one, two in zip(tables, firsts, seconds, strict=True)
    ]
    return models[:FOLDS], models[FOLDS]


def two_rounds(data: list[tuple[Any, Data]], shares: Any) -> tuple[list[Any], list[Any]]:
    """Return the trees of both rounds, by fold and last of all pages; the second sees the first one's verdicts."""
    trees, likely = by_fold(data, ROUNDS[0], shares)
    second = [
        (np.c_[matrix, to_matrix(compute_stacked_features(probability, each.plain))], each)
        for (matrix, each), probability in zip(data, likely, strict=True)
    ]
    more_trees, _ = by_fold(second, ROUNDS[1], shares)
    return [*trees, boost(data, None, ROUNDS[0], shares)], [
        *more_trees,
        boost(second, None, ROUNDS[1], shares),
    ]


def add_pages(
    pages: list[Page], words: dict[str, pl.Series], models: list[LineModel]
) -> tuple[list[LineModel], LineModel]:
    """Give the models trees for HTML pages, learned from the verdicts of the folds' models and the markup."""
    lines = labelled_lines(pages, "html")
    data = prepare(pages, lines, words)
    likely = np.zeros(len(lines), np.float32)
    for fold, model in enumerate(models[:FOLDS]):
        rows = data.fold == fold
        likely[rows] = predict_text(lines, model)[0][rows]
    matrix = build_page_matrix(likely, lines.select(pl.col("^html_.*$")), data.plain.bounds)
    grown = []
    for fold, model in zip((*range(FOLDS), None), models, strict=True):
        rows = np.flatnonzero((data.weight > 0) & (data.fold != fold))
        target = lightgbm.Dataset(matrix[rows], data.is_gold[rows], weight=data.weight[rows])
        grown.append(replace(model, page=lightgbm.train(PAGE_BOOST, target, PAGE_ROUNDS)))
    return grown[:FOLDS], grown[FOLDS]


# ---------------------------------------------------------------- scores


def report(pages: list[Page], models: list[LineModel], renderings: tuple[str, ...]) -> None:
    """Print P, R and F1 of the product, by rendering and set: each page cleaned with the model of its fold."""
    settings = read_settings()
    resources_of_folds = [
        CleaningResources(load_rules(settings.rules), model, load_glue(settings.glue)) for model in models
    ]
    for rendering in renderings:
        for known in (False, True) if rendering == "raw" else (False,):
            texts = clean_by_fold(pages, rendering, resources_of_folds, source_known=known)
            for name in SETS:
                numbers = [n for n, page in enumerate(pages) if page.set == name and n in texts]
                if numbers:
                    scores = score_texts([pages[n].golds for n in numbers], [texts[n] for n in numbers])
                    label = f"{rendering} + source" if known else rendering
                    print(
                        f"{label:<14} {name:<9} P {scores.p:.4f} R {scores.r:.4f} F1 {scores.f1:.4f}"
                        f"  token F1 {scores.token_f1:.4f}",
                        flush=True,
                    )


def clean_by_fold(
    pages: list[Page], rendering: str, resources_of_folds: list[CleaningResources], *, source_known: bool
) -> dict[int, str]:
    """Return the clean text of every page in one rendering; with `source_known`, pages of a domain share a template."""
    rows = [
        (str(n), page.texts[rendering], page.domain if source_known else str(n), fold_of(page.domain))
        for n, page in enumerate(pages)
        if rendering in page.texts
    ]
    frame = pl.DataFrame(rows, schema=["doc_id", "raw_text", "source", "fold"], orient="row")
    frame = frame.with_columns(
        media_type=pl.lit("text/html" if rendering == "html" else "text/plain"),
        title=pl.lit(None, pl.String),
        published_at=pl.lit(None, pl.Datetime("us", "UTC")),
    )
    keys = template_keys(frame)
    evidence = find_evidence(keys, count_lines(keys, empty(SOURCE_LINES)))
    texts: dict[int, str] = {}
    for fold, resources in enumerate(resources_of_folds):
        part = frame.filter(pl.col("fold") == fold)
        _, documents = clean(part, resources, evidence)
        texts |= {int(doc_id): text for doc_id, text in documents.select("doc_id", "text").iter_rows()}
    return texts


def find_vocabulary(lines: pl.DataFrame, pages: list[Page]) -> pl.Series:
    """Return the tokens that four pages or more of two domains or more hold, sorted, after those that stand for numbers
    by length.

    Words of one domain are names of its sections and authors: learned, they would say nothing of strangers.
    """
    domains = {str(number): page.domain for number, page in enumerate(pages)}
    tokens = lines.select(
        "doc_id",
        domain=pl.col("doc_id").replace_strict(domains, return_dtype=pl.String),
        token=pl.col("body").str.to_lowercase().str.extract_all(UNIT),
    )
    known = (
        tokens.explode("token", empty_as_null=False)
        .unique()
        .filter(~pl.col("token").str.contains(r"^\p{Nd}"))
        .group_by("token")
        .agg(pl.len(), n_domains=pl.col("domain").n_unique())
        .filter((pl.col("len") >= 4) & (pl.col("n_domains") >= 2))
    )["token"].sort()
    return pl.concat([pl.Series([f"0{length}" for length in range(1, 6)]), known])


def save(folder: Path, model: LineModel) -> None:
    """Write the weights as data: the words, the table in half precision, and the trees as LightGBM's text."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("function_words", "address_words"):
        (folder / f"{name}.txt").write_text("\n".join(getattr(model, name)) + "\n", encoding="utf-8")
    (folder / "vocabulary.txt").write_text("\n".join(model.vocabulary) + "\n", encoding="utf-8")
    np.savez_compressed(folder / "table.npz", table=model.table.astype(np.float16), bias=model.bias)
    for name in ("first", "second", "page", "cut_first", "cut_second"):
        trees = getattr(model, name)
        if isinstance(trees, lightgbm.Booster):
            trees.save_model(folder / f"{name}.txt")
        elif not (folder / f"{name}.txt").exists():  # kept
            shutil.copy(read_settings().line_model / f"{name}.txt", folder)


def main() -> None:
    """Read the arguments, learn, print the scores, write the weights."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT.parent / "shared" / "eval" / "clean")
    parser.add_argument("--score-only", action="store_true", help="write no weights")
    parser.add_argument(
        "--cut-only",
        action="store_true",
        help="learn the trees for pages on one line alone, and keep the rest",
    )
    parser.add_argument(
        "--keep-cut", action="store_true", help="keep the trees for pages on one line, and learn the rest"
    )
    parser.add_argument(
        "--into", type=Path, help="write the weights into this folder instead of seeds/line_model"
    )
    parser.add_argument("--folds", type=Path, help="also write the folds' models into this folder")
    arguments = parser.parse_args()
    began = time.perf_counter()
    folder = read_settings().line_model
    pages = read_pages(arguments.folder)
    lists = {name: read_list(folder / f"{name}.txt") for name in ("function_words", "address_words")}
    if arguments.cut_only:
        models, final = learn_cut(pages, lists, load_line_model(folder))
        report(pages, models, ("oneline",))
    else:
        models, final = learn(pages, lists, load_line_model(folder) if arguments.keep_cut else None)
    if arguments.folds:
        for fold, model in enumerate(models):
            save(arguments.folds / str(fold), model)
    if not arguments.score_only:
        save(arguments.into or folder, final)
    if not arguments.cut_only:
        report(pages, models, (*RENDERINGS, "html"))
    print(f"{time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
