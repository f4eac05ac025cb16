"""What the text says of itself: who wrote it, when, where, and for which agency."""

import re
import tomllib

import polars as pl

from copydesk.transforms.clean.datelines import read_datelines
from copydesk.transforms.clean.rules import FIELDS, Rule, extract_field
from copydesk.transforms.text.dates import parse_dates


def parse_agencies(toml: str) -> dict[str, str]:
    """Read the agencies of TOML text (seeds/agencies.toml); return the name by form. Raises ValueError."""
    table = tomllib.loads(toml).get("agencies", {})
    return {form: name for name, forms in table.items() for form in forms}


def find_metadata(lines: pl.DataFrame, rules: tuple[Rule, ...], agencies: dict[str, str]) -> pl.DataFrame:
    """Return one row a document: headline, byline, credit, published, dateline, agency, dated; null where untold.

    `lines` are judged (see :func:`copydesk.transforms.clean.stage.mark_lines`). headline, byline, credit and
    published are texts that
    rules took out of the lines; dateline is the place as it is written at the head of the first paragraphs, dated
    the day beside it. The agency is the dateline's, else the one that a removed credit line or the byline names.
    """
    prose = pl.col("prose") & pl.col("rule").is_null()
    begins = pl.col("line").filter(prose).min().over("doc_id").fill_null(0)
    lines = lines.with_columns(away=(pl.col("line") - begins).abs())
    telling = [rule for rule in rules if any(f"(?P<{name}>" in p for p in rule.patterns for name in FIELDS)]
    told = (
        lines.filter(pl.col("rule").is_in([rule.name for rule in telling]))
        .with_columns(extract_field(rules, name).alias(name) for name in FIELDS)
        .group_by("doc_id")
        # a page dates its teasers too: the stamp nearest to the article's first line is the article's
        .agg(pl.col(name).sort_by("away", maintain_order=True).drop_nulls().first() for name in FIELDS)
    )
    credits = pl.col("rule").is_in(["agency_credit", "credit", "byline"])
    fields = (
        lines.group_by("doc_id", maintain_order=True)
        .agg(pl.col("headline").drop_nulls().first(), named=pl.col("body").filter(credits).str.join("\n"))
        .join(told, on="doc_id", how="left", maintain_order="left")
    )
    found = fields.join(read_datelines(lines, agencies), on="doc_id", how="left", maintain_order="left")
    return found.with_columns(
        agency=pl.coalesce("agency", _agency(pl.col("named"), agencies)),
    ).drop("named")


def date_documents(documents: pl.DataFrame) -> pl.DataFrame:
    """Fill published_at (UTC) where it is null, and add published_from: who says so.

    `documents` have published_at, published, dated and lang. published_from is "file" for what the record came
    with, "stamp" for a line above or below the article, "dateline" for the head of its first paragraph, else null.
    """
    lang = pl.col("lang")
    claims = {"file": pl.col("published_at")}
    for name, column in (("stamp", "published"), ("dateline", "dated")):
        if documents[column].is_not_null().any():  # else the patterns need not be compiled
            claims[name] = parse_dates(column, lang)
    return documents.with_columns(
        published_at=pl.coalesce(claims.values()),
        published_from=pl.coalesce(
            *(pl.when(claim.is_not_null()).then(pl.lit(name)) for name, claim in claims.items())
        ),
    )


def _agency(text: pl.Expr, agencies: dict[str, str]) -> pl.Expr:
    """Return the name of the first agency that `text` credits as a whole word."""
    form = text.str.extract(rf"(?:^|[^\p{{L}}\p{{N}}])({_alternatives(agencies)})(?:[^\p{{L}}\p{{N}}]|$)")
    return form.replace_strict(agencies, default=None, return_dtype=pl.String)


def _alternatives(agencies: dict[str, str]) -> str:
    """Return the forms as alternatives, longer ones first; a pattern that matches nothing where there are none."""
    return (
        "|".join(re.escape(form) for form in sorted(agencies, key=lambda form: (-len(form), form))) or r"\b\B"
    )
