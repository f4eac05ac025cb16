"""Trim recognised spans to the name: without article, title, possessive, score line and credit line.

Columnar: the Rust regex engine over surfaces; `start` moves with every head that is cut.
"""

import polars as pl

from copydesk.transforms.entities.name_words import NameWords

_ARTICLE = r"^((?:(?i:the)\s+|an?\s+|[^\p{L}\p{N}]+)+)"
_SCORE = r"([\s(-]+\d[\d.,-]*)$"
_TAIL = r"((?:['’`´]s?|[^\p{L}\p{N}.)])+)$"
_POINT = r"\p{Ll}{2}(\.+)$"
_ADDRESS = r"://|www\.|\.(?:com|org|net)\b|@|\\|^#|[<>{}]|&\w+;"


def trim_spans(spans: pl.DataFrame, words: NameWords) -> pl.DataFrame:
    """Cut spans (start, surface, label, cased) down to their names, and drop those without one; other columns stay."""
    surface = pl.col("surface")
    # where a span runs on past its name: a line end, a credit line, a quotation, a table, a date
    run_on = r"^(?s:(.+?))(?:\s[/|–—-]\s|[\n\r|<>\"“”]|\s{3,}|:\s" rf"|,? (?:{words.month})[a-z]*\.? \d)"
    spans = spans.with_columns(surface=surface.str.extract(run_on).fill_null(surface))
    spans = _behead(spans, surface.str.extract(_ARTICLE))
    spans = _behead(spans, surface.str.extract(rf"^((?:(?:{words.title})\.?\s+)+)\p{{Lu}}"))
    person = pl.when(pl.col("label") == "PERSON")
    spans = _behead(spans, person.then(surface.str.extract(rf"^((?:(?:{words.person_title})\s+)+)\p{{Lu}}")))
    scored = pl.when(pl.col("label").is_in(["PERSON", "GPE", "LOC"]))
    spans = _curtail(spans, scored.then(surface.str.extract(_SCORE)))
    spans = _curtail(spans, surface.str.extract(_TAIL))
    spans = _curtail(spans, surface.str.extract(_POINT))
    opened, closed = surface.str.contains("(", literal=True), surface.str.contains(")", literal=True)
    spans = _curtail(spans, pl.when(opened & ~closed).then(surface.str.extract(r"(\s*\([^(]*)$")))
    spans = _curtail(spans, pl.when(closed & ~opened).then(surface.str.extract(r"(\)[^)]*)$")))
    return spans.filter(
        surface.str.contains(r"\p{L}")
        & (surface.str.contains(r"\p{Lu}|\p{Lo}") | ~pl.col("cased"))
        & (surface.str.len_chars() > 1)
        & ~surface.is_in(list(words.no_name))
        & ~surface.str.contains(_ADDRESS)
    )


def _behead(spans: pl.DataFrame, head: pl.Expr) -> pl.DataFrame:
    n = head.str.len_chars().fill_null(0).cast(pl.Int64)
    return spans.with_columns(start=pl.col("start") + n, surface=pl.col("surface").str.slice(n))


def _curtail(spans: pl.DataFrame, tail: pl.Expr) -> pl.DataFrame:
    kept = pl.col("surface").str.len_chars().cast(pl.Int64) - tail.str.len_chars().fill_null(0).cast(pl.Int64)
    return spans.with_columns(surface=pl.col("surface").str.slice(0, kept))
