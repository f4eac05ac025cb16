"""Repairs: spans that a scraper or an encoder broke, with the mended text. Each returns EDITS."""

import difflib
import html
from collections.abc import Callable

import ftfy
import polars as pl

from transforms.contract import EDITS, conform, empty
from transforms.decode import STRAY_BASE
from transforms.segments import find_spans

#: Soft hyphen, zero-width space, word joiner, byte-order mark. The zero-width (non-)joiner stays: Persian
#: spelling and emoji need it.
ZERO_WIDTH = r"[\x{AD}\x{200B}\x{2060}\x{FEFF}]+"
_CONTROL = r"[\x00-\x08\x0E-\x1F\x7F]+"
_STRAY = r"[\x{EF80}-\x{EFFF}]"
_ENTITY = r"&(?:[a-zA-Z]{2,8}|#[0-9]{2,6}|#[xX][0-9a-fA-F]{2,6});"
_SPACES = r"[ \t\x{A0}]{2,}"
#: Letters that double encoding leaves behind. A cheap guard: ftfy itself decides.
_MOJIBAKE = r"[ÂÃâãÐÑÎÏð×Ø¢ï][^\x00-\x7F]|â€|Ã "
_DIFF_LIMIT = 4000  # code points; difflib's time grows with the square, longer lines are mended as one span


def propose_repairs(lines: pl.DataFrame) -> list[pl.DataFrame]:
    """Propose every repair on LINES, the most specific first."""
    return [
        _mojibake(lines),
        _replace(lines, "stray_byte", _STRAY, _stray_character),
        _replace(lines, "html_entity", _ENTITY, html.unescape),
        _replace(lines, "control_character", _CONTROL, lambda _: ""),
        _replace(lines, "zero_width", ZERO_WIDTH, lambda _: ""),
        _replace(
            lines.with_columns(text=pl.col("text").str.strip_chars_end()), "spaces", _SPACES, lambda _: " "
        ),
    ]


def _replace(lines: pl.DataFrame, rule: str, pattern: str, mend: Callable[[str], str]) -> pl.DataFrame:
    spans = find_spans(lines, pattern)
    mended = {match: mend(match) for match in spans["match"].unique()}
    return conform(
        spans.with_columns(
            rule=pl.lit(rule),
            score=1.0,
            replacement=pl.col("match").replace_strict(mended, return_dtype=pl.String),
        ).filter(pl.col("match") != pl.col("replacement")),
        EDITS,
    )


def _stray_character(match: str) -> str:
    return bytes([ord(match) - STRAY_BASE]).decode("windows-1252", "replace")


def _mojibake(lines: pl.DataFrame) -> pl.DataFrame:
    """Mend double-encoded text with ftfy: its encoding repair only, a line at a time.

    A Python loop over the few lines that hold the tell-tale letters: ftfy works on one string.
    """
    rows = []
    suspects = lines.filter(pl.col("text").str.contains(_MOJIBAKE)).select("doc_id", "start", "text")
    for doc_id, start, text in suspects.iter_rows():
        mended = ftfy.fix_encoding(text)
        if mended != text:
            rows += [
                (doc_id, start + i, start + j, "mojibake", new, 1.0)
                for i, j, new in differences(text, mended)
            ]
    return pl.DataFrame(rows, schema=EDITS, orient="row") if rows else empty(EDITS)


def differences(old: str, new: str) -> list[tuple[int, int, str]]:
    """Return the edits (start, end, replacement) that turn `old` into `new`."""
    if len(old) <= _DIFF_LIMIT:
        codes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        return [(i1, i2, new[j1:j2]) for tag, i1, i2, j1, j2 in codes if tag != "equal"]
    head = next(
        (i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new))
    )
    tails = zip(reversed(old[head:]), reversed(new[head:]), strict=False)
    tail = next((i for i, (a, b) in enumerate(tails) if a != b), min(len(old), len(new)) - head)
    return [(head, len(old) - tail, new[head : len(new) - tail])]
