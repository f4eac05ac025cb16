"""Metadata that the text itself gives: author, date, place, and news agency."""

import re
import tomllib
from datetime import datetime, timedelta

import polars as pl

from copydesk.transforms.clean.bylines import BylineWords, tidy_bylines
from copydesk.transforms.clean.datelines import read_datelines
from copydesk.transforms.clean.marks import HEAD_LINES, first_line
from copydesk.transforms.clean.rules import FIELDS, Rule, extract_field
from copydesk.transforms.text.date_words import DateWords
from copydesk.transforms.text.dates import parse_dates

#: Lines below the article's last that may hold a box with its author.
_BOX_BELOW = 3
#: An article may be dated so long after the time at which it is read: clocks and time zones differ.
LEAD = timedelta(days=2)
#: Who holds the copyright: the site.
_OWNER = (
    r"(?i)(?:©|\(c\)|copyright)\s*(?:©\s*)?(?:\d{4}(?:\s?[-–]\s?\d{4})?)?,?\s*(?:by\s)?"
    r"(?-i:(\p{L}[^.|,;©]{2,40}))"
)
#: The year of the earliest plausible date: pages use ones before it for "none".
_EARLIEST = 1900


def parse_agencies(toml: str) -> dict[str, str]:
    """Parse the agencies of TOML text (seeds/agencies.toml); return the name by form. Raises ValueError."""
    table = tomllib.loads(toml).get("agencies", {})
    return {form: name for name, forms in table.items() for form in forms}


def find_metadata(
    lines: pl.DataFrame, rules: tuple[Rule, ...], agencies: dict[str, str], names: BylineWords
) -> pl.DataFrame:
    """Return one row per document: headline, byline, credit, owner, dateline, agency, dated; null if the text
    gives none.

    `lines` are marked (see :func:`copydesk.transforms.clean.stage.mark_lines`). headline, byline and credit are
    texts that rules removed from the lines; owner is the site's name in a copyright line, dateline is the place
    as written at the head of the first paragraphs, dated the day beside it. A byline stands above the article's
    text, at most four lines below its first line, or in a box below its last. The agency is the dateline's,
    else the one named in a removed credit line or in the byline.
    """
    owner = pl.col("body").str.extract(_OWNER)
    credits = pl.col("rule").is_in(["agency_credit", "credit", "byline", "publication_stamp"])
    fields = (
        lines.group_by("doc_id", maintain_order=True)
        .agg(
            pl.col("headline").drop_nulls().first(),
            named=pl.col("body").filter(credits).str.join("\n"),
            owner=owner.drop_nulls().last(),
        )
        .join(_capture_fields(lines, rules, names), on="doc_id", how="left", maintain_order="left")
    )
    found = fields.join(read_datelines(lines, agencies), on="doc_id", how="left", maintain_order="left")
    return found.with_columns(
        agency=pl.coalesce("agency", _agency(pl.col("named"), agencies)),
    ).drop("named")


def _capture_fields(lines: pl.DataFrame, rules: tuple[Rule, ...], names: BylineWords) -> pl.DataFrame:
    """Return doc_id, byline and credit that rules and stamps captured, those nearest to the article's first line."""
    kept = pl.col("rule").is_null() & (pl.col("body") != "")
    begins = first_line()
    ends = pl.col("line").filter(kept).max().over("doc_id").fill_null(0)
    lines = lines.with_columns(
        away=(pl.col("line") - begins).abs(), below=pl.col("line") > begins + HEAD_LINES
    )
    box = (pl.col("rule") == "author_box") & (pl.col("line") - ends).is_between(1, _BOX_BELOW)
    lines = lines.with_columns(by=~pl.col("below") | box)
    with_fields = [
        rule for rule in rules if any(f"(?P<{name}>" in p for p in rule.patterns for name in FIELDS)
    ]
    byline = pl.when("by").then(
        pl.coalesce(pl.col("stamp").struct.field("byline"), extract_field(rules, "byline"))
    )
    return (
        lines.filter(
            pl.col("rule").is_in([rule.name for rule in with_fields])
            | (pl.col("rule").is_not_null() & pl.col("stamp").is_not_null())
        )
        .with_columns(byline=byline, credit=extract_field(rules, "credit"))
        .sort("doc_id", "below", "away", maintain_order=True)
        .group_by("doc_id", maintain_order=True)
        .agg(pl.col(name).drop_nulls().first() for name in FIELDS)
        .with_columns(byline=tidy_bylines(pl.col("byline"), names))
    )


def date_documents(documents: pl.DataFrame, words: DateWords, latest: datetime | None = None) -> pl.DataFrame:
    """Set published_at (UTC) and published_from, its origin, to the first plausible claim.

    `documents` have published_at (of the record: "file"), published_at_of_page and published_by_of_page (of the
    markup of HTML), stamped and stamped_from (of a line above or below the article), misstamped, dated and lang
    (of the head of the first paragraph: "dateline"). An update stands behind a dateline. A date before 1900 or
    after `latest` is not plausible: if there is no other, published_at is null and published_from
    "implausible".
    """
    dated = parse_dates(documents["dated"], words, documents["lang"])
    stamp = pl.col("stamped_from") == "stamp"
    claims = (
        (pl.col("published_at"), pl.lit("file")),
        (pl.col("published_at_of_page"), pl.col("published_by_of_page")),
        (pl.when(stamp).then("stamped"), pl.lit("stamp")),
        (pl.lit(dated), pl.lit("dateline")),
        (pl.when(~stamp).then("stamped"), pl.lit("update")),
    )
    possible = [(_is_plausible(at, latest), at, origin) for at, origin in claims]
    known = pl.any_horizontal(*(at.is_not_null() for at, _ in claims)) | pl.col("misstamped")
    implausible = pl.when(known).then(pl.lit("implausible"))
    return documents.with_columns(
        published_at=pl.coalesce(*(pl.when(fits).then(at) for fits, at, _ in possible)),
        published_from=pl.coalesce(
            *(pl.when(fits).then(origin) for fits, _, origin in possible), implausible
        ),
    )


def _is_plausible(at: pl.Expr, latest: datetime | None) -> pl.Expr:
    late = pl.lit(value=False) if latest is None else at > latest
    return (at.dt.year() >= _EARLIEST) & ~late


def _agency(text: pl.Expr, agencies: dict[str, str]) -> pl.Expr:
    """Return the name of the first agency that `text` contains as a whole word."""
    form = text.str.extract(rf"(?:^|[^\p{{L}}\p{{N}}])({_alternatives(agencies)})(?:[^\p{{L}}\p{{N}}]|$)")
    return form.replace_strict(agencies, default=None, return_dtype=pl.String)


def _alternatives(agencies: dict[str, str]) -> str:
    """Return the forms as alternatives, longer ones first; a pattern that matches nothing if there are none."""
    return (
        "|".join(re.escape(form) for form in sorted(agencies, key=lambda form: (-len(form), form))) or r"\b\B"
    )
