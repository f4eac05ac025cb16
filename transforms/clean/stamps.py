"""Stamps: short lines that give the date of an article, and often its author, in any order and language."""

from datetime import datetime

import polars as pl

from copydesk.transforms.clean.bylines import BylineWords, find_names
from copydesk.transforms.clean.marks import HEAD_LINES, first_line, mark_rows
from copydesk.transforms.text.date_words import DateWords, fold_dates, western_digits
from copydesk.transforms.text.dates import CLOCKS, FIGURES, SHAPES, SHORT_YEAR, parse_dates

#: A longer line is no stamp.
LONGEST = 200
#: What any stamp contains: a year, or a date with a short one.
_YEAR = r"\p{Nd}{4}|\p{Nd}{2}\.\p{Nd}{2}\.\p{Nd}{2}"
#: What stands for a date that was taken out of a line.
_DATE = "\ufffc"
_INVISIBLE = r"[\x{200E}\x{200F}\x{202A}-\x{202E}\x{2066}-\x{2069}\x{61C}]"
_HALF = r"(?:[:.][0-9]{2})?(?:\.[0-9]+)?(?: ?[AaPp]\.? ?[Mm](?-u:\b)\.?)?(?: ?(?:[Uu]hr|hrs?|h)(?-u:\b))?"
#: Abbreviations of several zones: they belong to a time, and say nothing about it.
_UNCLEAR_ZONES = ("ist", "cst", "ast", "gst", "sst", "local time")
#: What stands between a name without introduction and a date; a comma also follows a place.
_BESIDE = rf"^[^{_DATE}]+[|•·/]\s*{_DATE}"
#: Signs that remain of a line without its words.
_NOTHING = r"[^\p{L}\p{N}]+|\b\d{1,4}\b"


_PARTS = ("published", "undated", "updated")


def mark_stamps(lines: pl.DataFrame, dates: DateWords, names: BylineWords) -> pl.DataFrame:
    """Mark the unmarked lines that are nothing but a stamp, and add `stamp`, a struct of the parts of
    :func:`read_stamps`, to the lines that hold one.
    """
    stamps = read_stamps(lines["body"], dates, names)
    stamps = stamps.select("body", "whole", stamp=pl.struct(*_PARTS, "byline"))
    lines = lines.join(stamps, on="body", how="left", maintain_order="left")
    whole = lines.with_row_index("row").filter(pl.col("whole") & pl.col("rule").is_null())
    return mark_rows(lines.drop("whole"), "publication_stamp", 0.97, whole["row"])


def choose_stamps(
    lines: pl.DataFrame, languages: pl.DataFrame, dates: DateWords, latest: datetime | None = None
) -> pl.DataFrame:
    """Return doc_id, stamped (UTC), stamped_from ("stamp" or "update") and misstamped of documents with a stamp.

    `lines` are those of :func:`mark_stamps` with all marks, `languages` has doc_id and lang. The date of
    publication is the one so labelled above the article's text, else the one without a label there, else either
    below it, the nearest to its first line; only without any of these the date of an update counts. misstamped
    tells whether a date was passed over because it is after `latest`.
    """
    found = (
        lines.with_columns(away=pl.col("line") - first_line())
        .filter(pl.col("stamp").is_not_null() & pl.col("rule").is_not_null())
        .select("doc_id", "line", "away", pl.col("stamp").struct.field(*_PARTS))
        .unpivot(_PARTS, index=["doc_id", "line", "away"], variable_name="part", value_name="written")
        .filter(pl.col("written").fill_null("") != "")
        .join(languages.select("doc_id", "lang"), on="doc_id", how="left", maintain_order="left")
    )
    found = found.with_columns(stamped=parse_dates(found["written"], dates, found["lang"])).drop_nulls(
        "stamped"
    )
    late = pl.lit(value=False) if latest is None else pl.col("stamped") > latest
    below = pl.col("away") > HEAD_LINES
    rank = pl.col("part").replace_strict({part: number for number, part in enumerate(_PARTS)}) + pl.when(
        below
    ).then(pl.when(pl.col("part") == "updated").then(1).otherwise(2)).otherwise(
        pl.when(pl.col("part") == "updated").then(2).otherwise(0)
    )
    ranked = found.with_columns(late=late, rank=rank).sort(
        "doc_id", "late", "rank", pl.col("away").abs(), "line"
    )
    return ranked.group_by("doc_id", maintain_order=True).agg(
        pl.col("stamped").filter(~pl.col("late")).first(),
        stamped_from=pl.when(pl.col("part").first() == "updated")
        .then(pl.lit("update"))
        .otherwise(pl.lit("stamp")),
        misstamped=pl.col("late").all(),
    )


