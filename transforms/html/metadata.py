"""What an HTML page says of itself, beside its text: title, byline, date, language, address, site."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

import polars as pl
from trafilatura import load_html
from trafilatura.metadata import extract_metadata

from copydesk.transforms.contract import UTC as UTC_TIME
from copydesk.transforms.contract import Schema, conform
from copydesk.transforms.html.visible_text import PAGES

#: One row: one HTML record, with what it says of itself; null where it says nothing.
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
#: Longer pages (characters of source) are neither parsed nor given to extractors. All of it takes linear time, but
#: a lot: one extraction about 0.4 s a MB of news pages, 5 s a MB of short list items, table cells or <br>
#: (trafilatura 2.3.1, one core at 2 GHz). The longest page of the evaluation sets has 0.8 MB.
LONGEST = 2_000_000
_LD_JSON = '//script[contains(@type, "ld+json")]'
_DEEPEST = 20  # levels of JSON-LD that are looked at; real pages nest to about 8
_ARTICLE = re.compile(r"Article|Posting|Report|Review", re.IGNORECASE)
#: htmldate: the first publication, only where markup or the address says so, and the same verdict every day.
_DATES = {"original_date": True, "extensive_search": False, "max_date": "2100-01-01"}
_PUBLISHED = (
    *("article:published_time", "og:published_time", "og:article:published_time", "datepublished", "pubdate"),
    *("publishdate", "publish-date", "parsely-pub-date", "sailthru.date", "dc.date.issued", "dc.date"),
)
_LANGUAGE = re.compile(r"\s*([a-z]{2,3})(?:$|[-_,;\s])", re.IGNORECASE)


type Tree = Any
"""lxml.html.HtmlElement; lxml has no type hints."""


class Claims(NamedTuple):
    """What a page's JSON-LD and <meta> say, as found, the surest first; `published` also says where it was found."""

    bodies: list[str]
    titles: list[str]
    summaries: list[str]
    published: list[tuple[str, str]]
    languages: list[str]


def read_metadata(raw: pl.DataFrame) -> pl.DataFrame:
    """Read METADATA of the HTML records in `raw` (doc_id, raw_text, media_type), one row each.

    Title, byline (names with "; " between), address and site as trafilatura's `extract_metadata` finds them.
    `published_at` comes from JSON-LD, then from `<meta>` (a time without a zone is read as UTC), then from htmldate
    (midnight UTC); `published_by` says which: "json-ld", "meta" or "page". `lang` is the language code that the page
    declares, which need not be the text's. A Python loop over documents: a parser takes one page.
    """
    pages = raw.filter(pl.col("media_type").is_in(PAGES)).select("doc_id", "raw_text")
    rows = [(doc_id, *_describe(source)) for doc_id, source in pages.iter_rows()]
    return conform(pl.DataFrame(rows, schema=METADATA, orient="row"), METADATA)


def parse(source: str) -> Tree | None:
    """Return the tree of a page, or None where it is too long or the parser makes nothing of it."""
    if len(source) > LONGEST:
        return None
    try:
        return load_html(source)
    except Exception:  # whatever goes wrong in a parser: the page says nothing of itself
        return None


def read_claims(tree: Tree) -> Claims:
    """Collect the claims of a page in JSON-LD, then those in `<meta>` and `<title>`."""
    claims = Claims([], [], [], [], [])
    for script in tree.xpath(_LD_JSON):
        try:
            data = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        nodes = list(_nodes(data, _DEEPEST))
        for node in sorted(nodes, key=lambda node: not _ARTICLE.search(str(node.get("@type")))):
            _note(claims, node)
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        content = meta.get("content") or ""
        if name in _PUBLISHED:
            claims.published.append(("meta", content))
        elif name in {"og:title", "twitter:title"}:
            claims.titles.append(content)
        elif name in {"description", "og:description", "twitter:description"}:
            claims.summaries.append(content)
        elif name == "og:locale" or (meta.get("http-equiv") or "").lower() == "content-language":
            claims.languages.append(content)
    claims.titles.extend(title.text_content() for title in tree.iter("title"))
    return claims


def _nodes(data: Any, levels: int) -> Iterator[dict[str, Any]]:
    """Yield the objects of JSON-LD, outer ones first, but not those of other works that the page names."""
    if isinstance(data, dict):
        yield data
        data = [value for key, value in data.items() if key in {"@graph", "mainEntity", "mainEntityOfPage"}]
    if isinstance(data, list) and levels:
        for value in data:
            yield from _nodes(value, levels - 1)


def _note(claims: Claims, node: dict[str, Any]) -> None:
    for key, known in (
        ("articleBody", claims.bodies),
        ("headline", claims.titles),
        ("description", claims.summaries),
    ):
        if isinstance(node.get(key), str):
            known.append(node[key])
    if isinstance(node.get("datePublished"), str):
        claims.published.append(("json-ld", node["datePublished"]))
    if isinstance(node.get("inLanguage"), str):
        claims.languages.append(node["inLanguage"])


def _describe(source: str) -> tuple[str | datetime | None, ...]:
    """Return the row of METADATA for one page, without its doc_id."""
    tree = parse(source)
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
    except Exception:  # a page that the library stumbles over still has its claims
        found = {}
    if published[0] is None and (time := parse_time(found.get("date") or "")):
        published = (time, "page")
    title, byline, url, site = (_tidy(found.get(name)) for name in ("title", "author", "url", "sitename"))
    return title, byline, *published, lang, url, site


def parse_time(text: str) -> datetime | None:
    """Read a time as ISO 8601 or mail writes it, in UTC; one without a zone is taken for UTC. None for no time."""
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
