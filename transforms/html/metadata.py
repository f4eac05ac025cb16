"""Metadata of an HTML page, beside its text: title, byline, date, language, URL, site."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import polars as pl
from trafilatura.metadata import extract_metadata

from copydesk.transforms.contract import UTC as UTC_TIME
from copydesk.transforms.contract import Schema, conform
from copydesk.transforms.html.claims import parse_html, read_claims
from copydesk.transforms.html.visible_text import PAGES

#: One row: the metadata of one HTML record; null where the page gives none.
METADATA: Schema = {
    "doc_id": pl.String,
    "title": pl.String,
    "byline": pl.String,
    "published_at": UTC_TIME,
    "published_by": pl.String,
    "lang": pl.String,
    "url": pl.String,
    "site": pl.String,
}
#: Options of htmldate: the first publication, only if markup or URL give it, and the same result every day.
_DATES = {"original_date": True, "extensive_search": False, "max_date": "2100-01-01"}
_LANGUAGE = re.compile(r"\s*([a-z]{2,3})(?:$|[-_,;\s])", re.IGNORECASE)


def read_metadata(raw: pl.DataFrame) -> pl.DataFrame:
    """Read METADATA of the HTML records in `raw` (doc_id, raw_text, media_type), one row each.

    Title, byline (names separated by "; "), URL and site come from trafilatura's `extract_metadata`.
    `published_at` comes from JSON-LD, else from `<meta>` (a time without a zone is read as UTC), else from
    htmldate (midnight UTC); `published_by` says which: "json-ld", "meta" or "page". `lang` is the language code
    that the page declares, which may differ from the text's. A Python loop over documents: a parser takes one
    page.
    """
    pages = raw.filter(pl.col("media_type").is_in(PAGES)).select("doc_id", "raw_text")
    rows = [(doc_id, *_describe(source)) for doc_id, source in pages.iter_rows()]
    return conform(pl.DataFrame(rows, schema=METADATA, orient="row"), METADATA)


def _describe(source: str) -> tuple[str | datetime | None, ...]:
    """Return the row of METADATA for one page, without its doc_id."""
    tree = parse_html(source)
    if tree is None:
        return (None,) * (len(METADATA) - 1)
    claims = read_claims(tree)
    published = next(
        ((time, where) for where, text in claims.published if (time := parse_time(text))), (None, None)
    )
    declared = [
        tree.get("lang") or tree.get("xml:lang") or "",
        *claims.languages,
    ]
    lang = next((code[1].lower() for text in declared if (code := _LANGUAGE.match(text))), None)
    try:
        found = extract_metadata(tree, date_config=dict(_DATES)).as_dict()
    except Exception:  # a page that the library fails on still has its claims
        found = {}
    if published[0] is None and (time := parse_time(found.get("date") or "")):
        published = (time, "page")
    title, byline, url, site = (_tidy(found.get(name)) for name in ("title", "author", "url", "sitename"))
    return title, byline, *published, lang, url, site


def parse_time(text: str) -> datetime | None:
    """Parse a time in ISO 8601 or in the format of mail, as UTC; a time without a zone is read as UTC. None if
    it is neither.
    """
    text = text.strip()
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        try:
            time = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    try:
        return time.replace(tzinfo=time.tzinfo or UTC).astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _tidy(text: str | None) -> str | None:
    return " ".join(text.split()) or None if text else None
