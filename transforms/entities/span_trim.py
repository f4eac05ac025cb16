"""Trim recognised spans to the name: without article, title, possessive, score line and credit line.

Columnar: the Rust regex engine over surfaces; `start` moves with every head that is cut.
"""

import polars as pl

#: Titles that are never part of a name here.
ABBREVIATED = (
    "Mr|Mrs|Ms|Miss|Mx|Dr|Drs|Prof|Gen|Maj|Brig|Col|Lt|Sgt|Cpl|Capt|Cmdr|Adm|Rev|Sen|Rep|Gov|Hon|Mme"
)
#: Titles that organisations are named after too (General Motors): cut from persons only.
WRITTEN = (
    "King|Queen|Sultan|Senator|President|Chairman|Chancellor|Premier|Minister|Captain|Colonel|General|"
    "Sergeant|Governor|Ambassador|Professor|Madam"
)
_ARTICLE = r"^((?:(?i:the)\s+|an?\s+|[^\p{L}\p{N}]+)+)"
#: Where a span runs on past its name: a line end, a credit line, a quotation, a table, a date.
_RUN_ON = (
    r"^(?s:(.+?))(?:\s[/|–—-]\s|[\n\r|<>\"“”]|\s{3,}|:\s"
    r"|,? (?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.? \d)"
)
_SCORE = r"([\s(-]+\d[\d.,-]*)$"
_TAIL = r"((?:['’`´]s?|[^\p{L}\p{N}.)])+)$"
_POINT = r"\p{Ll}{2}(\.+)$"
#: A capitalised word that is no name when it stands alone.
_NO_NAMES = """
The A An And But Or In On At By For From To Of With As It Its He She His Her Their They We Our You Your I
This That These Those There Here When Where While If Then After Before Since During Mr Mrs Ms Miss Dr Prof
Sir Madam Lord Lady President Minister Prime King Queen Prince Princess Sheikh Imam Sultan Gen Col Maj Capt
Lt Sgt Rev Pope Bishop Archbishop Cardinal Judge Justice Governor Senator Mayor Chairman Director Captain
General Colonel Secretary Ambassador Professor Doctor Chief MP MPs CEO Kingdom Constitution North South East
West Northern Southern Eastern Western Monday Tuesday Wednesday Thursday Friday Saturday Sunday January
February March April May June July August September October November December Mon Tue Wed Thu Fri Sat Sun
Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec State Government Act Bill Article Section Independence
Internet God AM PM TV Photo File Image
"""
NO_NAMES = frozenset(_NO_NAMES.split())
_ADDRESS = r"://|www\.|\.(?:com|org|net)\b|@|\\|^#|[<>{}]|&\w+;"


def trim_spans(spans: pl.DataFrame) -> pl.DataFrame:
    """Cut spans (start, surface, label, cased) down to their names, and drop those without one; other columns stay."""
    surface = pl.col("surface")
    spans = spans.with_columns(surface=surface.str.extract(_RUN_ON).fill_null(surface))
    spans = _behead(spans, surface.str.extract(_ARTICLE))
    spans = _behead(spans, surface.str.extract(rf"^((?:(?:{ABBREVIATED})\.?\s+)+)\p{{Lu}}"))
    person = pl.when(pl.col("label") == "PERSON")
    spans = _behead(spans, person.then(surface.str.extract(rf"^((?:(?:{WRITTEN})\s+)+)\p{{Lu}}")))
    scored = pl.when(pl.col("label").is_in(["PERSON", "GPE", "LOC"]))
    spans = _curtail(spans, scored.then(surface.str.extract(_SCORE)))
    spans = _curtail(spans, surface.str.extract(_TAIL))
    spans = _curtail(spans, surface.str.extract(_POINT))
    opened, closed = surface.str.contains("(", literal=True), surface.str.contains(")", literal=True)
    spans = _curtail(spans, pl.when(opened & ~closed).then(surface.str.extract(r"(\s*\([^(]*)$")))
    spans = _curtail(spans, pl.when(closed & ~opened).then(surface.str.extract(r"(\)[^)]*)$")))
    return spans.filter(
        surface.str.contains(r"\p{L}")
        & (surface.str.contains(r"\p{Lu}|\p{Lo}") | ~pl.col("cased"))
        & (surface.str.len_chars() > 1)
        & ~surface.is_in(list(NO_NAMES))
        & ~surface.str.contains(_ADDRESS)
    )


def _behead(spans: pl.DataFrame, head: pl.Expr) -> pl.DataFrame:
    n = head.str.len_chars().fill_null(0).cast(pl.Int64)
    return spans.with_columns(start=pl.col("start") + n, surface=pl.col("surface").str.slice(n))


def _curtail(spans: pl.DataFrame, tail: pl.Expr) -> pl.DataFrame:
    kept = pl.col("surface").str.len_chars().cast(pl.Int64) - tail.str.len_chars().fill_null(0).cast(pl.Int64)
    return spans.with_columns(surface=pl.col("surface").str.slice(0, kept))
