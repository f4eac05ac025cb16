"""Dates in words and figures, in the languages of :class:`copydesk.transforms.text.date_words.DateWords`."""

import polars as pl

from copydesk.transforms.text.date_words import IRANIAN, DateWords, fold_dates

#: What a month is called: one word, or two of an Arabic name. The classes here are as small as can be: patterns with
#: the classes of Unicode take ten times as long to compile.
_LETTER = r"[A-Za-z\x{AA}-\x{2FFF}\x{A000}-\x{FFFB}]"
NAME = rf"(?:كانون |تشرين )?{_LETTER}(?:{_LETTER}|[.'’])*"
#: A year of the Gregorian, Thai or Iranian calendar.
_YEAR = "(1[34][0-9]{2}|19[0-9]{2}|20[0-9]{2}|2100|2[456][0-9]{2})"
_N = "([0-9]{1,2})"
#: What a numeric date stands between.
_APART = ("(?:^|[^0-9])", "(?:[^0-9]|$)")
#: The shapes of a date, without what stands around it, each with the order of its groups.
SHAPES: tuple[tuple[str, str], ...] = (
    # 2026-05-05, 2026. 5. 5., 2026/05/05T
    (f"{_YEAR} ?[-/.] ?{_N} ?[-/.] ?{_N}", "ymd"),
    # 2026年5月5日, 2026년 5월 5일
    (f"{_YEAR} ?[年년] ?{_N} ?[月월] ?{_N}(?: ?[日일號号])?", "ymd"),
    # 5 tháng 5, 2026; 5 tháng 5 năm 2026
    (f"{_N} [Tt]h[aá]ng {_N},? (?:n[aă]m )?{_YEAR}", "dmy"),
    # May 5th, 2026
    (f"({NAME}) {_N}(?:st|nd|rd|th)?(?:, ?| ){_YEAR}", "mdy"),
    # 5. května 2026, 5 de mayo de 2026, 5-Mar-2026, le 1er mai 2026
    (
        rf"{_N}(?:st|nd|rd|th|ST|ND|RD|TH|er|[ºª°])?\.?(?:, | |[-/])?(?:de |DE |of |di |d[e'’]|del )?({NAME})"
        rf"(?:/{NAME})?,?[-/ ]?(?:de |DE |del )?{_YEAR}",
        "dmy",
    ),
    # 2026. május 5., 2026 m. gegužės 5 d., 2026 Mayıs 5
    (rf"{_YEAR}\.? (?:m\.? |ж\. |г\. |оны )?({NAME}) {_N}", "ymd"),
    # 2026. gada 5. maijs
    (rf"{_YEAR}\.? (?:gada|ж\.|ko) {_N}\.? ({NAME})", "ydm"),
)
#: 02.04.2026: whether the first number is the day depends.
FIGURES = f"{_N} ?[./-] ?{_N} ?[./-] ?((?:19|20)[0-9]{{2}})"
#: 02.04.26, only in a language that puts the day first.
SHORT_YEAR = r"([0-9]{2})\.([0-9]{2})\.([0-9]{2})"
#: Times of day with groups for the half of the day, hour and minute.
CLOCKS: tuple[str, ...] = (
    f"(오전|오후|上午|下午|午前|午後|晚上|凌晨|早上)? ?{_N} ?[時时點点시] ?(?:{_N} ?[分분])?",
    f"(){_N}[:：hH]([0-9]{{2}})",
    rf"(){_N}\.([0-9]{{2}})",
    rf"(){_N}() ?(?:[ap]\.?m|[AP]\.?M|[Uu]hr|h)(?:[^A-Za-z]|$)",
)
_HALF_AFTER = (
    r"(?:^|[^0-9])[0-9]{1,2}(?:[:.][0-9]{2}){0,2} ?(?:([ap])\.? ?m(?:[^a-z]|$)|([πμ])\.? ?μ\.|([صم])(?: |$))"
)
_ZONE = (
    r"(?:[0-9]{1,2}[:h.][0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?: ?[ap]\.? ?m\.?)?|[0-9]{1,2} ?[ap]\.? ?m\.?)"
    r"(?: ?uhr| ?hrs)?,? ?\(?((?:utc|gmt)? ?[+-][0-9]{1,2}(?::?[0-9]{2})?|[a-zмск]{1,5})(?:[^a-z0-9]|$)"
)
#: 1 Farvardin 1403 of the Iranian calendar, and the days before it since the year 1.
_NOWRUZ_1403 = pl.date(2024, 3, 20)


