"""Clean documents: the text after its edits, with metadata from the record, the page and the text."""

from datetime import datetime

import polars as pl

from copydesk.transforms.clean.bylines import BylineWords, tidy_bylines
from copydesk.transforms.clean.metadata import date_documents
from copydesk.transforms.clean.repairs import repair_texts
from copydesk.transforms.contract import CLEAN, conform
from copydesk.transforms.text.date_words import DateWords
from copydesk.transforms.text.language import detect_language
from copydesk.transforms.text.titles import strip_sites
from copydesk.transforms.text.words import WORD

#: What these rules remove is kept in a column or is invisible: it does not count as boilerplate.
NOT_BOILERPLATE = ("headline", "byline", "blank_line", "line_end", "line_wrap", "line_hyphen")


def detect_languages(raw: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
    """Return doc_id, lang and lang_confidence for every document of `raw`, from the bodies of its `kept` lines."""
    texts = kept.group_by("doc_id").agg(pl.col("body").str.join("\n"))
    texts = raw.select("doc_id").join(texts, on="doc_id", how="left", maintain_order="left")
    return texts.select("doc_id").with_columns(detect_language(texts["body"].fill_null("")))


def detect_repaired(texts: pl.DataFrame, edits: pl.DataFrame, languages: pl.DataFrame) -> pl.DataFrame:
    """Return `languages` with those of the documents whose letters were wrong taken from their repaired `texts`."""
    wrong = edits.filter(pl.col("rule") == "mojibake").select("doc_id").unique()
    repaired = texts.join(wrong, on="doc_id", how="semi", maintain_order="left")
    if repaired.is_empty():
        return languages
    renewed = repaired.select("doc_id").with_columns(detect_language(repaired["text"]))
    return languages.update(renewed, on="doc_id")


def describe_documents(
    raw: pl.DataFrame,
    texts: pl.DataFrame,
    edits: pl.DataFrame,
    found: pl.DataFrame,
    verdicts: pl.DataFrame,
    dates: DateWords,
    names: BylineWords,
    latest: datetime | None = None,
) -> pl.DataFrame:
    """Return CLEAN, one row per document of `raw`; its raw_text and the offsets of `edits` are those of the
    view.

    `raw` also has the columns of :func:`copydesk.transforms.html.metadata.read_metadata`, with "_of_page"
    appended to their names; `texts` has doc_id, text, lang and lang_confidence; `found` is the result of
    :func:`copydesk.transforms.clean.metadata.find_metadata` and of
    :func:`copydesk.transforms.clean.stamps.choose_stamps`, whose dates are parsed with `dates`; a date after
    `latest` is none; `verdicts` is that of :func:`copydesk.transforms.clean.article_evidence.judge_articles`. The
    record takes precedence over the page, and the page over the text. Titles and bylines are repaired as texts are,
    and lose the site's name, roles and links.
    """
    documents = (
        raw.drop("raw_text")
        .with_columns(n_chars=raw["raw_text"].str.len_chars())
        .join(texts, on="doc_id", maintain_order="left")
        .join(found, on="doc_id", how="left", maintain_order="left")
        .join(_count_removed(edits), on="doc_id", how="left", maintain_order="left")
        .join(verdicts, on="doc_id", how="left", maintain_order="left")
    )
    documents = documents.with_columns(
        title=repair_texts(documents.select(pl.coalesce("title", "headline")).to_series()),
        byline=repair_texts(documents.select(pl.coalesce("byline_of_page", "byline")).to_series()),
    )
    sites = documents.select("site_of_page", "owner").iter_rows()
    titles = strip_sites(documents["title"], documents["source"], sites)
    return conform(
        date_documents(documents, dates, latest).with_columns(
            title=titles,
            byline=tidy_bylines(pl.col("byline"), names),
            url="url_of_page",
            site="site_of_page",
            n_words=pl.col("text").str.count_matches(WORD),
            kept_share=pl.when(pl.col("n_chars") == 0)
            .then(1.0)
            .otherwise(1 - pl.col("removed").fill_null(0) / pl.max_horizontal("n_chars", 1)),
        ),
        CLEAN,
    )


def _count_removed(edits: pl.DataFrame) -> pl.DataFrame:
    """Return doc_id and removed, the number of characters that rules took for boilerplate."""
    gone = edits.filter((pl.col("replacement") == "") & ~pl.col("rule").is_in(NOT_BOILERPLATE))
    return gone.group_by("doc_id").agg(removed=(pl.col("end") - pl.col("start")).sum())
