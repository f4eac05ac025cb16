"""Claims of a page about itself: in JSON-LD, in `<meta>` elements, in `itemprop` and in `<title>`."""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from trafilatura import load_html

from copydesk.transforms.html.parser_source import to_parser_source

_LD_JSON = '//script[contains(@type, "ld+json")]'
_DEEPEST = 20  # levels of JSON-LD to read; real pages nest to about 8
_ARTICLE = re.compile(r"Article|Posting|Report|Review", re.IGNORECASE)
_PUBLISHED = (
    *("article:published_time", "og:published_time", "og:article:published_time", "datepublished", "pubdate"),
    *("publishdate", "publish-date", "parsely-pub-date", "sailthru.date", "dc.date.issued", "dc.date"),
)


#: An lxml.html.HtmlElement; lxml has no type hints.
type Tree = Any


class Claims(NamedTuple):
    """The claims of a page, as written, the most reliable first; `published` also names the source: "json-ld",
    "meta" or "itemprop". authors are the articles', sites the names of the page's site.
    """

    bodies: list[str]
    titles: list[str]
    summaries: list[str]
    published: list[tuple[str, str]]
    languages: list[str]
    authors: list[str]
    sites: list[str]


def parse_html(source: str) -> Tree | None:
    """Return the parsed page, or None if no parser can read it (see to_parser_source) or the parser fails on it."""
    readable = to_parser_source(source)
    try:
        return None if readable is None else load_html(readable)
    except Exception:  # any failure of the parser: the page has no claims
        return None


def read_claims(tree: Tree) -> Claims:
    """Collect the claims of a page in JSON-LD, then those in `<meta>` and `<title>`."""
    claims = Claims([], [], [], [], [], [], [])
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
        elif name in {"og:site_name", "application-name"}:
            claims.sites.append(content)
    for element in tree.xpath("//*[@itemprop]"):
        if (element.get("itemprop") or "").lower() == "datepublished":
            written = element.get("datetime") or element.get("content") or element.get("title") or ""
            claims.published.append(("itemprop", written or element.text_content()))
    claims.titles.extend(title.text_content() for title in tree.iter("title"))
    return claims


def _nodes(data: Any, levels: int) -> Iterator[dict[str, Any]]:
    """Yield the objects of JSON-LD, outer ones first, without those of other works that the page mentions."""
    if isinstance(data, dict):
        yield data
        data = [value for key, value in data.items() if key in {"@graph", "mainEntity", "mainEntityOfPage"}]
    if isinstance(data, list) and levels:
        for value in data:
            yield from _nodes(value, levels - 1)


def _note(claims: Claims, node: dict[str, Any]) -> None:
    """Append the claims of one JSON-LD object."""
    for key, known in (
        ("articleBody", claims.bodies),
        ("headline", claims.titles),
        ("description", claims.summaries),
    ):
        if isinstance(node.get(key), str):
            known.append(node[key])
    if isinstance(node.get("datePublished"), str):
        claims.published.append(("json-ld", node["datePublished"]))
    if _ARTICLE.search(str(node.get("@type"))):
        claims.authors.extend(_names(node.get("author")))
        claims.sites.extend(_names(node.get("publisher")))
    elif str(node.get("@type")) in {"WebSite", "NewsMediaOrganization", "Organization"}:
        claims.sites.extend(_names(node))
    if isinstance(node.get("inLanguage"), str):
        claims.languages.append(node["inLanguage"])


def _names(value: Any) -> list[str]:
    """Return the names of one or more persons or organisations of JSON-LD."""
    if isinstance(value, list):
        return [name for each in value for name in _names(each)]
    name = value.get("name") if isinstance(value, dict) else value
    return [name] if isinstance(name, str) and name.strip() and not name.startswith("http") else []
