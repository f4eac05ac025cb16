"""The trained line model: how probable it is that a line belongs to the article.

Two rounds of gradient-boosted trees. The first sees the line, its place, its neighbours and what a linear model
of word n-grams says of them (:mod:`copydesk.transforms.line_model.ngrams`); the second sees all that and
the first round's verdicts
on the lines around (stacking; Wolpert 1992). Trained by benchmarks/train_clean.py; seeds/line_model/CARD.md says
on what, and how well it does.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from copydesk.transforms.arrays import Flags, Floats
from copydesk.transforms.line_model.cohesion import SharedWords, cohesion, likely_cohesion, share_words
from copydesk.transforms.line_model.features import (
    LANDMARK,
    Matrix,
    neighbour_features,
    own_features,
    place_features,
    repetition,
    stack,
)
from copydesk.transforms.line_model.ngrams import (
    CONTEXT_TOKENS,
    OWN_TOKENS,
    Grams,
    Table,
    alone_and_among,
    codes,
    context_features,
    known_words,
    to_grams,
)
from copydesk.transforms.line_model.pages import Pages
from copydesk.transforms.line_model.tokens import tokenize
from copydesk.transforms.text.lines import ends_line


@dataclass(frozen=True)
class LineModel:
    """The weights. `first`, `second` and the others predict probabilities from matrices: a Forest, or the booster of
    LightGBM that was just trained.

    `page` is for lines of HTML pages, whose markup it sees; `cut_first` and `cut_second` are the two rounds for pages
    that lay on one line and were cut into sentences. These may be missing.
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


class Plain(NamedTuple):
    """What needs no weights: features by name, the bounds of the documents, n-grams (own, context), words in common."""

    features: dict[str, Floats]
    pages: Pages
    grams: tuple[Grams, Grams]
    words: SharedWords


def predict(lines: pl.DataFrame, model: LineModel, markup: pl.DataFrame | None = None) -> Floats:
    """Return the probability that each line is the article's.

    Takes the lines that show something (doc_id, line, text, body), in the order of document and line, and for those of
    HTML pages what :func:`copydesk.transforms.html.line_features.html_features` says of them.
    """
    likely, pages = predict_text(lines, model)
    if markup is None or markup.is_empty() or model.page is None:
        return likely
    judged = lines.select("doc_id", "line").join(
        markup, on=["doc_id", "line"], how="left", maintain_order="left"
    )
    is_page = judged["doc_id"].is_in(markup["doc_id"].unique().implode()).to_numpy()
    matrix = page_matrix(likely, judged.select(pl.col("^html_.*$")), pages)[is_page]
    likely[is_page] = model.page.predict(matrix)
    return likely


def predict_text(lines: pl.DataFrame, model: LineModel) -> tuple[Floats, Pages]:
    """Return the probabilities by the text alone, and the bounds of the documents."""
    plain = plain_features(lines, model.vocabulary, model.function_words, model.address_words)
    pages = plain.pages
    margins = alone_and_among(*plain.grams, pages, model.table, model.bias)
    base = plain.features | context_features(*margins, plain.features["n_words"], pages)
    is_cut = find_cut(lines)
    if model.cut_first is None:
        is_cut[:] = False
    first = _predict_apart(stack(base), is_cut, model.first, model.cut_first)
    features = stack(base | verdict_features(first, plain))
    second = _predict_apart(features, is_cut, model.second, model.cut_second)
    return (first + second) / 2, pages


def find_cut(lines: pl.DataFrame) -> Flags:
    """Say of each line whether its document lay on one line and was cut: most of its text is in parts of lines."""
    size = pl.col("text").str.len_chars()
    is_part = ~ends_line(pl.col("text"))
    parts = pl.when(is_part).then(size).otherwise(0)
    is_cut = (is_part.sum() >= 2) & (parts.sum() * 2 > size.sum())
    return lines.select(is_cut.over("doc_id")).to_series().to_numpy(writable=True)


def _predict_apart(matrix: Matrix, is_cut: Flags, trees: Any, cut_trees: Any) -> Floats:
    """Predict the lines of cut pages by trees of their own."""
    found = np.zeros(len(matrix), np.float32)
    if not is_cut.any():
        found[:] = trees.predict(matrix)  # no rows to pick: that would copy the matrix
        return found
    for rows, own in ((~is_cut, trees), (is_cut, cut_trees)):
        if rows.any():
            found[rows] = own.predict(matrix[rows])
    return found


def page_matrix(likely: Floats, markup: pl.DataFrame, pages: Pages) -> Matrix:
    """Return what the trees for HTML pages see: the text's verdict, the markup (`html_*`), and those around."""
    precise = np.nan_to_num(markup["html_precise"].cast(pl.Float32).to_numpy())
    around = [
        likely,
        *(pages.shift(values, by) for values in (likely, precise) for by in (-1, 1)),
        *(pages.window(values, -by, by) for values in (likely, precise) for by in (3, 10)),
    ]
    return np.concatenate(
        [np.stack(around, axis=1), markup.cast(pl.Float32).to_numpy()], axis=1, dtype=np.float32
    )


