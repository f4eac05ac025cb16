"""Lines next to the article that the line model takes for no part of it, and that belong to it often enough.

The model errs most in short lines: tables, key facts, short answers, captions. Where the vocabulary, which knows what
surrounds articles, marked nothing in between, losing them is worse than keeping a caption.
"""

import polars as pl

from copydesk.transforms.clean.marks import drop_blank_lines, is_row_in
from copydesk.transforms.text.patterns import SENTENCE_END

#: On folds over registered domains (benchmarks/folds.py), unmarked lines between two kept ones hold 15,390 words of
#: articles and 18,856 others; with these three numbers R is 0.963 instead of 0.957 and P 0.904 instead of 0.911 on
#: news pages.
GAP_FLOOR, TAIL_FLOOR, TAIL_LINES = 0.1, 0.15, 3
#: A quarter of the words of such a run belongs to the article if one of its lines has 0.2, more than a half if its
#: lines are sentences. It costs 0.002 of F1 on news pages.
RUN_FLOOR, RUN_LINES = 0.22, 8


def keep_gaps(lines: pl.DataFrame, but: pl.Series) -> pl.DataFrame:
    """Keep more of what stands next to lines of the article, where no rule of the vocabulary marked a line in between.

    `lines` are marked and have likely and keep; documents whose id is in `but` stay as they are.

    * Between two lines of the article, a line stays from the probability GAP_FLOOR on.
    * Below the last one, a sentence in the first TAIL_LINES lines, from TAIL_FLOOR on.
    * Below the last one down to the next marked line, and between the headline and the first one: the whole run of
      up to RUN_LINES lines (tables, key facts) if one of them has RUN_FLOOR, or if they are three lines or more and
      nearly all end as sentences (short answers).
    """
    shown = _describe_runs(drop_blank_lines(lines).filter(~pl.col("doc_id").is_in(but.implode())))
    touches = pl.col("marks_above") == pl.col("n_marked")
    is_first = pl.col("far").is_null() & (pl.col("marks_below") == pl.col("n_marked"))
    is_last = pl.col("marks_below").is_null()
    is_closed = is_first | (pl.col("n_marked").max().over("doc_id") > pl.col("n_marked"))
    inside = (pl.col("marks_above") == pl.col("marks_below")) & ~is_first & (pl.col("likely") >= GAP_FLOOR)
    tail = is_last & touches & (pl.col("far") <= TAIL_LINES) & (pl.col("likely") >= TAIL_FLOOR)
    answers = (pl.col("n_run") >= 3) & (pl.col("n_sentences") >= 0.8 * pl.col("n_run"))
    whole = (is_first | is_last) & is_closed & touches & (pl.col("n_run") <= RUN_LINES)
    whole &= (pl.col("best") >= RUN_FLOOR) | answers
    spared = shown.filter(
        pl.col("free") & (inside | (tail & pl.col("sentence")) | whole).fill_null(value=False)
    )
    hit = is_row_in(lines, spared["row"])
    return lines.with_columns(keep=pl.when(hit).then(pl.lit(value=True)).otherwise("keep"))


def _describe_runs(shown: pl.DataFrame) -> pl.DataFrame:
    """Add where each line stands: the number of marked lines above it, and above the next kept lines on both sides; how
    far below a kept line; and size, sentences and best probability of its run of lines neither kept nor marked.
    """
    marked = pl.col("rule").is_not_null() & (pl.col("rule") != "headline")
    shown = shown.with_columns(
        kept=pl.col("keep") & pl.col("rule").is_null(),
        n_marked=marked.cast(pl.Int64).cum_sum().over("doc_id"),
        at=pl.int_range(pl.len()).over("doc_id"),
        sentence=pl.col("body").str.contains(SENTENCE_END),
    ).with_columns(anchor=pl.col("kept") | (pl.col("rule") == "headline").fill_null(value=False))
    shown = shown.with_columns(
        free=~pl.col("anchor") & ~marked,
        marks_above=pl.when("anchor").then("n_marked").forward_fill().over("doc_id"),
        marks_below=pl.when("kept").then("n_marked").backward_fill().over("doc_id"),
        far=pl.col("at") - pl.when("kept").then("at").forward_fill().over("doc_id"),
        run=(pl.col("anchor") | marked).cast(pl.Int64).cum_sum().over("doc_id"),
    )
    run = ["doc_id", "run"]
    return shown.with_columns(
        n_run=pl.col("free").cast(pl.Int64).sum().over(run),
        n_sentences=(pl.col("free") & pl.col("sentence")).cast(pl.Int64).sum().over(run),
        best=pl.when("free").then("likely").max().over(run),
    )
