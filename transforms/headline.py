"""The headline: which line above the article is its title."""

import polars as pl

from transforms.structure import mark_as, mark_rows
from transforms.words import fold

_DOC = "doc_id"
_WORDS = (3, 35)
_NO_HEADLINE = r"[.,;:…。，、；：।॥۔،؛][\"”’)»\x{200E}\x{200F}]*$"
#: A title is known by its words: those of four letters and more that the article's first lines of prose hold too
#: count for it, the others against it. On the 368 news pages of ../shared/eval/clean (title of the page's own
#: metadata, one holding the other): 0.514 right by the first line that looks like a title, 0.677 with these words.
_PROSE_LINES = 15
_AGAINST = 0.5
#: Of lines that fit alike the nearest to the article: this much for a line of distance.
_DISTANCE = 0.015
#: A title that other pages of the source hold stands in their lists of stories; a slogan stands on all.
_SHARED = 1.0


def mark_headline(lines: pl.DataFrame) -> pl.DataFrame:
    """Find the headline; add it as a column on its line, mark that line, and mark its repetitions.

    The headline is the unmarked line above the prose, of 3 to 35 words that do not end as a sentence or a list does,
    whose words the article takes up most; where nothing but it is left, there is no headline. Takes judged lines
    with `evidence`.
    """
    fits = pl.col("top") & pl.col("rule").is_null() & pl.col("n_words").is_between(*_WORDS)
    left = ((pl.col("rule").is_null() & (pl.col("body") != "")).sum().over(_DOC) > 1)
    candidates = lines.filter(fits & left & ~pl.col("body").str.contains(_NO_HEADLINE))
    best = _weigh(candidates, lines).sort("fit", "line", descending=[True, False]).group_by(_DOC).first()
    chosen = best.select(_DOC, "line", is_headline=pl.lit(value=True))
    lines = lines.join(chosen, on=[_DOC, "line"], how="left", maintain_order="left").with_columns(
        headline=pl.when("is_headline").then(pl.col("body").str.slice(pl.col("glue")))
    )
    lines = mark_as(lines.drop("is_headline"), "headline", 1.0, pl.col("headline").is_not_null())
    titles = lines.drop_nulls("headline").select(_DOC, "n_words", title=fold(pl.col("headline")))
    alike = lines.filter(pl.col("rule").is_null()).join(titles, on=[_DOC, "n_words"])  # cheap, before folding
    return mark_rows(lines, "repeated_headline", 0.98, alike.filter(fold(pl.col("body")) == pl.col("title")))


def _weigh(candidates: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Return doc_id, line and fit for every candidate."""
    prose = lines.filter(pl.col("prose") & pl.col("rule").is_null() & pl.col(_DOC).is_in(candidates[_DOC].implode()))
    first = prose.group_by(_DOC, maintain_order=True).head(_PROSE_LINES)
    begins = prose.group_by(_DOC).agg(begins=pl.col("line").min())
    taken_up = _content_words(first).select(_DOC, "word").unique().with_columns(held=pl.lit(value=True))
    words = _content_words(candidates).join(taken_up, on=[_DOC, "word"], how="left")
    weight = pl.when("held").then(1.0).otherwise(-_AGAINST)
    scores = words.group_by(_DOC, "line").agg(score=weight.sum() / pl.len().sqrt())
    return (
        candidates.select(_DOC, "line", "evidence", few=pl.col("n_words") < 5)
        .join(scores, on=[_DOC, "line"], how="left")
        .join(begins, on=_DOC, how="left")
        .with_columns(
            fit=pl.col("score").fill_null(0.0)
            - _DISTANCE * (pl.col("begins") - pl.col("line")).fill_null(0)
            - _SHARED * pl.col("evidence").is_not_null()
            - 0.5 * pl.col("few")
        )
    )


def _content_words(lines: pl.DataFrame) -> pl.DataFrame:
    """Return doc_id, line and word, once each, for the words of four letters and more."""
    words = pl.col("body").str.to_lowercase().str.extract_all(r"[\p{L}\p{N}]{4,}")
    return lines.select(_DOC, "line", word=words).explode("word", empty_as_null=False).unique()
