"""`copydesk.clean`: texts or pages in, clean documents and every edit out."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

import polars as pl

from copydesk.flows.api.frames import (
    Frame,
    Table,
    batches,
    key_ids,
    replace_keys,
    select_columns,
    to_table,
)
from copydesk.flows.io.resources import read_cleaning_resources
from copydesk.transforms.clean.in_memory import clean_batches
from copydesk.transforms.clean.metadata import LEAD
from copydesk.transforms.contract import as_raw

#: The host in an address, without user, port and a leading "www.".
_HOST = r"^[A-Za-z][A-Za-z0-9+.\-]*://(?:[^/?#@]*@)?(?:www\.)?([^/?#:]+)"


class Cleaned(NamedTuple):
    """What :func:`clean` returns: `documents`, one row per row of the frame, and `edits`, one row per edit."""

    documents: pl.DataFrame
    edits: pl.DataFrame


def clean(
    frame: Frame,
    text: str = "text",
    source: str | None = None,
    html: bool | str = False,
    title: str | None = None,
    url: str | None = None,
    published_at: str | None = None,
    id: str | None = None,
) -> Cleaned:
    """Clean the texts of `frame`; return the documents and every edit that was made.

    `frame` is a Polars or pandas frame, a LazyFrame (collected in batches, twice if sources are known), or a series
    or list of texts. The other arguments name its columns: `text` (may be null), `source` (the outlet, whose
    repeated lines are found; default: the host of `url`), `title`, `url`, `published_at` (UTC without a zone), `id`
    (unique; default: the row number). `html`: whether texts are HTML pages, or the name of a boolean column.

    `documents` has the columns of CLEAN with your ids as doc_id, null where the text is null; `edits` those of EDITS:
    the span [start, end) of the text, in code points, is replaced by `replacement`. Raises ValueError for a missing
    column and for ids that are null or not unique, TypeError for a column of another type.
    """
    table = select_columns(
        to_table(frame, text),
        text=text, source=source, title=title, url=url, published_at=published_at, id=id,
        **({} if isinstance(html, bool) else {"html": html}),
    )  # fmt: skip
    ids = key_ids(table, id)

    def raw_batches() -> Iterator[pl.DataFrame]:
        for part in batches(table):
            yield _to_raw(part.join(ids.select("row", "key"), on="row", maintain_order="left"), html=html)

    with_sources = source is not None or url is not None
    latest = datetime.now(UTC) + LEAD
    edits, documents = clean_batches(
        raw_batches, read_cleaning_resources(), has_sources=with_sources, latest=latest
    )
    documents = ids.select(doc_id="key").join(documents, on="doc_id", how="left", maintain_order="left")
    if url is not None:
        documents = _keep_urls(documents, ids, table)
    return Cleaned(replace_keys(documents, ids, "doc_id"), replace_keys(edits, ids, "doc_id"))


def _keep_urls(documents: pl.DataFrame, ids: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Let the addresses that the caller gave take precedence over those of the pages, where there is a text."""
    given = ids.select("key", "row").join(table.select("row", given="url").lazy().collect(), on="row")
    documents = documents.join(given.select("given", doc_id="key"), on="doc_id", maintain_order="left")
    url = pl.when(pl.col("text").is_not_null()).then(pl.coalesce("given", "url"))
    return documents.with_columns(url=url).drop("given")


def _to_raw(part: pl.DataFrame, *, html: bool | str) -> pl.DataFrame:
    """Return the rows of one batch that have a text as RAW."""
    is_page = pl.lit(html) if isinstance(html, bool) else pl.col("html").fill_null(value=False)
    host = pl.col("url").str.extract(_HOST).str.to_lowercase()
    if "source" not in part.columns and "url" in part.columns:
        part = part.with_columns(source=host)
    return as_raw(
        part.rename({"key": "doc_id", "text": "raw_text"})
        .filter(pl.col("raw_text").is_not_null())
        .with_columns(
            media_type=pl.when(is_page).then(pl.lit("text/html")).otherwise(pl.lit("text/plain")),
        )
    )
