"""Datelines: place, day and agency at the head of a paragraph."""

import polars as pl

#: A place at the head of a paragraph, matched loosely; _IS_PLACE tests whether its words are written as names
#: are. Loose and then strict compiles in a hundredth of the time of one strict pattern.
_PLACE = r"\p{Lu}[\p{L}.,'’/ -]*?"
_IS_PLACE = r"^(?:(?:\p{Lu}[\p{L}.'’]*|de|del|la|le|of|am|an|der|da|do|di|el|al)(?:[ /-]|, |$))+$"
#: The same if only its capitals show that it is a place: KYIV, ST. LOUIS, not U.S.
_IS_SHOUTED = (
    r"^(?:\p{Lu}[\p{Lu}'’]{2,}|\p{Lu}{2,}\.?[ -]\p{Lu}{2,})(?:[ -]\p{Lu}[\p{Lu}.'’]*)*"
    r"(?:, \p{Lu}[\p{L}.'’ ]*)?$"
)
_DAY = r"(?:\p{L}+\.? \d{1,2}|\d{1,2}\.? (?:de )?\p{L}+\.?)(?:,? (?:de )?(?:19|20)\d{2})?"
_BARE = r"[\p{L}.]+(?: \p{L}+)?"
_DASH = r"(?:\s*(?:[.:]\s*)?[-–—]+\s*|\s*:\s+|\s*\.\s*)"
#: The shapes of a dateline, with the groups place, day and agency, and what makes its place certain.
_AT, _ON, _BY = f"(?P<place>{_PLACE})", f"(?P<day>{_DAY})", f"(?P<agency>{_BARE})"
#: The shapes of a dateline, with the groups place, day and agency, and the test that its place must pass.
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
#: Characters of a paragraph searched for a dateline: none is longer.
_HEAD = 120


def read_datelines(lines: pl.DataFrame, agencies: dict[str, str]) -> pl.DataFrame:
    """Return doc_id, dateline, agency and dated of the first of a document's first three kept lines that has a
    dateline.
    """
    kept = lines.filter(pl.col("rule").is_null() & (pl.col("body") != ""))
    heads = kept.filter(pl.int_range(pl.len()).over("doc_id") < 3).select(
        "doc_id", "line", head=pl.col("body").str.head(_HEAD)
    )
    heads = heads.filter(pl.col("head").str.contains(r"^[\p{Lu}(].*(?:[-–—)/:]|\. \d)"))
    found = [_read_shape(heads, shape, is_place, agencies) for shape, is_place in _SHAPES if len(heads)]
    if not found:
        return heads.select("doc_id", dateline="head", agency="head", dated="head")
    return (
        pl.concat(found)
        .sort("doc_id", "line", maintain_order=True)
        .unique("doc_id", keep="first", maintain_order=True)
        .select("doc_id", dateline="place", agency="agency", dated="day")
    )


def _read_shape(heads: pl.DataFrame, shape: str, is_place: str, agencies: dict[str, str]) -> pl.DataFrame:
    """Return doc_id, line, place, day and agency of the `heads` that have this shape and a known agency."""
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
        .select("doc_id", "line", "place", "day", "agency")
    )
