"""Dates in words and figures, in ten languages."""

import re
import tomllib
from dataclasses import dataclass, field

import polars as pl

_YEARS = r"((?:19|20)\d{2}|2100)"
_YEAR = _YEARS + r"(?:\D|$)"
_ISO = rf"(?:^|\D){_YEARS}[-/.](\d{{2}})[-/.](\d{{2}})(?:\D|$)"
_FIGURES = rf"(?:^|\D)(\d{{1,2}})[./-](\d{{1,2}})[./-]{_YEAR}"
_CLOCK = (
    r"(?:^|[^\d:.])(\d{1,2})[:h](\d{2})",
    r"(?:^|[^\d:.])(\d{1,2})\.(\d{2}) ?uhr",
    r"(?:kl\.?|klokken) (\d{1,2})\.(\d{2})",
)
_HALF = r"\d{1,2}[:.]\d{2}(?::\d{2})? ?([ap])\.?m"
_ZONE = (
    r"\d{1,2}[:h.]\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]\.?m\.?)?(?: uhr)? ?"
    r"\(?(z|[a-zмск]{2,4}|[+-]\d{2}:?\d{2})(?:\W|$)"
)


@dataclass(frozen=True)
class DateWords:
    """The words of dates, in lower case; without any, only numeric dates are parsed.

    months: number (1 to 12) by name; zones: minutes east of Greenwich by name; day_first: the languages (ISO 639-1)
    that write the day first, whatever the separator.
    """

    months: dict[str, int] = field(default_factory=dict)
    zones: dict[str, int] = field(default_factory=dict)
    day_first: tuple[str, ...] = ()


def parse_date_words(toml: str) -> DateWords:
    """Read DateWords from TOML text (seeds/dates.toml).

    Raises ValueError where a language has not twelve months, a name means two of them, or a zone is no number.
    """
    table = tomllib.loads(toml)
    months: dict[str, int] = {}
    for lang, names in table.get("months", {}).items():
        if len(names) != 12:
            raise ValueError(f"months.{lang}: {len(names)} months, not 12")
        for number, name in ((number, name) for number, each in enumerate(names, 1) for name in each.split()):
            if months.setdefault(name, number) != number:
                raise ValueError(f"months.{lang}: {name} is month {months[name]} in another language")
    zones = table.get("zones", {})
    if wrong := [name for name, minutes in zones.items() if not isinstance(minutes, int)]:
        raise ValueError(f"zones.{wrong[0]}: not a number of minutes")
    return DateWords(months, zones, tuple(table.get("day_first", [])))


def parse_dates(column: str, words: DateWords, lang: pl.Expr | None = None) -> pl.Expr:
    """Parse a date from text such as "March 3, 2026", "3 mars 2026 à 10h15" or "2026-03-03T10:15Z", as UTC.

    Null if the text has no date, or one outside the years 1900 to 2100. A date without a time is midnight; a
    time without a zone is read as UTC. Numeric dates are read in ISO order, and in another order only if `lang`
    (ISO 639-1, of the same rows) puts the day first or one of the two numbers cannot be a month: 3/4/2026 is
    ambiguous.
    """
    text = pl.col(column).str.to_lowercase()
    day_first = pl.lit(value=False) if lang is None else lang.is_in(list(words.day_first))
    day = pl.coalesce(
        _date(text, _ISO, words, 1, 2, 3),
        _date(text, _month_first(words), words, 3, 1, 2),
        _date(text, _day_first(words), words, 3, 2, 1),
        _figures(text, day_first),
    )
    at = day.cast(pl.Datetime("us")) + pl.duration(minutes=_minutes(text) - _offset(text, words))
    return pl.when(day.is_not_null()).then(at.dt.replace_time_zone("UTC"))


def _month_first(words: DateWords) -> str:
    return rf"(?:^|[^\p{{L}}])({_names(words)})\.?\s(\d{{1,2}})(?:st|nd|rd|th)?,?\s{_YEAR}"


def _day_first(words: DateWords) -> str:
    return (
        rf"(?:^|\D)(\d{{1,2}})(?:st|nd|rd|th|er|º|ª)?\.?\s(?:de |of |di )?({_names(words)})\.?,?"
        rf"(?:\sde|\sdel)?,?\s{_YEAR}"
    )


def _names(words: DateWords) -> str:
    """Return the names of months as alternatives, longer ones first; a pattern that matches nothing without any."""
    return "|".join(re.escape(name) for name in sorted(words.months, key=len, reverse=True)) or r"\b\B"


def _date(text: pl.Expr, pattern: str, words: DateWords, year: int, month: int, day: int) -> pl.Expr:
    """Parse the groups of `pattern` as a date; a month may be a name."""
    name = text.str.extract(pattern, month)
    number = pl.coalesce(
        name.replace_strict(words.months, default=None, return_dtype=pl.Int64),
        name.cast(pl.Int64, strict=False),
    )
    return _join(text.str.extract(pattern, year), number.cast(pl.String), text.str.extract(pattern, day))


def _join(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    return (year + "-" + month.str.zfill(2) + "-" + day.str.zfill(2)).str.to_date("%Y-%m-%d", strict=False)


def _figures(text: pl.Expr, day_first: pl.Expr) -> pl.Expr:
    """Parse a numeric day, month and year if their order is unambiguous: by `day_first`, or by the figures."""
    first, second, year = (text.str.extract(_FIGURES, group) for group in (1, 2, 3))
    day_first = day_first.fill_null(value=False) | (first.cast(pl.Int64) > 12)
    month_first = second.cast(pl.Int64) > 12
    return (
        pl.when(month_first).then(_join(year, first, second)).when(day_first).then(_join(year, second, first))
    )


def _minutes(text: pl.Expr) -> pl.Expr:
    """Return the minutes since midnight of the first time of day in `text`; 0 if there is none."""
    hour, minute = (
        pl.coalesce(text.str.extract(pattern, group) for pattern in _CLOCK).cast(pl.Int64) for group in (1, 2)
    )
    half = text.str.extract(_HALF)
    hour = (
        pl.when(half.is_not_null())
        .then(hour % 12 + pl.when(half == "p").then(12).otherwise(0))
        .otherwise(hour)
    )
    return pl.when((hour < 24) & (minute < 60)).then(hour * 60 + minute).fill_null(0)


def _offset(text: pl.Expr, words: DateWords) -> pl.Expr:
    """Return the UTC offset in minutes of the zone after a time; 0 if there is none."""
    zone = text.str.extract(_ZONE)
    sign = pl.when(zone.str.starts_with("-")).then(-1).otherwise(1)
    hours, minutes = (zone.str.extract(r"^[+-](\d{2}):?(\d{2})$", group).cast(pl.Int64) for group in (1, 2))
    named = zone.replace_strict(words.zones, default=None, return_dtype=pl.Int64)
    return pl.coalesce(named, sign * (hours * 60 + minutes), pl.lit(0))
