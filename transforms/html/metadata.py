"""Metadata of an HTML page, beside its text: title, byline, date, language, URL, site."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import polars as pl
from trafilatura.metadata import extract_metadata

from copydesk.transforms.contract import UTC as UTC_TIME
from copydesk.transforms.contract import Schema, conform
from copydesk.transforms.html.claims import Claims, Tree, parse_html, read_claims
from copydesk.transforms.html.visible_text import PAGES
from copydesk.transforms.text.titles import count_words, fold_name, strip_site

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
_PARTS = re.compile(r"\s*[|｜¦]\s*|\s+(?:[-–—·•»«:/~]|::)\s+")
#: A title has two words at least; a heading that only begins as a claimed title does has four.
_TITLE_WORDS, _SURE_WORDS = 2, 4
_LANGUAGE = re.compile(r"\s*([a-z]{2,3})(?:$|[-_,;\s])", re.IGNORECASE)


def read_metadata(raw: pl.DataFrame, latest: datetime | None = None) -> pl.DataFrame:
    """Read METADATA of the HTML records in `raw` (doc_id, raw_text, media_type), one row each.

    The title is the heading that the page's own claims (JSON-LD, `<meta>`, `<title>`) repeat, else the first
    claim, without the site's name. The byline (names separated by "; ") are the authors in JSON-LD, else what
    trafilatura's `extract_metadata` finds, which also gives URL and site. `published_at` comes from JSON-LD,
    else from `<meta>`, else from `itemprop` (a time without a zone is read as UTC), else from htmldate (midnight
    UTC); `published_by` says which: "json-ld", "meta", "itemprop" or "page". A date before 1900 or after
    `latest` is taken only if there is no other. `lang` is the language code
    that the page declares, which may differ from the text's. A Python loop over documents: a parser takes one
    page.
    """
    pages = raw.filter(pl.col("media_type").is_in(PAGES)).select("doc_id", "raw_text")
    rows = [(doc_id, *_describe(source, latest)) for doc_id, source in pages.iter_rows()]
    return conform(pl.DataFrame(rows, schema=METADATA, orient="row"), METADATA)


def _describe(source: str, latest: datetime | None) -> tuple[str | datetime | None, ...]:
    """Return the row of METADATA for one page, without its doc_id."""
    tree = parse_html(source)
    if tree is None:
        return (None,) * (len(METADATA) - 1)
    claims = read_claims(tree)
    times = [(time, where) for where, text in claims.published if (time := parse_time(text))]
    published = next(
        (each for each in times if each[0].year >= 1900 and (latest is None or each[0] <= latest)),
        times[0] if times else (None, None),
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
    title = choose_title(tree, claims, [site, *claims.sites]) or title
    byline = "; ".join(dict.fromkeys(map(str.strip, claims.authors))) or byline
    return title, byline, *published, lang, url, site


def choose_title(tree: Tree, claims: Claims, sites: list[str | None]) -> str | None:
    """Return the heading that a claim of the page begins with or ends with, else the first claim, without the
    site's name; None if only the site's name is claimed.

    A heading that is the end of a claimed title is the site's name ("Ferry sinks | The Ledger", "The Ledger").
    """
    claimed = [tidy for text in claims.titles if (tidy := _tidy(text))]
    headings = [tidy for heading in tree.iter("h1") if (tidy := _tidy(heading.text_content()))]
    headings += [tidy for heading in tree.iter("h2", "h3") if (tidy := _tidy(heading.text_content()))]
    whole = {fold_name(text) for text in (*claimed, *headings)}
    names = {fold_name(site) for site in sites if site}
    names |= {
        name for text in claimed for part in _PARTS.split(text)[1:] if (name := fold_name(part)) in whole
    }
    stripped = [strip_site(text, sites, names) for text in claimed]
    stripped = [text for text in stripped if fold_name(text) not in names]
    folds = {fold_name(text): text for text in reversed(stripped)}
    for heading in headings:
        name = fold_name(heading)
        if name in names or count_words(heading) < _TITLE_WORDS:
            continue
        if name in folds:
            return folds[name]  # the heading may have lost spaces at its inline elements
        if count_words(heading) >= _SURE_WORDS and any(fold.startswith(name) for fold in folds):
            return heading
    return stripped[0] if stripped else None


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
