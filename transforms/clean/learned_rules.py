"""Learned rules: the source's own template, and the trained line model.

They come after the rules of the vocabulary and respect their marks; each takes marked lines and fills `rule`
and `score`.
"""

import numpy as np
import polars as pl

from copydesk.transforms.clean.gap_lines import keep_gaps
from copydesk.transforms.clean.marks import is_row_in, mark_as
from copydesk.transforms.line_model.document_bounds import DocumentBounds
from copydesk.transforms.line_model.model import LineModel, predict
from copydesk.transforms.line_model.selection import select_lines
from copydesk.transforms.text.lines import fill_rows
from copydesk.transforms.text.patterns import STATEMENT_END

#: How many independent documents of the source must contain a line.
MIN_DOCUMENTS = 2
#: How many must contain a line that ends as a sentence, from so many words on: articles written from one form
#: share such lines, and two articles may share a quotation. (With fewer documents the line model decides: it
#: must consider the line unlikely.)
MIN_DOCUMENTS_SENTENCE, SENTENCE_WORDS = 4, 8
#: As many must contain a line of any length that ends as a sentence a little below prose: a stock phrase.
MIN_DOCUMENTS_PHRASE = 20
#: As many must contain a line of up to this many words between two lines of prose: two articles may share a
#: subhead.
SUBHEAD_WORDS = 6
#: No number of documents removes a line with this probability or more.
SURE = 0.9
#: By number of documents, the share of the words they have in common that does not belong to the article:
#: measured on ../shared/eval/clean, sources with two pages or more (68,684, 33,721 and 13,784 words).
_PRECISION = {2: 0.991, 3: 0.996, 4: 0.999}
#: Keep the lines that maximise the expected F score, in which precision counts more than recall, and none that
#: is less likely than the floor. On folds over registered domains 1.0 loses a third fewer paragraphs than 0.55, at the
#: same F1 on news pages and 0.004 more on others.
BETA2, FLOOR = 1.0, 0.1
#: Losing a paragraph of the story is worse than keeping a menu line: prose, and a subhead between prose, stay from this
#: probability on. With 0.2 instead of 0.47 a hundred news pages lose 12 paragraphs instead of 18, others 16 instead of
#: 45, at the same F1.
PROSE_FLOOR = 0.2
#: If this share of a page's words is likely to belong to the article, the page was cleaned before, and losing a
#: line is worse than keeping one. (With a share of 0.6: "light" pages R +0.006, but news pages P -0.007.)
BETA2_CLEAN, CLEAN_SHARE = 3.0, 0.8
#: With markup available precision is higher: 1.0 gives P 0.938 R 0.963, 0.7 gives P 0.940 R 0.958.
BETA2_PAGE = 1.0


def mark_template(lines: pl.DataFrame) -> pl.DataFrame:
    """Mark the lines that other documents of the source contain too; `evidence` is their number, null for none.

    With a line model, lines also have `likely`. The evidence is kept on the lines marked here only.
    """
    likely = pl.col("likely") if "likely" in lines.columns else pl.lit(None, pl.Float64)
    known = lines.with_row_index("row").with_columns(subhead=_is_subhead(), near_prose=_is_near_prose())
    known = known.filter(
        pl.col("rule").is_null()
        & (pl.col("evidence") >= MIN_DOCUMENTS)
        & (likely < SURE).fill_null(value=True)
    )
    statement = pl.col("body").str.contains(STATEMENT_END)
    sentence = statement & (pl.col("n_words") >= SENTENCE_WORDS)
    many = (pl.col("evidence") >= MIN_DOCUMENTS_SENTENCE) | ~(sentence | pl.col("subhead"))
    # "No arrests have been made." ends many an article
    many &= ~(statement & pl.col("near_prose") & (pl.col("evidence") < MIN_DOCUMENTS_PHRASE))
    hit = is_row_in(lines, known.filter(many | (likely < 0.5).fill_null(value=False))["row"])
    score = pl.col("evidence").clip(2, 4).replace_strict(_PRECISION, default=None, return_dtype=pl.Float64)
    return lines.with_columns(
        rule=pl.when(hit).then(pl.lit("source_template")).otherwise("rule"),
        score=pl.when(hit).then(score).otherwise("score"),
        evidence=pl.when(hit).then("evidence"),
    )


def _is_subhead() -> pl.Expr:
    """Return an expression: whether a line is a few words between two lines of prose, a heading that articles
    share ("What next").
    """
    above = _prose().shift(1).forward_fill().over("doc_id")
    below = _prose().shift(-1).backward_fill().over("doc_id")
    return (above & below & ~pl.col("prose") & (pl.col("n_words") <= SUBHEAD_WORDS)).fill_null(value=False)


def _is_near_prose() -> pl.Expr:
    """Return an expression: whether one of the four lines above is prose that no rule marked."""
    return pl.any_horizontal(_prose().shift(by).over("doc_id") for by in range(1, 5)).fill_null(value=False)


def _prose() -> pl.Expr:
    return pl.when((pl.col("body") != "") & pl.col("rule").is_null()).then(pl.col("prose"))


def score_lines(lines: pl.DataFrame, model: LineModel, markup: pl.DataFrame | None = None) -> pl.DataFrame:
    """Add `likely`, the probability that the line belongs to the article, and `keep`, whether it should be
    kept.

    A line that is already marked has probability 0; blank lines have neither. A line that should not be kept is
    no longer prose, and one of 20 words or more that surely belongs to the article is prose however it ends.
    `markup` is the result of :func:`copydesk.transforms.html.line_features.compute_html_features` for HTML
    pages.
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


def mark_unlikely(lines: pl.DataFrame, markup: pl.DataFrame | None = None) -> pl.DataFrame:
    """Mark the lines that :func:`score_lines` and :func:`copydesk.transforms.clean.gap_lines.keep_gaps` would not keep,
    with the probability that they do not belong as their score.

    Pages whose `markup` the model saw need no second look: F1 on news 0.948 without it, 0.944 with it.
    """
    seen = pl.Series(dtype=pl.String) if markup is None else markup["doc_id"].unique()
    lines = keep_gaps(lines, seen)
    lines = mark_as(lines, "line_model", 0.0, pl.col("keep").eq_missing(other=False))
    return lines.with_columns(
        score=pl.when(pl.col("rule") == "line_model").then(1 - pl.col("likely")).otherwise("score")
    )
