"""What the text says of itself: dates in words and figures."""

import polars as pl

_MONTHS = {
    **dict.fromkeys(("january", "jan", "enero"), 1),
    **dict.fromkeys(("february", "feb", "febrero"), 2),
    **dict.fromkeys(("march", "mar", "marzo"), 3),
    **dict.fromkeys(("april", "apr", "abril"), 4),
    **dict.fromkeys(("may", "mayo"), 5),
    **dict.fromkeys(("june", "jun", "junio"), 6),
    **dict.fromkeys(("july", "jul", "julio"), 7),
    **dict.fromkeys(("august", "aug", "agosto"), 8),
    **dict.fromkeys(("september", "sep", "sept", "septiembre"), 9),
    **dict.fromkeys(("october", "oct", "octubre"), 10),
    **dict.fromkeys(("november", "nov", "noviembre"), 11),
    **dict.fromkeys(("december", "dec", "diciembre"), 12),
}


def parse_dates(column: str) -> pl.Expr:
    """Read a date from text such as "March 3, 2026", "3 de marzo de 2026" or "2026-03-03", as midnight UTC.

    Null where there is none. Dates in figures are read only in ISO order: 3/4/2026 means two days to two readers.
    """
    text = pl.col(column).str.to_lowercase()
    iso = text.str.extract(r"(\d{4}-\d{2}-\d{2})").str.to_date(strict=False)
    name = "(" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + ")"
    after, before = rf"\b{name}\b\.? (\d{{1,2}})\D", rf"(\d{{1,2}})\.? (?:de )?{name}\b"
    month = pl.coalesce(text.str.extract(after, 1), text.str.extract(before, 2))
    day = pl.coalesce(text.str.extract(after, 2), text.str.extract(before, 1))
    year = text.str.extract(r"\b((?:19|20)\d{2})\b")
    number = month.replace_strict(_MONTHS, default=None, return_dtype=pl.Int64)
    words = (year + "-" + number.cast(pl.String).str.zfill(2) + "-" + day.str.zfill(2)).str.to_date(
        strict=False
    )
    return pl.coalesce(iso, words).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
