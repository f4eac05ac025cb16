"""Verdicts that were learned: the source's own template, and the trained line model.

They come after the vocabulary and respect its marks; each takes judged lines and fills `rule` and `score`.
"""

import numpy as np
import polars as pl

from copydesk.transforms.clean.marks import is_row_in, mark_as
from copydesk.transforms.line_model.document_bounds import DocumentBounds
from copydesk.transforms.line_model.model import LineModel, predict
from copydesk.transforms.line_model.selection import select_lines
from copydesk.transforms.text.lines import fill_rows
from copydesk.transforms.text.patterns import STATEMENT_END

#: How many independent documents of the source must hold a line.
MIN_DOCUMENTS = 2
#: And a line that ends as a sentence, from this many words on: articles made from one form share such lines, and two
#: articles share a quotation. (With fewer documents the line model decides: it must hold the line for unlikely.)
MIN_DOCUMENTS_SENTENCE, SENTENCE_WORDS = 4, 8
#: As many for a line of up to this many words between two lines of prose: two articles share a subhead.
SUBHEAD_WORDS = 6
#: No number of documents removes a line that the line model is so sure of.
SURE = 0.9
#: The share of the words that so many documents have in common that is not the article's: measured on
#: ../shared/eval/clean, sources with two pages or more (68,684, 33,721 and 13,784 words).
_PRECISION = {2: 0.991, 3: 0.996, 4: 0.999}
#: Keep the lines that make the expected F score greatest, precision counting more than recall, and none that is
#: less likely than the floor. On the folds of `make train-clean`, news pages: beta2 0.7 gives P 0.917 R 0.955, 0.55
#: gives P 0.920 R 0.951.
BETA2, FLOOR = 0.55, 0.1
#: A paragraph of the story that is lost is worse than a menu line that is kept: prose, and a subhead between prose, go
#: only where F1 itself would let them go, at half its value. P 0.918 R 0.955, F1 0.936 for 0.9355.
PROSE_FLOOR = 0.47
#: Where this share of a page's words is likely the article's, somebody has cleaned it already, and a lost line is worse
#: than a kept one. (With a share of 0.6: "light" pages R +0.006, but news pages P -0.007.)
BETA2_CLEAN, CLEAN_SHARE = 3.0, 0.8
#: With the markup in hand precision is higher: 1.0 gives P 0.938 R 0.963, 0.7 gives P 0.940 R 0.958.
BETA2_PAGE = 1.0


def mark_template(lines: pl.DataFrame) -> pl.DataFrame:
    """Mark the lines that other documents of the source hold too: `evidence` says how many, null for none.

    Lines have `likely` too where there is a line model. The evidence stays on the marked lines alone.
    """
    likely = pl.col("likely") if "likely" in lines.columns else pl.lit(None, pl.Float64)
    known = lines.with_row_index("row").with_columns(subhead=_is_subhead())
    known = known.filter(
        pl.col("rule").is_null()
        & (pl.col("evidence") >= MIN_DOCUMENTS)
        & (likely < SURE).fill_null(value=True)
    )
    sentence = pl.col("body").str.contains(STATEMENT_END) & (pl.col("n_words") >= SENTENCE_WORDS)
    many = (pl.col("evidence") >= MIN_DOCUMENTS_SENTENCE) | ~(sentence | pl.col("subhead"))
    hit = is_row_in(lines, known.filter(many | (likely < 0.5).fill_null(value=False))["row"])
    score = pl.col("evidence").clip(2, 4).replace_strict(_PRECISION, default=None, return_dtype=pl.Float64)
    return lines.with_columns(
        rule=pl.when(hit).then(pl.lit("source_template")).otherwise("rule"),
        score=pl.when(hit).then(score).otherwise("score"),
        evidence=pl.when(hit).then("evidence"),
    )


def _is_subhead() -> pl.Expr:
    """Say whether a line is a few words between two lines of prose: a heading that articles share ("What next")."""
    prose = pl.when((pl.col("body") != "") & pl.col("rule").is_null()).then(pl.col("prose"))
    above = prose.shift(1).forward_fill().over("doc_id")
    below = prose.shift(-1).backward_fill().over("doc_id")
    return (above & below & ~pl.col("prose") & (pl.col("n_words") <= SUBHEAD_WORDS)).fill_null(value=False)


def score_lines(lines: pl.DataFrame, model: LineModel, markup: pl.DataFrame | None = None) -> pl.DataFrame:
    """Add `likely`, the probability that the line is the article's, and `keep`, whether it should stay.

    A line that is marked already counts as not the article's; blank lines have neither. A line is prose no longer
    where it should not stay, and one of 20 words that is surely the article's is prose however it ends. `markup` is
    what :func:`copydesk.transforms.html.line_features.compute_html_features` says of HTML pages.
    """
    is_shown = lines["body"] != ""
    shown = lines.filter(is_shown)
    if shown.is_empty():
        return lines.with_columns(likely=pl.lit(None, pl.Float64), keep=pl.lit(None, pl.Boolean))
    likely = np.where(shown["rule"].is_null(), predict(shown, model, markup), 0)
    n_words = shown["n_words"].to_numpy().astype(np.float32)
    is_page = np.zeros(len(shown), np.bool_)
    if markup is not None:
        is_page = shown["doc_id"].is_in(markup["doc_id"].unique().implode()).to_numpy()
    bounds = DocumentBounds.of(shown["doc_id"].rle_id().to_numpy())
    is_clean = bounds.sum_document(likely * n_words) >= CLEAN_SHARE * bounds.sum_document(n_words)
    beta2 = np.where(is_page, BETA2_PAGE, np.where(is_clean, BETA2_CLEAN, BETA2))
    keep = select_lines(likely, n_words, bounds, beta2, FLOOR)
    is_text = shown.select(pl.col("prose") | _is_subhead()).to_series().to_numpy()
    keep |= is_text & (likely >= PROSE_FLOOR)
    believed = ((pl.col("n_words") >= 20) & (pl.col("likely") >= 0.8)).fill_null(value=False)
    return lines.with_columns(
        likely=fill_rows(is_shown, pl.Series(likely, dtype=pl.Float64)),
        keep=fill_rows(is_shown, pl.Series(keep)),
    ).with_columns(prose=(pl.col("prose") & pl.col("keep").fill_null(value=False)) | believed)


def mark_unlikely(lines: pl.DataFrame) -> pl.DataFrame:
    """Mark the lines that :func:`weigh` would not keep; the score is how sure it is."""
    lines = mark_as(lines, "line_model", 0.0, pl.col("keep").eq_missing(other=False))
    return lines.with_columns(
        score=pl.when(pl.col("rule") == "line_model").then(1 - pl.col("likely")).otherwise("score")
    )
