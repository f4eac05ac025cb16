"""Titles without the name of their site: "Ferry sinks | The Ledger" is "Ferry sinks"."""

import re
from collections.abc import Iterable

import polars as pl

#: The last separator of a title: bars always divide a title from its site, the others often stand in a title.
_BAR = re.compile(r"^(?P<head>.*\S)\s*[|｜¦]\s*(?P<tail>\S.*)$")
_DASH = re.compile(r"^(?P<head>.*\S)\s+(?:[-–—·•»«:/~]|::)\s+(?P<tail>\S.*)$")
_SEPARATED = r"[|｜¦]|\s(?:[-–—·•»«:/~]|::)\s"
#: What a site's name has at most, and the title before it at least (words).
_SITE_WORDS, _TITLE_WORDS = 6, 2
#: A part that ends so many titles of one source is its name.
_SHARED = 3
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\d_]+|\d+")
_MARKUP = r"^(?:#{1,6}\s+|(?i:title:\s+))|\s*\{#[^}]*\}\s*$"


def strip_sites(titles: pl.Series, sources: pl.Series, sites: Iterable[Iterable[str | None]]) -> pl.Series:
    """Return titles without marks of Markdown and without the name of their site.

    `sites` are for each title the known names of its site. A part behind a bar goes if it is shorter than what
    is before it; behind another separator, or before one, if it is a name of the site or ends three titles of
    the same source. A Python loop over the titles with a separator.
    """
    plain = titles.str.replace_all(_MARKUP, "").str.strip_chars()
    separated = plain.str.contains(_SEPARATED).fill_null(value=False)
    if not separated.any():
        return plain
    endings: dict[tuple[str | None, str], int] = {}
    for title, source in zip(plain.filter(separated), sources.filter(separated), strict=True):
        if source and (parts := _DASH.match(title)):
            key = (source, fold_name(parts["tail"]))
            endings[key] = endings.get(key, 0) + 1
    shared: dict[str | None, set[str]] = {}
    for (source, name), count in endings.items():
        if count >= _SHARED:
            shared.setdefault(source, set()).add(name)
    return pl.Series(
        titles.name,
        [
            strip_site(title, [*names, source], shared.get(source, ())) if has and title else title
            for title, source, names, has in zip(plain, sources, sites, separated, strict=True)
        ],
        pl.String,
    )


def strip_site(title: str, sites: Iterable[str | None], folded: Iterable[str] = ()) -> str:
    """Return one title without its site's name; `folded` are more names as :func:`fold_name` gives them."""
    names = {fold_name(site) for site in sites if site} | set(folded)
    names.discard("")
    for _ in range(3):
        bar, dash = _BAR.match(title), _DASH.match(title)
        parts = bar or dash
        if parts is None:
            break
        head, tail = parts["head"], parts["tail"]
        if fold_name(tail) in names or (bar and _is_name(head, tail)):
            title = head
        elif fold_name(head) in names:
            title = tail
        else:
            break
    return title


def fold_name(name: str) -> str:
    """Return the letters and digits of a name in lower case, without "the", "www" and the end of a host."""
    plain = re.sub(r"^(?:https?://)?(?:www\.)?|\.(?:com|org|net|co\.uk|[a-z]{2})$", "", name.strip().lower())
    return re.sub(r"[^\w]|_", "", re.sub(r"^the\s+", "", plain))


def count_words(text: str) -> int:
    """Return the number of words of a title; each Chinese or Japanese character counts as one."""
    return len(_WORD.findall(text))


def _is_name(head: str, tail: str) -> bool:
    """Return whether what stands behind a bar can be a site's name, and what is before it a title."""
    n_head, n_tail = count_words(head), count_words(tail)
    return n_head >= _TITLE_WORDS and n_tail <= _SITE_WORDS and n_tail < max(n_head, 3)
