"""Repairs: spans that a scraper or an encoder damaged, with the mended text. Each function returns EDITS."""

import html
from collections.abc import Callable

import ftfy
import polars as pl

from copydesk.transforms.contract import EDITS, as_edits, empty
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
#: Letters that double encoding produces. A cheap guard: ftfy itself decides.
_MOJIBAKE = r"[ÂÃâãÐÑÎÏð×Ø¢ï][^\x00-\x7F]|â€|Ã "

#: What any line in need of a repair contains: one test instead of six.
_SUSPECT = "|".join((_MOJIBAKE, _STRAY, "&", _CONTROL, ZERO_WIDTH, _SPACES))


def propose_repairs(lines: pl.DataFrame) -> list[pl.DataFrame]:
    """Propose every repair on LINES, the most specific first."""
    lines = lines.filter(pl.col("text").str.contains(_SUSPECT))
    return [
        _mojibake(lines),
        _replace(lines, "stray_byte", _STRAY, _stray_character),
        _replace(lines, "html_entity", _ENTITY, _unescape),
        _replace(lines, "control_character", _CONTROL, lambda _: ""),
        _replace(lines, "zero_width", ZERO_WIDTH, lambda _: ""),
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


def _mojibake(lines: pl.DataFrame) -> pl.DataFrame:
    """Mend double-encoded text with ftfy: its encoding repair only, line by line.

    A Python loop over the few lines that contain the tell-tale letters: ftfy takes one string.
    """
    rows = []
    suspects = lines.filter(pl.col("text").str.contains(_MOJIBAKE)).select("doc_id", "start", "text")
    for doc_id, start, text in suspects.iter_rows():
        mended = ftfy.fix_encoding(text)
        if mended != text:
            rows += [
                (doc_id, start + i, start + j, "mojibake", new, 1.0, None)
                for i, j, new in diff_words(text, mended)
            ]
    return pl.DataFrame(rows, schema=EDITS, orient="row") if rows else empty(EDITS)


def diff_words(old: str, new: str) -> list[tuple[int, int, str]]:
    """Return the edits (start, end, replacement) that turn `old` into `new`, word by word if the numbers of
    words are equal.

    Linear time. If they are not equal, one edit spans all that differs.
    """
    olds, news = old.split(" "), new.split(" ")
    if len(olds) != len(news):
        olds, news = [old], [new]
    edits, at = [], 0
    for before, after in zip(olds, news, strict=True):
        if before != after:
            head = _n_common(before, after)
            tail = _n_common(before[head:][::-1], after[head:][::-1])
            edits.append((at + head, at + len(before) - tail, after[head : len(after) - tail]))
        at += len(before) + 1
    return edits


def _n_common(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their start."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))
