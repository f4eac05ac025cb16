"""Dates in words and figures, in ten languages."""

import polars as pl

#: Month names by number, full, inflected and short; English, Spanish, German, French, Portuguese, Italian, Dutch,
#: Norwegian, Russian, Ukrainian. A name that two languages share means the same month in both.
_MONTHS = (
    "january jan enero ene januar jänner janvier janv janeiro gennaio gen januari января январь янв січня січень січ",
    "february feb febrero februar février févr fév fevereiro fev febbraio februari февраля февраль фев лютого лют",
    "march mar marzo märz mrz mars março maart mrt марта март мар березня березень бер",
    "april apr abril abr avril avr aprile апреля апрель апр квітня квітень квіт кві",
    "may mayo mai maio maggio mag mei мая май травня травень трав тра",
    "june jun junio juni juin junho giugno giu июня июнь июн червня червень черв чер",
    "july jul julio juli juillet juil julho luglio lug июля июль июл липня липень лип",
    "august aug agosto ago août augustus августа август авг серпня серпень серп сер",
    "september sep sept septiembre septembre setembro set settembre сентября сентябрь сен вересня вересень вер",
    "october oct octubre oktober okt octobre outubro out ottobre ott октября октябрь окт жовтня жовтень жовт жов",
    "november nov noviembre novembre novembro ноября ноябрь ноя нояб листопада листопад лист лис",
    "december dec diciembre dic dezember dez décembre déc dezembro dicembre desember декабря декабрь дек "
    "грудня грудень груд",
)
_NUMBER = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
_NAME = "(" + "|".join(sorted(_NUMBER, key=len, reverse=True)) + ")"
_YEARS = r"((?:19|20)\d{2}|2100)"
_YEAR = _YEARS + r"(?:\D|$)"
_ISO = rf"(?:^|\D){_YEARS}[-/.](\d{{2}})[-/.](\d{{2}})(?:\D|$)"
_MONTH_FIRST = rf"(?:^|[^\p{{L}}]){_NAME}\.?\s(\d{{1,2}})(?:st|nd|rd|th)?,?\s{_YEAR}"
_DAY_FIRST = (
    rf"(?:^|\D)(\d{{1,2}})(?:st|nd|rd|th|er|º|ª)?\.?\s(?:de |of |di )?{_NAME}\.?,?(?:\sde|\sdel)?,?\s{_YEAR}"
)
_FIGURES = rf"(?:^|\D)(\d{{1,2}})[./-](\d{{1,2}})[./-]{_YEAR}"
#: Languages whose readers put the day first, whatever stands between the figures.
_DAY_FIRST_LANGUAGES = [
    "cs", "da", "de", "es", "fi", "fr", "it", "nb", "nl", "nn", "no", "pl", "pt", "ru", "tr", "uk"
]  # fmt: skip
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
#: Minutes east of Greenwich. IST and CST are left out: each is the time of two continents.
_ZONES = {
    zone: minutes
    for minutes, zones in (
        (0, "z utc gmt wet"), (60, "bst west cet mez"), (120, "cest mesz eet"), (180, "eest msk мск"),
        (-240, "edt"), (-300, "est cdt"), (-360, "mdt"), (-420, "mst pdt"), (-480, "pst"),
        (480, "hkt"), (540, "jst kst"), (600, "aest"), (660, "aedt"),
    )
    for zone in zones.split()
}  # fmt: skip


def parse_dates(column: str, lang: pl.Expr | None = None) -> pl.Expr:
    """Parse a date from text such as "March 3, 2026", "3 mars 2026 à 10h15" or "2026-03-03T10:15Z", as UTC.

    Null if the text has no date, or one outside the years 1900 to 2100. A date without a time is midnight; a
    time without a zone is read as UTC. Numeric dates are read in ISO order, and in another order only if `lang`
    (ISO 639-1, of the same rows) puts the day first or one of the two numbers cannot be a month: 3/4/2026 is
    ambiguous.
    """
    text = pl.col(column).str.to_lowercase()
    day = pl.coalesce(
        _date(text, _ISO, 1, 2, 3),
        _date(text, _MONTH_FIRST, 3, 1, 2),
        _date(text, _DAY_FIRST, 3, 2, 1),
        _figures(text, pl.lit(None, pl.String) if lang is None else lang),
    )
    at = day.cast(pl.Datetime("us")) + pl.duration(minutes=_minutes(text) - _offset(text))
    return pl.when(day.is_not_null()).then(at.dt.replace_time_zone("UTC"))


def _date(text: pl.Expr, pattern: str, year: int, month: int, day: int) -> pl.Expr:
    """Parse the groups of `pattern` as a date; a month may be a name."""
    name = text.str.extract(pattern, month)
    number = pl.coalesce(
        name.replace_strict(_NUMBER, default=None, return_dtype=pl.Int64), name.cast(pl.Int64, strict=False)
    )
    return _join(text.str.extract(pattern, year), number.cast(pl.String), text.str.extract(pattern, day))


def _join(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    return (year + "-" + month.str.zfill(2) + "-" + day.str.zfill(2)).str.to_date("%Y-%m-%d", strict=False)


def _figures(text: pl.Expr, lang: pl.Expr) -> pl.Expr:
    """Parse a numeric day, month and year if their order is unambiguous."""
    first, second, year = (text.str.extract(_FIGURES, group) for group in (1, 2, 3))
    day_first = lang.is_in(_DAY_FIRST_LANGUAGES).fill_null(value=False) | (first.cast(pl.Int64) > 12)
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


def _offset(text: pl.Expr) -> pl.Expr:
    """Return the UTC offset in minutes of the zone after a time; 0 if there is none."""
    zone = text.str.extract(_ZONE)
    sign = pl.when(zone.str.starts_with("-")).then(-1).otherwise(1)
    hours, minutes = (zone.str.extract(r"^[+-](\d{2}):?(\d{2})$", group).cast(pl.Int64) for group in (1, 2))
    named = zone.replace_strict(_ZONES, default=None, return_dtype=pl.Int64)
    return pl.coalesce(named, sign * (hours * 60 + minutes), pl.lit(0))
