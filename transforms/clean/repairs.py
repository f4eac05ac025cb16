"""Repairs: spans that a scraper or an encoder damaged, with the mended text. Each function returns EDITS."""

import html
import unicodedata
from collections.abc import Callable

import polars as pl

from copydesk.transforms.clean.mojibake import DOUBLE, FOREIGN, diff_words, propose_encodings
from copydesk.transforms.contract import EDITS, as_edits, empty
from copydesk.transforms.edits import apply_all, resolve_overlaps
from copydesk.transforms.text.encoding import STRAY_BASE
from copydesk.transforms.text.lines import find_spans

#: Soft hyphen, zero-width space, word joiner, byte-order mark. The zero-width (non-)joiner stays: Persian
#: spelling and emoji need it.
ZERO_WIDTH = r"[\x{AD}\x{200B}\x{2060}\x{FEFF}]+"
_SHOWS_NOTHING = "\xad\u200b\u2060\ufeff"
_CONTROL = r"[\x00-\x08\x0E-\x1F\x7F]+"
_STRAY = r"[\x{EF80}-\x{EFFF}]"
_ENTITY = r"&(?:[a-zA-Z]{2,8}|#[0-9]{2,6}|#[xX][0-9a-fA-F]{2,6});"
_SPACES = r"[ \t\x{A0}]{2,}"
_LIGATURE = "[\ufb00-\ufb06]"
#: What may be written with other code points than those of NFC: marks, jamo, and signs that stand for letters.
_UNCOMPOSED = r"[\p{M}\x{1100}-\x{11FF}\x{2126}\x{212A}\x{212B}\x{F900}-\x{FAFF}\x{FB1D}-\x{FB4F}]"

#: What any line in need of a repair contains: one test instead of eight.
_SUSPECT = "|".join((DOUBLE, FOREIGN, _STRAY, "&", _CONTROL, ZERO_WIDTH, _SPACES, _LIGATURE, _UNCOMPOSED))


def propose_repairs(lines: pl.DataFrame) -> list[pl.DataFrame]:
    """Propose every repair on LINES, the most specific first."""
    lines = lines.filter(pl.col("text").str.contains(_SUSPECT))
    return [
        propose_encodings(lines),
        _replace(lines, "stray_byte", _STRAY, _stray_character),
        _replace(lines, "html_entity", _ENTITY, _unescape),
        _replace(lines, "control_character", _CONTROL, lambda _: ""),
        _replace(lines, "zero_width", ZERO_WIDTH, lambda _: ""),
        _replace(lines, "ligature", _LIGATURE, lambda match: unicodedata.normalize("NFKC", match)),
        _compose(lines),
        _replace(
            lines.with_columns(text=pl.col("text").str.strip_chars_end()), "spaces", _SPACES, lambda _: " "
        ),
    ]


def _replace(lines: pl.DataFrame, rule: str, pattern: str, mend: Callable[[str], str]) -> pl.DataFrame:
    """Propose under `rule` to replace each match of `pattern` by what `mend` returns for it."""
    spans = find_spans(lines, pattern)
    mended = {match: mend(match) for match in spans["match"].unique()}
    return as_edits(
        spans.with_columns(
            rule=pl.lit(rule),
            score=1.0,
            replacement=pl.col("match").replace_strict(mended, return_dtype=pl.String),
        ).filter(pl.col("match") != pl.col("replacement")),
    )


def _unescape(match: str) -> str:
    """Return what a character reference stands for; a space for a line end, nothing for an invisible character."""
    text = html.unescape(match)
    if text.isspace():
        return text if text in " \xa0" else " "
    return "" if text in _SHOWS_NOTHING or text < " " else text


def _stray_character(match: str) -> str:
    """Return the Windows-1252 character of a stray byte."""
    return bytes([ord(match) - STRAY_BASE]).decode("windows-1252", "replace")


def _compose(lines: pl.DataFrame) -> pl.DataFrame:
    """Propose the normal form NFC, so that a search for "José" finds the name however it is written.

    A Python loop over the few lines that are not in this form.
    """
    marked = lines.filter(pl.col("text").str.contains(_UNCOMPOSED)).with_columns(
        composed=pl.col("text").str.normalize("NFC")
    )
    marked = marked.filter(pl.col("text") != pl.col("composed"))
    rows = [
        (doc_id, start + begin, start + end, "unicode_form", new, 1.0, None)
        for doc_id, start, text, composed in marked.select("doc_id", "start", "text", "composed").iter_rows()
        for begin, end, new in diff_words(text, composed)
    ]
    return pl.DataFrame(rows, schema=EDITS, orient="row") if rows else empty(EDITS)


def repair_texts(texts: pl.Series) -> pl.Series:
    """Return short texts such as titles with every repair applied, and single spaces; null where nothing is left."""
    ids = pl.int_range(len(texts), eager=True).cast(pl.String)
    plain = pl.DataFrame({"doc_id": ids, "raw_text": texts.fill_null("").str.replace_all(r"\s+", " ")})
    lines = plain.select("doc_id", line=pl.lit(0), start=pl.lit(0), text="raw_text")
    mended = apply_all(plain, resolve_overlaps(propose_repairs(lines)))["text"].str.strip_chars()
    return mended.set(mended == "", None).alias(texts.name)