def parse_dates(texts: pl.Series, words: DateWords, langs: pl.Series | None = None) -> pl.Series:
    """Parse a date from each text, such as "March 3, 2026", "2026年3月3日 10:15" or "3 mars 2026 à 10h15", as UTC.

    Null if a text has no date, or one outside the years 1900 to 2100. A date without a time is midnight; a time
    without a zone, or with an abbreviation that several zones share (IST, CST), is read as UTC. A day and a
    month in figures are read in ISO order, and in another order only if one cannot be a month, if the weekday
    beside them fits one order alone, if `langs` (ISO 639-1, of the same rows) puts the day first, or a word
    beside them is of such a language: otherwise 3/4/2026 is ambiguous. Years of the Thai and the Iranian
    calendar are converted.
    """
    lang = pl.Series([None], dtype=pl.String) if langs is None else langs.cast(pl.String)
    if texts.null_count() == len(texts):
        return pl.Series(texts.name, [None] * len(texts), pl.Datetime("us", "UTC"))
    frame = pl.DataFrame({"text": texts.cast(pl.String)}).with_columns(fold_dates(pl.col("text")), lang=lang)
    frame = frame.with_columns(day=pl.coalesce(*(_date(shape, order, words) for shape, order in SHAPES)))
    frame = frame.with_columns(day=pl.coalesce("day", _figures(words), _short_year(words)))
    frame = frame.with_columns(rest=_without_figures())
    frame = frame.with_columns(zone=pl.col("rest").str.extract(_ZONE))
    at = pl.col("day").cast(pl.Datetime("us")) + pl.duration(minutes=_minutes())
    seasonal = (
        pl.when(
            (pl.col("zone") == name) & pl.col("rest").str.contains(rf"[ap]\.? ?m\.?,? ?\(?{name}(?:[^a-z]|$)")
        ).then(
            at.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null").dt.convert_time_zone(
                "UTC"
            )
        )
        for name, zone in words.seasonal_zones.items()
    )
    fixed = (at - pl.duration(minutes=_offset(words))).dt.replace_time_zone("UTC")
    local = pl.coalesce(*seasonal, fixed)
    found = frame.select(local.dt.cast_time_unit("us")).to_series()
    return found.alias(texts.name)


def month_number(name: pl.Expr, words: DateWords) -> pl.Expr:
    """Return the number of a month from its name or its figures; null for another word."""
    key = name.str.replace_all(r"[.'’׳॰ʼ]", "")
    figures = name.cast(pl.Int64, strict=False)
    clear = key.replace_strict(words.months, default=None, return_dtype=pl.Int64)
    local = pl.concat_str(pl.col("lang"), pl.lit(" "), key)
    return pl.coalesce(
        figures, clear, local.replace_strict(words.local_months, default=None, return_dtype=pl.Int64)
    )


def _date(shape: str, order: str, words: DateWords) -> pl.Expr:
    """Parse the groups of a shape, whose order is that of the letters y, m and d."""
    before = f"(?:^|[^{_LETTER[1:]})" if order == "mdy" else _APART[0]
    pattern = f"{before}{shape}{_APART[1]}"
    groups = pl.col("text").str.extract_groups(pattern).struct
    year, month, day = (groups[order.index(part)] for part in "ymd")
    return _join(year.cast(pl.Int32), month_number(month, words), day.cast(pl.Int32))


