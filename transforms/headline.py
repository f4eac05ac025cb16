"""The headline: which line above the article is its title."""

import polars as pl

from transforms.structure import mark_as, mark_rows
from transforms.words import fold

_DOC = "doc_id"
_WORDS = (3, 35)
_NO_HEADLINE = r"[.,;:…。，、；：।॥۔،؛][\"”’)»\x{200E}\x{200F}]*$"
#: A result in a table: "Hallam 3, Selwick 1".
_RESULT = r"^\D*\d+, \D*\d+$"
#: A title is known by its words: those of four letters and more that the article's first lines of prose hold too
#: count for it, the others against it. On the 368 news pages of ../shared/eval/clean (title of the page's own
#: metadata, one holding the other): 0.514 right by the first line that looks like a title, 0.677 with these words.
_PROSE_LINES = 15
_AGAINST = 0.5
#: A standfirst takes up the article's words too, and is longer: this much against each word over so many.
_LONG, _LONG_WORDS = 0.1, 14
#: The line model takes a standfirst for the article's and a title for the page's: this much for its probability.
_LIKELY = 2.0
#: A title that other pages of the source hold stands in their lists of stories; a slogan stands on all.
_SHARED = 1.0


def mark_headline(lines: pl.DataFrame, titles: pl.DataFrame) -> pl.DataFrame:
    """Find the headline; add it as a column on its line, mark that line, and mark its repetitions.

    The headline is the unmarked line above the prose, of 3 to 35 words that do not end as a sentence or a list does,
    whose words the article takes up most; where nothing but it is left, there is no headline. Where `titles` (doc_id,
    title) gives the document's title, only a line that reads so is. Takes judged lines with `evidence`.
    """
    fits = pl.col("top") & pl.col("rule").is_null() & pl.col("n_words").is_between(*_WORDS)
    left = (pl.col("rule").is_null() & (pl.col("body") != "")).sum().over(_DOC) > 1
    fits &= ~pl.col("body").str.contains(_NO_HEADLINE) & ~pl.col("body").str.contains(_RESULT)
    candidates = lines.filter(fits & left)
    candidates = _agree(candidates, titles)
    best = _weigh(candidates, lines).sort("fit", "line", descending=[True, False]).group_by(_DOC).first()
    chosen = best.select(_DOC, "line", is_headline=pl.lit(value=True))
    lines = lines.join(chosen, on=[_DOC, "line"], how="left", maintain_order="left").with_columns(
        headline=pl.when("is_headline").then(pl.col("body").str.slice(pl.col("glue")))
    )
    lines = mark_as(lines.drop("is_headline"), "headline", 1.0, pl.col("headline").is_not_null())
    titles = lines.drop_nulls("headline").select(_DOC, "n_words", title=fold(pl.col("headline")))
    alike = lines.filter(pl.col("rule").is_null()).join(titles, on=[_DOC, "n_words"])  # cheap, before folding
    return mark_rows(lines, "repeated_headline", 0.98, alike.filter(fold(pl.col("body")) == pl.col("title")))


def _agree(candidates: pl.DataFrame, titles: pl.DataFrame) -> pl.DataFrame:
    """Leave out the candidates of documents with a title that do not begin as it does ("Title - Site" is one)."""
    known = candidates.join(
        titles.drop_nulls("title").select(_DOC, "title"), on=_DOC, how="left", maintain_order="left"
    )
    title, body = fold(pl.col("title")), fold(pl.col("body"))
    agrees = title.str.starts_with(body) | body.str.starts_with(title)
    return known.filter(pl.col("title").is_null() | agrees).drop("title")


def _weigh(candidates: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Return doc_id, line and fit for every candidate."""
    prose = lines.filter(
        pl.col("prose") & pl.col("rule").is_null() & pl.col(_DOC).is_in(candidates[_DOC].implode())
    )
    first = prose.group_by(_DOC, maintain_order=True).head(_PROSE_LINES)
    taken_up = _content_words(first).select(_DOC, "word").unique().with_columns(held=pl.lit(value=True))
    words = _content_words(candidates).join(taken_up, on=[_DOC, "word"], how="left")
    weight = pl.when("held").then(1.0).otherwise(-_AGAINST)
    scores = words.group_by(_DOC, "line").agg(score=weight.sum() / pl.len().sqrt())
    likely = pl.col("likely").fill_null(0) if "likely" in candidates.columns else pl.lit(0.0)
    return (
        candidates.select(
            _DOC,
            "line",
            "evidence",
            pl.col("n_words").cast(pl.Int64),
            few=pl.col("n_words") < 5,
            likely=likely,
        )
        .join(scores, on=[_DOC, "line"], how="left")
        .with_columns(
            fit=pl.col("score").fill_null(0.0)
            - _LIKELY * pl.col("likely")
            - _LONG * (pl.col("n_words") - _LONG_WORDS).clip(0)
            - _SHARED * pl.col("evidence").is_not_null()
            - 0.5 * pl.col("few")
        )
    )


def _content_words(lines: pl.DataFrame) -> pl.DataFrame:
    """Return doc_id, line and word, once each, for the words of four letters and more."""
    words = pl.col("body").str.to_lowercase().str.extract_all(r"[\p{L}\p{N}]{4,}")
    return lines.select(_DOC, "line", word=words).explode("word", empty_as_null=False).unique()
