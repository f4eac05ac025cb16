"""How much of each line of a page its extractions hold (trafilatura, JSON-LD body, title, description)."""

import re

import polars as pl
import trafilatura

from copydesk.transforms.html.claims import Claims, parse_html, read_claims
from copydesk.transforms.html.parser_source import to_parser_source
from copydesk.transforms.text.patterns import UNSPACED_RANGES

#: What a line is compared with: trafilatura's extraction, the JSON-LD body, the page's titles, its
#: descriptions.
_COVERAGES = ("precise", "said", "title", "summary")
_SHORTEST_BODY = 50  # words; a shorter `articleBody` is a teaser
_NO_TAG = re.compile(r"<[^<>]*>")
#: Words; each character for itself in scripts that write no spaces (Thai to Khmer, kana, ideographs).
#: A word, or one character of an unspaced script.
_WORD = re.compile(rf"[{UNSPACED_RANGES}]|[^\W{UNSPACED_RANGES}]+")


type Grams = set[tuple[str, ...]]


def measure_coverage(lines: pl.DataFrame, pages: pl.DataFrame) -> list[pl.Series]:
    """Return one column per extraction: the share of each line of `lines` that the extraction of its page
    contains.

    A Python loop over documents: an extractor takes one page.
    """
    by_page = dict(lines.group_by("doc_id", maintain_order=True).agg("text").iter_rows())
    sources = dict(pages.select("doc_id", "raw_text").iter_rows())
    rows = [row for doc_id, texts in by_page.items() for row in _cover_page(sources[doc_id], texts)]
    columns = zip(*rows, strict=True) if rows else ((),) * len(_COVERAGES)
    return [
        pl.Series(f"html_{name}", values, pl.Float64)
        for name, values in zip(_COVERAGES, columns, strict=True)
    ]


def _cover_page(source: str, texts: list[str]) -> list[tuple[float | None, ...]]:
    tree = parse_html(source)
    claims = read_claims(tree) if tree is not None else Claims([], [], [], [], [], [], [])
    body = [_NO_TAG.sub("\n", text) for text in claims.bodies]
    extractions = (
        _extract(source),
        body if len(_WORD.findall(" ".join(body))) >= _SHORTEST_BODY else [],
        claims.titles,
        claims.summaries,
    )
    grams = [_grams("\n".join(found)) if found else None for found in extractions]
    words = [_WORD.findall(text.lower()) for text in texts]
    return [tuple(_share(line, found) for found in grams) for line in words]


def _extract(source: str) -> list[str]:
    """Return trafilatura's extraction: one text, or none if no parser can read the page or the library fails on it."""
    readable = to_parser_source(source)
    try:
        text = readable and trafilatura.extract(readable, include_comments=False, favor_precision=True)
    except Exception:  # any failure on one page: the page has no such features
        return []
    return [text] if text else []


def _grams(text: str) -> Grams:
    """Return the word 3-grams of each line of `text`, and each whole line."""
    grams: Grams = set()
    for line in text.lower().split("\n"):
        words = _WORD.findall(line)
        grams.add(tuple(words))
        grams.update(zip(words, words[1:], words[2:], strict=False))
    return grams


def _share(words: list[str], grams: Grams | None) -> float | None:
    """Return the share of a line's 3-grams that `grams` contains; a line of one or two words is contained whole
    or not at all.
    """
    if grams is None or not words:
        return None
    if len(words) < 3:
        return float(tuple(words) in grams)
    found = [gram in grams for gram in zip(words, words[1:], words[2:], strict=False)]
    return sum(found) / len(found)