def plain_features(
    lines: pl.DataFrame, vocabulary: pl.Series, function_words: pl.Series, address_words: pl.Series
) -> Plain:
    """Describe lines (doc_id, body), in the order of documents, by what needs no weights."""
    tokens = tokenize(lines["body"])
    document = lines["doc_id"].rle_id().to_numpy()
    pages = Pages.of(document)
    own = own_features(
        tokens,
        lines["body"].str.len_chars().to_numpy().astype(np.float32),
        *(
            tokens.types.is_in(words.implode()).to_numpy().astype(np.float32)
            for words in (function_words, address_words)
        ),
    )
    code = codes(tokens.types, vocabulary)
    grams = (to_grams(tokens, code, OWN_TOKENS), to_grams(tokens, code, CONTEXT_TOKENS))
    words = share_words(tokens, document.astype(np.int64))
    features = (
        own
        | repetition(tokens, pages)
        | cohesion(words, tokens.count >= LANDMARK)
        | place_features(own, pages)
        | neighbour_features(own, pages)
        | known_words(tokens, code, pages)
    )
    return Plain(features, pages, grams, words)


def verdict_features(first: Floats, plain: Plain) -> dict[str, Floats]:
    """Return what the first round's probabilities say of the line's surroundings, and of those that share its words."""
    pages, n_words = plain.pages, plain.features["n_words"]
    words = np.minimum(n_words, 80) + 1
    likely = first * words
    found: dict[str, Floats] = {"p": first}
    for by in (-4, -3, -2, -1, 1, 2, 3, 4):
        found[f"p@{by}"] = pages.shift(first, by)
    for low, high in ((-1, 1), (-3, 3), (-8, 8), (-8, -1), (1, 8), (-25, -1), (1, 25)):
        share = pages.window(likely, low, high) / np.maximum(pages.window(words, low, high), 1e-6)
        found[f"p[{low},{high}]"] = share
    total = np.maximum(pages.whole(likely), 1e-6)
    above = pages.above(likely)
    found |= {
        "p_above": above / total,
        "p_below": 1 - (above + likely) / total,
        "p_words": total,
        "p_share": total / np.maximum(pages.whole(words), 1),
        "n_likely": pages.whole((first > 0.5).astype(np.float32)),
    }
    for bound in (0.3, 0.5, 0.8):
        up, down = pages.since((first > bound) & (n_words >= 8))
        found |= {f"up>{bound}": up, f"down>{bound}": down}
    for bound in (0.1, 0.3):
        for least in (0, 3):
            up, down = pages.since((first < bound) & (n_words >= least))
            found |= {f"up<{bound},{least}": up, f"down<{bound},{least}": down}
    return found | _stretches(first, likely, pages) | likely_cohesion(plain.words, first)


def _stretches(first: Floats, likely: Floats, pages: Pages) -> dict[str, Floats]:
    """Return size and rank of the stretch of likely (or unlikely) lines that the line stands in."""
    low = first < 0.2
    change = (low[1:] != low[:-1]) | (pages.start[1:] != pages.start[:-1])
    stretch = np.cumsum(np.concatenate([[True], change])) - 1
    mass = np.bincount(stretch, likely)[stretch]
    begins, page = np.unique(pages.start, return_inverse=True)
    greatest = np.maximum.reduceat(np.where(low, 0, mass), begins)[page]
    signed = np.where(low, -mass, mass)
    return {
        "stretch_words": signed.astype(np.float32),
        "stretch_lines": np.bincount(stretch)[stretch].astype(np.float32),
        "stretch_share": (signed / np.maximum(greatest, 1e-3)).astype(np.float32),
    }


def select_lines(
    probability: Floats, n_words: Floats, pages: Pages, beta2: Floats | float, floor: float
) -> Flags:
    """Return which lines to keep: those that make the document's expected F score greatest, none below `floor`.

    With the lines in falling order of probability p and words w, keeping the first k has the expected score
    (1 + beta2) * sum(p w over k) / (sum(w over k) + beta2 * sum(p w over all)) (Lewis 1995); `beta2` is one number or
    one a line, the same in a document. A page of which the
    model is sure is cut at about one half, an unusual one lower, so that a poem or a list is not lost.
    """
    words = n_words + 1
    order = np.lexsort((-probability, pages.start))
    start = pages.start
    kept_words = pages.above(words[order]) + words[order]
    kept_likely = pages.above((probability * words)[order]) + (probability * words)[order]
    expected = kept_likely / (
        kept_words + np.broadcast_to(beta2, words.shape)[order] * pages.whole(probability * words)
    )
    begins = np.unique(start)
    greatest = np.maximum.reduceat(expected, begins)
    page = np.searchsorted(begins, start)
    is_best = expected >= greatest[page]
    cut = np.full(len(begins), 1.0)
    np.minimum.at(cut, page[is_best], probability[order][is_best])
    keep: Flags = (probability >= cut[page]) & (probability >= floor)
    return keep
