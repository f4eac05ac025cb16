"""Is there an article on the page, and all of it? What the gate after the clean stage asks of what is left.

Measured on ../shared/eval/clean by folds: 910 pages, their articles alone, their articles cut to the first lines
between all menus, and the pages without their articles; 400 items of wire copy behind menus. See the suite
(expectations/suites/clean.yaml) for what its limits cost and catch.
"""

import polars as pl

from copydesk.transforms.clean.marks import drop_blank_lines
from copydesk.transforms.text.patterns import CLOSERS, SENTENCE_END, STOP

#: A line with fewer words says nothing about the page.
_LINE_WORDS = 4
#: A sentence ends in a line, or inside it.
_HAS_SENTENCE = rf"(?:{STOP}|…){CLOSERS}(?:\s|$)"
_SENTENCE_WORDS = 5
#: A page with no sentence left, with so many lines removed, and no line as likely as this is a list of links; the
#: second limit is for pages that say so themselves ("214 results").
_LIST_REMOVED, _LIST_SCORE, _NAMED_LIST_SCORE = 5, 0.5, 0.95
#: Rules whose lines say that there is more of the text elsewhere.
_MORE_ELSEWHERE = ("paywall", "continue_reading")
_IS_CUT = rf"(?:\.\.\.|…|\[(?:…|\.\.\.)\]|\[\+\d+ chars?\]){CLOSERS}$"


def judge_articles(lines: pl.DataFrame) -> pl.DataFrame:
    """Return doc_id, article_score, is_listing and is_truncated of the documents of marked `lines`.

    * article_score: the greatest probability of a line that stays; null without a line model or such a line.
    * is_listing: no sentence is left on a page from which five lines or more were removed, and no line is likely.
    * is_truncated: the last line that stays is cut off, or stops in the middle of a sentence above an offer to read on.
    """
    likely = pl.col("likely") if "likely" in lines.columns else pl.lit(None, pl.Float64)
    shown = drop_blank_lines(lines).with_columns(likely=likely, kept=pl.col("rule").is_null())
    kept = pl.col("kept")
    below = pl.col("rule").filter(~kept & (pl.col("row") > pl.col("row").filter(kept).max())).first()
    last = pl.col("body").filter(kept).last()
    found = shown.group_by("doc_id", maintain_order=True).agg(
        article_score=pl.col("likely").filter(kept & (pl.col("n_words") >= _LINE_WORDS)).max(),
        n_sentences=(
            kept & pl.col("body").str.contains(_HAS_SENTENCE) & (pl.col("n_words") >= _SENTENCE_WORDS)
        ).sum(),
        n_removed=(~kept).sum(),
        is_named_list=(pl.col("rule") == "listing_note").any(),
        is_cut=last.str.contains(_IS_CUT),
        stops=last.str.contains(SENTENCE_END),
        more=below.is_in(_MORE_ELSEWHERE),
    )
    limit = pl.when("is_named_list").then(_NAMED_LIST_SCORE).otherwise(_LIST_SCORE)
    unlikely = (pl.col("article_score") < limit).fill_null(value=False)
    return found.select(
        "doc_id",
        "article_score",
        is_listing=(pl.col("n_sentences") == 0) & (pl.col("n_removed") >= _LIST_REMOVED) & unlikely,
        is_truncated=(pl.col("is_cut") | (pl.col("more") & ~pl.col("stops"))).fill_null(value=False),
    )
