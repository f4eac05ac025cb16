"""What the text says of itself: who wrote it, when, where, and for which agency."""

import re
import tomllib

import polars as pl

from transforms.boilerplate import FIELDS, Rule, field
from transforms.dates import parse_dates

_DOC = "doc_id"
#: A name in a dateline: "LONDON", "Den Haag", "WASHINGTON, D.C.", "Berlin/Hamburg".
_NAME = (
    r"\p{Lu}[\p{L}.'’]*(?:[ -](?:(?:de|del|la|le|of|am|an der|da|do|di|el|al)[ -])?\p{Lu}[\p{L}.'’]*){0,4}"
)
_PLACE = rf"{_NAME}(?:(?:, |/){_NAME}){{0,2}}"
#: The same where nothing but its capitals tell that it is a dateline.
_SHOUTED = (
    r"(?:\p{Lu}[\p{Lu}'’]{2,}|\p{Lu}{2,}\.?[ -]\p{Lu}{2,})(?:[ -]\p{Lu}[\p{Lu}.'’]*){0,3}"
    r"(?:, \p{Lu}[\p{L}.'’]*(?: \p{Lu}[\p{L}.'’]*){0,2})?"
)
_DAY = r"(?:\p{L}{3,12}\.? \d{1,2}|\d{1,2}\.? (?:de )?\p{L}{3,12}\.?)(?:,? (?:de )?(?:19|20)\d{2})?"
_DASH = r"\s*(?:[.:]\s*)?[-–—]+\s*|\s*:\s+|\s*\.\s*"
#: Where the first paragraph's head is looked for: a dateline is no longer than this.
_HEAD = 120


def parse_agencies(toml: str) -> dict[str, str]:
    """Read the agencies of TOML text (seeds/agencies.toml); return the name by form. Raises ValueError."""
    table = tomllib.loads(toml).get("agencies", {})
    return {form: name for name, forms in table.items() for form in forms}


def find_metadata(lines: pl.DataFrame, rules: tuple[Rule, ...], agencies: dict[str, str]) -> pl.DataFrame:
    """Return one row a document: headline, byline, credit, published, dateline, agency, dated; null where untold.

    `lines` are judged (see :func:`transforms.clean.judge`). headline, byline, credit and published are texts that
    rules took out of the lines; dateline is the place as it is written at the head of the first paragraphs, dated
    the day beside it. The agency is the dateline's, else the one that a removed credit line or the byline names.
    """
    fields = (
        lines.with_columns(field(rules, name).alias(name) for name in FIELDS)
        .group_by(_DOC, maintain_order=True)
        .agg(
            pl.col("headline").drop_nulls().first(),
            *(pl.col(name).drop_nulls().first() for name in FIELDS),
            named=pl.col("body")
            .filter(pl.col("rule").is_in(["agency_credit", "credit", "byline"]))
            .str.join("\n"),
        )
    )
    found = fields.join(_datelines(lines, agencies), on=_DOC, how="left", maintain_order="left")
    return found.with_columns(
        agency=pl.coalesce("agency", _agency(pl.col("named"), agencies)),
    ).drop("named")


def date_documents(documents: pl.DataFrame) -> pl.DataFrame:
    """Fill published_at (UTC) where it is null, and add published_from: who says so.

    `documents` have published_at, published, dated and lang. published_from is "file" for what the record came
    with, "stamp" for a line above or below the article, "dateline" for the head of its first paragraph, else null.
    """
    lang = pl.col("lang")
    claims = {
        "file": pl.col("published_at"), "stamp": parse_dates("published", lang), "dateline": parse_dates("dated", lang)
    }  # fmt: skip
    return documents.with_columns(
        published_at=pl.coalesce(claims.values()),
        published_from=pl.coalesce(
            *(pl.when(claim.is_not_null()).then(pl.lit(name)) for name, claim in claims.items())
        ),
    )


def _datelines(lines: pl.DataFrame, agencies: dict[str, str]) -> pl.DataFrame:
    """Return doc_id, dateline, agency and dated for the first of a document's first three kept lines that has one."""
    kept = lines.filter(pl.col("rule").is_null() & (pl.col("body") != ""))
    heads = (
        kept.filter(pl.int_range(pl.len()).over(_DOC) < 3)
        .select(_DOC, head=pl.col("body").str.head(_HEAD))
        .filter(pl.col("head").str.contains(r"[-–—(/:.]"))
    )
    shapes = _shapes("(?:" + _alternatives(agencies) + ")")
    return (
        heads.with_columns(
            pl.coalesce(pl.col("head").str.extract(_only(shape, name)) for shape in shapes).alias(name)
            for name in ("place", "day", "agency")
        )
        .with_columns(
            seen=pl.any_horizontal(pl.col("head").str.contains(_only(shape, "")) for shape in shapes)
        )
        .filter("seen")
        .group_by(_DOC, maintain_order=True)
        .first()
        .select(
            _DOC,
            dateline=pl.col("place"),
            agency=pl.col("agency").replace_strict(agencies, default=None, return_dtype=pl.String),
            dated=pl.col("day"),
        )
    )


def _shapes(agency: str) -> tuple[str, ...]:
    """Return the patterns of a dateline, with the groups place, day and agency."""
    place, day, who = f"(?P<place>{_PLACE})", f"(?P<day>{_DAY})", f"(?P<agency>{agency})"
    credit = rf"[(\[/]\s*{who}(?:[/,;-][^()\[\]]{{0,30}})?\s*[)\]/]"
    return (
        rf"^{place}(?:[,.]? {day})?[,.]?\s*{credit}(?:{_DASH}|\s+[\p{{Lu}}\"“])",  # LONDON, March 3 (Reuters) -
        rf"^{place}[,.] {day}[,.]?(?:\s*[-–—]+)?\s*{who}(?:{_DASH}|[.,]\s)",  # Москва. 3 марта. ИНТЕРФАКС -
        rf"^\(?{who}\)?\s*[-–—,]+\s*{place}(?:[,.]? {day})?(?:\s*[-–—]+\s*|\s*:\s+)",  # (ANSA) - ROMA, 03 MAR -
        rf"^(?P<place>{_SHOUTED}),? {day}(?:\s*[-–—]+\s+|\s*:\s+)",  # PARIS, March 3 —
        rf"^(?P<place>{_SHOUTED})\s+(?:--|[–—])\s+[\p{{Lu}}\"“«]",  # KYIV — The
        rf"^\({who}\)(?:{_DASH})",  # (NTB):
    )


def _only(shape: str, name: str) -> str:
    """Return `shape` with `name` as its only capturing group, which may be none of its own."""
    pattern = re.sub(r"\(\?P<(\w+)>", lambda m: "(" if m[1] == name else "(?:", shape)
    return pattern if f"(?P<{name}>" in shape or not name else r"^(\b\B)"


def _agency(text: pl.Expr, agencies: dict[str, str]) -> pl.Expr:
    """Return the name of the first agency that `text` credits as a whole word."""
    form = text.str.extract(rf"(?:^|[^\p{{L}}\p{{N}}])({_alternatives(agencies)})(?:[^\p{{L}}\p{{N}}]|$)")
    return form.replace_strict(agencies, default=None, return_dtype=pl.String)


def _alternatives(agencies: dict[str, str]) -> str:
    """Return the forms as alternatives, longer ones first; a pattern that matches nothing where there are none."""
    return (
        "|".join(re.escape(form) for form in sorted(agencies, key=lambda form: (-len(form), form))) or r"\b\B"
    )
