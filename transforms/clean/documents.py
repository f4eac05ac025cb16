"""Clean documents: the text after its edits, with metadata from the record, the page and the text."""

import polars as pl

from copydesk.transforms.clean.metadata import date_documents
from copydesk.transforms.contract import CLEAN, conform
from copydesk.transforms.text.dates import DateWords
from copydesk.transforms.text.language import detect_language
from copydesk.transforms.text.words import WORD

#: What these rules remove is kept in a column or is invisible: it does not count as boilerplate.
NOT_BOILERPLATE = ("headline", "byline", "blank_line", "line_end", "line_wrap", "line_hyphen")


def detect_languages(raw: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
    """Return doc_id, lang and lang_confidence for every document of `raw`, from the bodies of its `kept` lines."""
    texts = kept.group_by("doc_id").agg(pl.col("body").str.join("\n"))
    texts = raw.select("doc_id").join(texts, on="doc_id", how="left", maintain_order="left")
    return texts.select("doc_id").with_columns(detect_language(texts["body"].fill_null("")))


def describe_documents(
    raw: pl.DataFrame,
    texts: pl.DataFrame,
    edits: pl.DataFrame,
    found: pl.DataFrame,
    verdicts: pl.DataFrame,
    words: DateWords,
) -> pl.DataFrame:
    """Return CLEAN, one row per document of `raw`; its raw_text and the offsets of `edits` are those of the
    view.

    `raw` also has the columns of :func:`copydesk.transforms.html.metadata.read_metadata`, with "_of_page"
    appended to their names; `texts` has doc_id, text, lang and lang_confidence; `found` is the result of
    :func:`copydesk.transforms.clean.metadata.find_metadata`, whose dates are parsed with `words`; `verdicts` is that of
    :func:`copydesk.transforms.clean.article_evidence.judge_articles`. The record takes
    precedence over the page, and the page over the text.
    """
    removed = (
        edits.filter((pl.col("replacement") == "") & ~pl.col("rule").is_in(NOT_BOILERPLATE))
        .group_by("doc_id")
        .agg(removed=(pl.col("end") - pl.col("start")).sum())
    )
    documents = (
        raw.drop("raw_text")
        .with_columns(n_chars=raw["raw_text"].str.len_chars())
        .join(texts, on="doc_id", maintain_order="left")
        .join(found, on="doc_id", how="left", maintain_order="left")
        .join(removed, on="doc_id", how="left", maintain_order="left")
        .join(verdicts, on="doc_id", how="left", maintain_order="left")
    )
    from_page = pl.col("published_from").fill_null("") != "file"
    from_page &= pl.col("published_at_of_page").is_not_null()
    return conform(
        date_documents(documents, words).with_columns(
            title=pl.coalesce("title", "headline"),
            byline=pl.coalesce("byline_of_page", "byline"),
            published_at=pl.when(from_page).then("published_at_of_page").otherwise("published_at"),
            published_from=pl.when(from_page).then("published_by_of_page").otherwise("published_from"),
            url="url_of_page",
            site="site_of_page",
            n_words=pl.col("text").str.count_matches(WORD),
            kept_share=pl.when(pl.col("n_chars") == 0)
            .then(1.0)
            .otherwise(1 - pl.col("removed").fill_null(0) / pl.max_horizontal("n_chars", 1)),
        ),
        CLEAN,
    )
