"""The words of dates: names of months and weekdays, time zones, and what stands beside a date, in 70 languages."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import polars as pl

#: Marks that do not distinguish words here: accents, Arabic vowels, directions, the zero-width non-joiner.
_MARKS = r"[\x{300}-\x{36F}\x{64B}-\x{65F}\x{200C}-\x{200F}\x{202A}-\x{202E}\x{2066}-\x{2069}\x{61C}]"
_MARKS_OF_PYTHON = re.compile(re.sub(r"\\x\{(\w+)\}", lambda m: rf"\u{int(m[1], 16):04x}", _MARKS))
#: Digits zero of other scripts.
_ZEROS = "٠۰०০๐０၀០౦೦௦"
DIGITS = {chr(ord(zero) + digit): str(digit) for zero in _ZEROS for digit in range(10)}
#: A month of the Iranian calendar is 100 more than its number.
IRANIAN = 100


@dataclass(frozen=True)
class DateWords:
    """The words of dates, folded by :func:`fold_word`; without any, only numeric dates are parsed.

    months: number by name (1 to 12; an Iranian month 101 to 112); local_months: the same by language and name
    ("hr listopada") for names that are another month in another language; weekdays: 1 (Monday) to 7 by name;
    zones: minutes east of Greenwich by abbreviation; seasonal_zones: IANA zone by abbreviation; day_first: the
    languages (ISO 639-1) that write the day first, whatever the separator. published and updated are what
    stands before such a date, fillers what else stands beside one, and furniture what else stands in such a
    line; day_first_words are those of them that only languages with the day first use.
    """

    months: dict[str, int] = field(default_factory=dict)
    local_months: dict[str, int] = field(default_factory=dict)
    weekdays: dict[str, int] = field(default_factory=dict)
    zones: dict[str, int] = field(default_factory=dict)
    seasonal_zones: dict[str, str] = field(default_factory=dict)
    day_first: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    fillers: tuple[str, ...] = ()
    furniture: tuple[str, ...] = ()
    day_first_words: tuple[str, ...] = ()


def parse_date_words(toml: str) -> DateWords:
    """Read DateWords from TOML text (seeds/dates/).

    Raises ValueError where a language has not twelve months or seven weekdays, or a zone is no number.
    """
    table = tomllib.loads(toml)
    named = [*_names(table, "months", 12), *_names(table, "more_months", 12)]
    named += [(lang, name, number + IRANIAN) for lang, name, number in _names(table, "iranian_months", 12)]
    months, local_months = _by_name(named)
    weekdays, _ = _by_name([*_names(table, "weekdays", 7)])
    zones = table.get("zones", {})
    if wrong := [name for name, minutes in zones.items() if not isinstance(minutes, int)]:
        raise ValueError(f"zones.{wrong[0]}: not a number of minutes")
    day_first = tuple(table.get("day_first", []))
    lists = {kind: table.get(kind, {}) for kind in ("published", "updated", "fillers", "furniture")}
    others = {
        word
        for kind in lists.values()
        for lang, words in kind.items()
        for word in words
        if lang not in day_first
    }
    local = {word for kind in lists.values() for words in kind.values() for word in words} - others
    return DateWords(
        months,
        local_months,
        weekdays,
        zones,
        table.get("seasonal_zones", {}),
        day_first,
        **{
            kind: _longest_first(word for words in each.values() for word in words)
            for kind, each in lists.items()
        },
        day_first_words=_longest_first(word for word in local if len(word) > 2 or not _fold(word).isascii()),
    )


def fold_word(word: str) -> str:
    """Return a word in lower case, without accents, dots, apostrophes and invisible characters."""
    return re.sub(r"[.'’׳॰ʼ]", "", _fold(word)).strip()


def fold_dates(texts: pl.Expr) -> pl.Expr:
    """Return texts with ASCII digits and spaces, in lower case, without accents and invisible characters."""
    folded = western_digits(texts).str.to_lowercase().str.normalize("NFD").str.replace_all(_MARKS, "")
    folded = folded.str.replace_all("ı", "i", literal=True).str.replace_all(r"\s+", " ")
    return folded.str.normalize("NFC")


def western_digits(texts: pl.Expr) -> pl.Expr:
    """Return texts with the digits of other scripts replaced by ASCII ones."""
    return texts.str.replace_many(list(DIGITS), list(DIGITS.values()))


def _fold(text: str) -> str:
    plain = _MARKS_OF_PYTHON.sub("", unicodedata.normalize("NFD", text.lower()))
    return unicodedata.normalize("NFC", plain.replace("ı", "i"))


def _names(table: dict[str, Any], kind: str, count: int) -> Iterator[tuple[str, str, int]]:
    """Yield (language, folded name, number) of the names in one table. Raises ValueError."""
    for lang, names in table.get(kind, {}).items():
        if len(names) != count:
            raise ValueError(f"{kind}.{lang}: {len(names)} names, not {count}")
        for number, forms in enumerate(names, 1):
            yield from ((lang, fold_word(form), number) for form in forms.split(",") if form.strip())


def _by_name(named: list[tuple[str, str, int]]) -> tuple[dict[str, int], dict[str, int]]:
    """Return the number by name, and for the names with several numbers that by "language name"."""
    numbers: dict[str, set[int]] = {}
    for _, name, number in named:
        numbers.setdefault(name, set()).add(number)
    clear = {name: number for _, name, number in named if len(numbers[name]) == 1}
    return clear, {f"{lang} {name}": number for lang, name, number in named if name not in clear}


def _longest_first(words: Iterator[str]) -> tuple[str, ...]:
    """Return words as written and as folded, longer ones first."""
    forms = {form for word in words for form in (word, _fold(word))}
    return tuple(sorted(forms, key=lambda word: (-len(word), word)))
