"""What the text says of itself: who wrote it, when, where, and for which agency."""

import re
import tomllib

import polars as pl

from copydesk.transforms.clean.rules import FIELDS, Rule, field
from copydesk.transforms.text.dates import DateWords, parse_dates

_DOC = "doc_id"
#: A place at the head of a paragraph, loosely; _IS_PLACE says whether its words are written as names are. Loose and
#: then strict compiles in a hundredth of the time of one strict pattern.
_PLACE = r"\p{Lu}[\p{L}.,'’/ -]*?"
_IS_PLACE = r"^(?:(?:\p{Lu}[\p{L}.'’]*|de|del|la|le|of|am|an|der|da|do|di|el|al)(?:[ /-]|, |$))+$"
#: The same where nothing but its capitals tell that it is a place: KYIV, ST. LOUIS, no U.S.
_IS_SHOUTED = (
    r"^(?:\p{Lu}[\p{Lu}'’]{2,}|\p{Lu}{2,}\.?[ -]\p{Lu}{2,})(?:[ -]\p{Lu}[\p{Lu}.'’]*)*"
    r"(?:, \p{Lu}[\p{L}.'’ ]*)?$"
)
_DAY = r"(?:\p{L}+\.? \d{1,2}|\d{1,2}\.? (?:de )?\p{L}+\.?)(?:,? (?:de )?(?:19|20)\d{2})?"
_BARE = r"[\p{L}.]+(?: \p{L}+)?"
_DASH = r"(?:\s*(?:[.:]\s*)?[-–—]+\s*|\s*:\s+|\s*\.\s*)"
#: The shapes of a dateline, with the groups place, day and agency, and what makes its place certain.
_AT, _ON, _BY = f"(?P<place>{_PLACE})", f"(?P<day>{_DAY})", f"(?P<agency>{_BARE})"
_SHAPES = (
    # LONDON, March 3 (Reuters) - ; МОСКВА, 3 марта. /ТАСС/.
    (
        rf"^{_AT}(?:[,.]? {_ON})?,?\s*[(\[/](?P<agency>[^()\[\]]+?)[)\]/](?:{_DASH}|\s+[\p{{Lu}}\"“])",
        _IS_PLACE,
    ),
    # Москва. 3 марта. ИНТЕРФАКС - ; МОСКВА, 3 мар - РИА Новости.
    (rf"^{_AT}[,.] {_ON}[,.]?(?:\s*[-–—]+)?\s*{_BY}(?:{_DASH}|[.,]\s)", _IS_PLACE),
    # (ANSA) - ROMA, 03 MAR -
    (rf"^\(?{_BY}\)?\s*[-–—,]+\s*{_AT}(?:[,.]? {_ON})?(?:\s*[-–—]+\s*|\s*:\s+)", _IS_PLACE),
    # (NTB):
    (rf"^\({_BY}\){_DASH}", ""),
    # PARIS, March 3 —
    (rf"^{_AT},? {_ON}(?:\s*[-–—]+\s+|\s*:\s+)", _IS_SHOUTED),
    # KYIV — The
    (rf"^{_AT}\s+(?:--|[–—])\s+[\p{{Lu}}\"“«]", _IS_SHOUTED),
)
#: Where the first paragraph's head is looked for: a dateline is no longer than this.
_HEAD = 120


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
    begins = pl.col("line").filter(prose).min().over(_DOC).fill_null(0)
    lines = lines.with_columns(away=(pl.col("line") - begins).abs())
    telling = [rule for rule in rules if any(f"(?P<{name}>" in p for p in rule.patterns for name in FIELDS)]
    told = (
        lines.filter(pl.col("rule").is_in([rule.name for rule in telling]))
        .with_columns(field(rules, name).alias(name) for name in FIELDS)
        .group_by(_DOC)
        # a page dates its teasers too: the stamp nearest to the article's first line is the article's
        .agg(pl.col(name).sort_by("away", maintain_order=True).drop_nulls().first() for name in FIELDS)
    )
    credits = pl.col("rule").is_in(["agency_credit", "credit", "byline"])
    fields = (
        lines.group_by(_DOC, maintain_order=True)
        .agg(pl.col("headline").drop_nulls().first(), named=pl.col("body").filter(credits).str.join("\n"))
        .join(told, on=_DOC, how="left", maintain_order="left")
    )
    found = fields.join(_datelines(lines, agencies), on=_DOC, how="left", maintain_order="left")
    return found.with_columns(
        agency=pl.coalesce("agency", _agency(pl.col("named"), agencies)),
    ).drop("named")


def date_documents(documents: pl.DataFrame, words: DateWords) -> pl.DataFrame:
    """Fill published_at (UTC) where it is null, and add published_from: who says so.

    `documents` have published_at, published, dated and lang. published_from is "file" for what the record came
    with, "stamp" for a line above or below the article, "dateline" for the head of its first paragraph, else null.
    """
    lang = pl.col("lang")
    claims = {"file": pl.col("published_at")}
    for name, column in (("stamp", "published"), ("dateline", "dated")):
        if documents[column].is_not_null().any():  # else the patterns need not be compiled
            claims[name] = parse_dates(column, words, lang)
    return documents.with_columns(
        published_at=pl.coalesce(claims.values()),
        published_from=pl.coalesce(
            *(pl.when(claim.is_not_null()).then(pl.lit(name)) for name, claim in claims.items())
        ),
    )


def _datelines(lines: pl.DataFrame, agencies: dict[str, str]) -> pl.DataFrame:
    """Return doc_id, dateline, agency and dated for the first of a document's first three kept lines that has one."""
    kept = lines.filter(pl.col("rule").is_null() & (pl.col("body") != ""))
    heads = kept.filter(pl.int_range(pl.len()).over(_DOC) < 3).select(
        _DOC, "line", head=pl.col("body").str.head(_HEAD)
    )
    heads = heads.filter(pl.col("head").str.contains(r"^[\p{Lu}(].*(?:[-–—)/:]|\. \d)"))
    found = [_read_shape(heads, shape, is_place, agencies) for shape, is_place in _SHAPES if len(heads)]
    if not found:
        return heads.select(_DOC, dateline="head", agency="head", dated="head")
    return (
        pl.concat(found)
        .sort(_DOC, "line", maintain_order=True)
        .unique(_DOC, keep="first", maintain_order=True)
        .select(_DOC, dateline="place", agency="agency", dated="day")
    )


def _read_shape(heads: pl.DataFrame, shape: str, is_place: str, agencies: dict[str, str]) -> pl.DataFrame:
    """Return doc_id, line, place, day and agency of the `heads` that have this shape, its agency known."""
    form = pl.col("agency").str.extract(r"^([^/,;-]+)").str.strip_chars(". ")
    named = "(?P<agency>" in shape
    known = pl.coalesce(
        candidate.replace_strict(agencies, default=None, return_dtype=pl.String)
        for candidate in (pl.col("agency"), form)
    )
    parts = heads["head"].str.extract_groups(shape).struct.unnest()
    missing = [
        pl.lit(None, pl.String).alias(name)
        for name in ("place", "day", "agency")
        if name not in parts.columns
    ]
    return (
        heads.hstack(parts)
        .with_columns(missing)
        .filter(pl.any_horizontal(pl.col(parts.columns).is_not_null()))
        .with_columns(agency=known)
        .filter(pl.col("agency").is_not_null() if named else True)
        .filter(pl.col("place").str.contains(is_place) if is_place else True)
        .select(_DOC, "line", "place", "day", "agency")
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
