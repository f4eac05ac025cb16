"""The trained line model: the probability that a line belongs to the article.

Two rounds of gradient-boosted trees. The first sees the line, its position, its neighbours and the margins of a
linear model of word n-grams (:mod:`copydesk.transforms.line_model.ngrams`); the second sees all that and the
first round's probabilities of the surrounding lines (stacking; Wolpert 1992). Trained by
benchmarks/train_clean.py; seeds/line_model/CARD.md describes the training data and the scores.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from copydesk.transforms.arrays import Flags, Floats
from copydesk.transforms.line_model.base_features import compute_base_features
from copydesk.transforms.line_model.document_bounds import DocumentBounds
from copydesk.transforms.line_model.features import Matrix, to_matrix
from copydesk.transforms.line_model.ngrams import (
    Table,
    compute_margin_features,
    compute_margins,
)
from copydesk.transforms.line_model.stacking import compute_stacked_features
from copydesk.transforms.text.lines import ends_line


@dataclass(frozen=True)
class LineModel:
    """The weights. `first`, `second` and the other trees predict probabilities from matrices: a TreeEnsemble,
    or a LightGBM booster that was just trained.

    `page` is for lines of HTML pages and sees their markup; `cut_first` and `cut_second` are the two rounds for
    pages that a scraper wrote on one line and that were cut into sentences. These three may be missing.
    """

    vocabulary: pl.Series
    function_words: pl.Series
    address_words: pl.Series
    table: Table
    bias: Floats
    first: Any
    second: Any
    page: Any = None
    cut_first: Any = None
    cut_second: Any = None


def predict(lines: pl.DataFrame, model: LineModel, markup: pl.DataFrame | None = None) -> Floats:
    """Return the probability that each line belongs to the article.

    Takes the non-blank lines (doc_id, line, text, body), sorted by document and line, and for lines of HTML
    pages the result of :func:`copydesk.transforms.html.line_features.compute_html_features`.
    """
    likely, bounds = predict_text(lines, model)
    if markup is None or markup.is_empty() or model.page is None:
        return likely
    features_of_lines = lines.select("doc_id", "line").join(
        markup, on=["doc_id", "line"], how="left", maintain_order="left"
    )
    is_page = features_of_lines["doc_id"].is_in(markup["doc_id"].unique().implode()).to_numpy()
    matrix = build_page_matrix(likely, features_of_lines.select(pl.col("^html_.*$")), bounds)[is_page]
    likely[is_page] = model.page.predict(matrix)
    return likely


def predict_text(lines: pl.DataFrame, model: LineModel) -> tuple[Floats, DocumentBounds]:
    """Return the probabilities from the text alone, and the bounds of the documents."""
    plain = compute_base_features(lines, model.vocabulary, model.function_words, model.address_words)
    bounds = plain.bounds
    margins = compute_margins(*plain.grams, bounds, model.table, model.bias)
    base = plain.features | compute_margin_features(*margins, plain.features["n_words"], bounds)
    is_cut = find_single_line_documents(lines)
    if model.cut_first is None:
        is_cut[:] = False
    first = _predict_apart(to_matrix(base), is_cut, model.first, model.cut_first)
    features = to_matrix(base | compute_stacked_features(first, plain))
    second = _predict_apart(features, is_cut, model.second, model.cut_second)
    return (first + second) / 2, bounds


def find_single_line_documents(lines: pl.DataFrame) -> Flags:
    """Return for each line whether its document was a single line that was cut: most of its text is in parts of
    lines.
    """
    size = pl.col("text").str.len_chars()
    is_part = ~ends_line(pl.col("text"))
    parts = pl.when(is_part).then(size).otherwise(0)
    is_cut = (is_part.sum() >= 2) & (parts.sum() * 2 > size.sum())
    return lines.select(is_cut.over("doc_id")).to_series().to_numpy(writable=True)


def _predict_apart(matrix: Matrix, is_cut: Flags, trees: Any, cut_trees: Any) -> Floats:
    """Predict the lines of cut pages with their own trees."""
    found = np.zeros(len(matrix), np.float32)
    if not is_cut.any():
        found[:] = trees.predict(matrix)  # selecting rows would copy the matrix
        return found
    for rows, own in ((~is_cut, trees), (is_cut, cut_trees)):
        if rows.any():
            found[rows] = own.predict(matrix[rows])
    return found


def build_page_matrix(likely: Floats, markup: pl.DataFrame, bounds: DocumentBounds) -> Matrix:
    """Return the input of the trees for HTML pages: the probability from the text, the markup (`html_*`), and
    both of the surrounding lines.
    """
    precise = np.nan_to_num(markup["html_precise"].cast(pl.Float32).to_numpy())
    around = [
        likely,
        *(bounds.shift(values, by) for values in (likely, precise) for by in (-1, 1)),
        *(bounds.window_mean(values, -by, by) for values in (likely, precise) for by in (3, 10)),
    ]
    return np.concatenate(
        [np.stack(around, axis=1), markup.cast(pl.Float32).to_numpy()], axis=1, dtype=np.float32
    )
