"""Metadata that the text itself gives: author, date, place, and news agency."""

import re
import tomllib

import polars as pl

from copydesk.transforms.clean.datelines import read_datelines
from copydesk.transforms.clean.rules import FIELDS, Rule, extract_field
from copydesk.transforms.text.dates import DateWords, parse_dates


def parse_agencies(toml: str) -> dict[str, str]:
    """Parse the agencies of TOML text (seeds/agencies.toml); return the name by form. Raises ValueError."""
    table = tomllib.loads(toml).get("agencies", {})
    return {form: name for name, forms in table.items() for form in forms}


def find_metadata(lines: pl.DataFrame, rules: tuple[Rule, ...], agencies: dict[str, str]) -> pl.DataFrame:
    """Return one row per document: headline, byline, credit, published, dateline, agency, dated; null if the
    text gives none.

    `lines` are marked (see :func:`copydesk.transforms.clean.stage.mark_lines`). headline, byline, credit and
    published are texts that rules removed from the lines; dateline is the place as written at the head of the
    first paragraphs, dated the day beside it. The agency is the dateline's, else the one named in a removed
    credit line or in the byline.
    """
    prose = pl.col("prose") & pl.col("rule").is_null()
    begins = pl.col("line").filter(prose).min().over("doc_id").fill_null(0)
    lines = lines.with_columns(away=(pl.col("line") - begins).abs())
    with_fields = [
        rule for rule in rules if any(f"(?P<{name}>" in p for p in rule.patterns for name in FIELDS)
    ]
    captured = (
        lines.filter(pl.col("rule").is_in([rule.name for rule in with_fields]))
        .with_columns(extract_field(rules, name).alias(name) for name in FIELDS)
        .group_by("doc_id")
        # a page also dates its teasers: the stamp nearest to the article's first line is the article's
        .agg(pl.col(name).sort_by("away", maintain_order=True).drop_nulls().first() for name in FIELDS)
    )
    credits = pl.col("rule").is_in(["agency_credit", "credit", "byline"])
    fields = (
        lines.group_by("doc_id", maintain_order=True)
        .agg(pl.col("headline").drop_nulls().first(), named=pl.col("body").filter(credits).str.join("\n"))
        .join(captured, on="doc_id", how="left", maintain_order="left")
    )
    found = fields.join(read_datelines(lines, agencies), on="doc_id", how="left", maintain_order="left")
    return found.with_columns(
        agency=pl.coalesce("agency", _agency(pl.col("named"), agencies)),
    ).drop("named")


def date_documents(documents: pl.DataFrame, words: DateWords) -> pl.DataFrame:
    """Fill published_at (UTC) where it is null, and add published_from, its origin.

    `documents` have published_at, published, dated and lang. published_from is "file" for the date of the
    record, "stamp" for a line above or below the article, "dateline" for the head of its first paragraph, else
    null.
    """
    lang = pl.col("lang")
    claims = {"file": pl.col("published_at")}
    for name, column in (("stamp", "published"), ("dateline", "dated")):
        if documents[column].is_not_null().any():  # avoids compiling the patterns
            claims[name] = parse_dates(column, words, lang)
    return documents.with_columns(
        published_at=pl.coalesce(claims.values()),
        published_from=pl.coalesce(
            *(pl.when(claim.is_not_null()).then(pl.lit(name)) for name, claim in claims.items())
        ),
    )


def _agency(text: pl.Expr, agencies: dict[str, str]) -> pl.Expr:
    """Return the name of the first agency that `text` contains as a whole word."""
    form = text.str.extract(rf"(?:^|[^\p{{L}}\p{{N}}])({_alternatives(agencies)})(?:[^\p{{L}}\p{{N}}]|$)")
    return form.replace_strict(agencies, default=None, return_dtype=pl.String)


def _alternatives(agencies: dict[str, str]) -> str:
    """Return the forms as alternatives, longer ones first; a pattern that matches nothing if there are none."""
    return (
        "|".join(re.escape(form) for form in sorted(agencies, key=lambda form: (-len(form), form))) or r"\b\B"
    )