def _join(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Return the day of a Gregorian, Thai or Iranian calendar; null if it does not exist or is out of range."""
    iranian = (month > IRANIAN) | (year < 1500) & (pl.col("lang") == "fa")
    of_thailand = pl.when(year > 2400).then(year - 543).otherwise(year)
    parts = (of_thailand.cast(pl.String), *(part.cast(pl.String).str.zfill(2) for part in (month, day)))
    text = pl.concat_str(*parts, separator="-").str.to_date("%Y-%m-%d", strict=False)
    gregorian = pl.when(of_thailand.is_between(1900, 2100)).then(text)
    return pl.when(iranian).then(_iranian(year, month % IRANIAN, day)).otherwise(gregorian)


def _iranian(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Return the Gregorian day of an Iranian one, by the 33-year cycle, which holds from 1300 to 1500."""
    years = year + 1595
    days = 365 * years + (years // 33) * 8 + (years % 33 + 3) // 4
    first = 365 * (1403 + 1595) + ((1403 + 1595) // 33) * 8 + ((1403 + 1595) % 33 + 3) // 4
    within = pl.when(month <= 7).then((month - 1) * 31).otherwise((month - 7) * 30 + 186)
    exists = year.is_between(1300, 1499) & month.is_between(1, 12) & day.is_between(1, 31)
    return pl.when(exists).then(_NOWRUZ_1403 + pl.duration(days=days - first + within + day - 1))


def _figures(words: DateWords) -> pl.Expr:
    """Parse a numeric day, month and year if their order is unambiguous."""
    groups = pl.col("text").str.extract_groups(f"{_APART[0]}{FIGURES}{_APART[1]}").struct
    first, second, year = (groups[place].cast(pl.Int32) for place in range(3))
    day_month, month_day = _join(year, second, first), _join(year, first, second)
    day_first = pl.col("lang").is_in(list(words.day_first)).fill_null(value=False)
    if words.day_first_words:
        day_first |= pl.col("text").str.contains(whole_words(words.day_first_words))
    reads = (
        pl.when(day_month.is_null() | month_day.is_null() | (first == second))
        .then(pl.coalesce(day_month, month_day))
        .when(day_first)
        .then(day_month)
    )
    if not words.weekdays:
        return reads
    weekday = _weekday(words)
    fits = (day_month.dt.weekday() == weekday) != (month_day.dt.weekday() == weekday)
    by_weekday = pl.when(day_month.dt.weekday() == weekday).then(day_month).otherwise(month_day)
    return pl.coalesce(pl.when(fits & (weekday > 0)).then(by_weekday), reads)


def _weekday(words: DateWords) -> pl.Expr:
    """Return the number of the weekday that the text names, 0 without one."""
    names = [name for name in words.weekdays if len(name) > 2 or not name.isascii()]
    name = pl.col("text").str.extract(f"({whole_words(names)})").str.strip_chars(" \t,.;:|()-")
    return name.replace_strict(words.weekdays, default=0, return_dtype=pl.Int64).fill_null(0)


def _short_year(words: DateWords) -> pl.Expr:
    """Parse 02.04.26 in a language that puts the day first."""
    groups = pl.col("text").str.extract_groups(rf"(?:^|[^0-9.]){SHORT_YEAR}(?:[^0-9.]|$)").struct
    day, month, year = (groups[place].cast(pl.Int32) for place in range(3))
    read = _join(year + 2000, month, day)
    return pl.when(pl.col("lang").is_in(list(words.day_first))).then(read)


def _without_figures() -> pl.Expr:
    """Return the text without its numeric dates, whose dots are not those of a time."""
    return pl.col("text").str.replace_all(rf"(?:{FIGURES}|{SHORT_YEAR}|{SHAPES[0][0]})", " ")


def _minutes() -> pl.Expr:
    """Return the minutes since midnight of the first time of day in the text; 0 if there is none."""
    patterns = [rf"(?:^|[^0-9:.]){clock}(?:[^0-9.]|\.?$|\.[^0-9])" for clock in CLOCKS[:-1]]
    patterns.append(rf"(?:^|[^0-9:.]){CLOCKS[-1]}")
    rest = pl.col("rest")
    before, hour, minute = (
        pl.coalesce(
            *(
                pl.when(rest.str.contains(pattern)).then(rest.str.extract(pattern, group).fill_null(""))
                for pattern in patterns
            )
        )
        for group in (1, 2, 3)
    )
    hour, minute = hour.cast(pl.Int64, strict=False), minute.cast(pl.Int64, strict=False).fill_null(0)
    half = pl.coalesce(*(rest.str.extract(_HALF_AFTER, group) for group in (1, 2, 3)))
    late = before.is_in(["오후", "下午", "午後", "晚上"]) | half.is_in(["p", "μ", "م"])
    half_day = (before != "") | half.is_not_null()
    hour = pl.when(half_day & (hour <= 12)).then(hour % 12 + 12 * late.fill_null(value=False)).otherwise(hour)
    return pl.when((hour < 24) & (minute < 60)).then(hour * 60 + minute).fill_null(0)


def _offset(words: DateWords) -> pl.Expr:
    """Return the UTC offset in minutes of the zone after a time; 0 if there is none."""
    zone = pl.col("zone")
    sign = pl.when(zone.str.contains("-", literal=True)).then(-1).otherwise(1)
    hours, minutes = (zone.str.extract(r"[+-](\d{1,2}):?(\d{2})?$", group).cast(pl.Int64) for group in (1, 2))
    named = zone.replace_strict(words.zones, default=None, return_dtype=pl.Int64)
    return pl.coalesce(named, sign * (hours * 60 + minutes.fill_null(0)), pl.lit(0))


def whole_words(words: tuple[str, ...] | list[str]) -> str:
    """Return a pattern for any of the words as a whole word; for ones without spaces between, such as Chinese,
    anywhere.
    """
    alternatives = "|".join(words)
    return rf"(?:^|[^\p{{L}}])(?:{alternatives})(?:[^\p{{L}}]|$)"