def read_stamps(bodies: pl.Series, dates: DateWords, names: BylineWords) -> pl.DataFrame:
    """Return body, published, updated, undated, byline and whole for each distinct body that has a date.

    published and updated are the parts of the line behind such a word (in front of it, if the line ends with
    one), undated what has no such word; each may be parsed as a date. byline are the names beside the date.
    whole tells whether the line is nothing but a stamp.
    """
    short = bodies.unique(maintain_order=True).to_frame("body")
    short = short.filter((pl.col("body").str.len_chars() <= LONGEST) & pl.col("body").str.contains(_YEAR))
    if short.is_empty():
        return short.with_columns(
            *(pl.lit(None, pl.String).alias(name) for name in (*_PARTS, "byline", "left")),
            whole=pl.lit(value=False),
        )
    text = western_digits(
        pl.col("body").str.replace_all(_INVISIBLE, "").str.replace_all(r"\s+", " ")
    ).str.normalize("NFC")
    rest = short.select("body", rest=_without_dates(text, dates))
    rest = rest.filter(pl.col("rest").str.contains(_DATE, literal=True))
    for words in (dates.furniture, (*dates.published, *dates.updated)):
        if words:
            rest = rest.with_columns(pl.col("rest").str.replace_all(_whole(words), _DATE))
    rest = rest.with_columns(_join_marks(pl.col("rest"), dates), folded=fold_dates(pl.col("body")))
    name = pl.col("rest").str.strip_chars(f" \t{_DATE},;|•·–—-/:()")
    introduced = name.str.contains(names.introduction) | pl.col("rest").str.contains(_BESIDE)
    return rest.select(
        "body",
        *_split_by_label(dates),
        byline=pl.when(introduced & ~name.str.contains(_DATE, literal=True)).then(find_names(name, names)),
        left=_left_over(pl.col("rest"), dates),
    ).with_columns(whole=(pl.col("left") == "") | pl.col("byline").is_not_null())


def _without_dates(text: pl.Expr, dates: DateWords) -> pl.Expr:
    """Replace each date and each time of day with the mark of a date."""
    for shape in (FIGURES, *(shape for shape, _ in SHAPES), SHORT_YEAR):
        text = text.str.replace_all(f"(^|[^A-Za-z0-9]){shape}", f"${{1}}{_DATE}")
    zones = "|".join((*dates.zones, *dates.seasonal_zones, *_UNCLEAR_ZONES))
    zone = rf"(?:,? ?\(?(?:(?:{zones}|{zones.upper()})(?-u:\b)|(?:UTC|GMT)?[+-][0-9]{{1,2}}(?::?[0-9]{{2}})?)\)?)*"
    for clock in CLOCKS:
        text = text.str.replace_all(f"(^|[^0-9.]){clock}{_HALF}{zone}", f"${{1}}{_DATE}")
    return text


def _join_marks(text: pl.Expr, dates: DateWords) -> pl.Expr:
    """Remove what stands between two marks of a date, or between one and an end, if it is a mere filler."""
    if words := (*dates.fillers, *dates.weekdays):
        filler = rf"(?i)(^|{_DATE})[\s,(]*(?:{'|'.join(words)})[\s.,:)]*({_DATE}|$)"
        for _ in range(3):
            text = text.str.replace_all(filler, f"${{1}}{_DATE}${{2}}")
    return text


def _left_over(text: pl.Expr, dates: DateWords) -> pl.Expr:
    """Return the words that are neither of a date nor beside one."""
    if words := (*dates.fillers, *dates.weekdays):
        text = text.str.replace_all(_whole(words), " ")
    return text.str.replace_all(_NOTHING, " ").str.strip_chars()


def _split_by_label(dates: DateWords) -> tuple[pl.Expr, ...]:
    """Return published, updated and undated, from the folded text."""
    text = pl.col("folded")
    none = pl.lit(None, pl.String)
    if not dates.published or not dates.updated:
        return none.alias("published"), none.alias("updated"), text.alias("undated")
    published, updated = (rf"\b(?:{'|'.join(words)})\b" for words in (dates.published, dates.updated))
    last = text.str.contains(rf"\d[^\p{{L}}]*(?:{published}|{updated})\W*$")
    first = (
        text.str.extract(rf"({one}.*?)(?:{other}|$)")
        for one, other in ((published, updated), (updated, published))
    )
    behind = (
        text.str.extract(rf"(?:{other}|^)(.*?{one})")
        for one, other in ((published, updated), (updated, published))
    )
    of_published, of_updated = (
        pl.when(last).then(back).otherwise(front) for front, back in zip(first, behind, strict=True)
    )
    of_published = pl.when(of_published.str.contains(_YEAR)).then(of_published)
    neither = text.str.replace_all(rf"{updated}.*$", "")
    undated = pl.when(of_published.is_null() & ~last).then(neither)
    return of_published.alias("published"), of_updated.alias("updated"), undated.alias("undated")


def _whole(words: tuple[str, ...]) -> str:
    """Return a pattern for any of the words, whole, without regard to case, with a number before it."""
    return rf"(?i)(?:\b\d{{1,4}}\s)?\b(?:{'|'.join(words)})\b\.?"
