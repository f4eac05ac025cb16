"""Verdicts that need a line's neighbours: menus, headlines, teaser blocks, blank lines.

Each function takes judged lines (see :func:`transforms.clean.judge`), fills `rule` and `score` where they are
null, and returns the lines. All are window expressions over the document.
"""

import polars as pl

from transforms.boilerplate import Rule, first_match, matches
from transforms.language import detect_language

_DOC = "doc_id"
#: A cut-off headline is known by this many first characters of the full one: shorter ones meet by chance.
_KNOWN_START = 15
SENTENCE_END = r"[^.…][.。।]['\"”’“‘»)\]]*$"


def mark(lines: pl.DataFrame, verdicts: list[tuple[Rule, pl.Expr]]) -> pl.DataFrame:
    """Mark each unmarked line with the first rule whose condition holds.

    A condition sees the unmarked lines alone: what depends on other lines must be a column already.
    """
    if not verdicts:
        return lines
    numbers = [
        pl.when(holds).then(pl.lit(number, dtype=pl.Int16)) for number, (_, holds) in enumerate(verdicts)
    ]
    names = dict(enumerate(rule.name for rule, _ in verdicts))
    found = (
        lines.filter(pl.col("rule").is_null() & (pl.col("body") != ""))
        .select(_DOC, "line", found=pl.coalesce(numbers))
        .drop_nulls("found")
        .with_columns(pl.col("found").replace_strict(names, return_dtype=pl.String))
    )
    return _fill(
        lines.join(found, on=[_DOC, "line"], how="left", maintain_order="left"), [r for r, _ in verdicts]
    )


def mark_vocabulary(lines: pl.DataFrame, rules: list[Rule]) -> pl.DataFrame:
    """Mark each unmarked line with the first of `rules` that takes the whole of it."""
    open_ = lines.filter(pl.col("rule").is_null() & (pl.col("body") != ""))
    found = first_match(open_, rules).rename({"rule": "found"})
    return _fill(lines.join(found, on="body", how="left", maintain_order="left"), rules)


def _fill(lines: pl.DataFrame, rules: list[Rule]) -> pl.DataFrame:
    """Give unmarked lines the rule that the column `found` names, and its score; drop the column."""
    scores = {rule.name: rule.score for rule in rules}
    return lines.with_columns(
        rule=pl.coalesce("rule", "found"),
        score=pl.coalesce(
            "score", pl.col("found").replace_strict(scores, default=None, return_dtype=pl.Float64)
        ),
    ).drop("found")


def mark_as(lines: pl.DataFrame, rule: str, score: float, condition: pl.Expr) -> pl.DataFrame:
    """Mark the unmarked lines where `condition` holds with one rule."""
    hit = pl.col("rule").is_null() & condition
    return lines.with_columns(
        rule=pl.when(hit).then(pl.lit(rule)).otherwise("rule"),
        score=pl.when(hit).then(pl.lit(score)).otherwise("score"),
    )


def mark_rows(lines: pl.DataFrame, rule: str, score: float, rows: pl.DataFrame) -> pl.DataFrame:
    """Mark the unmarked lines that `rows` (doc_id, line) names with one rule."""
    named = rows.select(_DOC, "line", named=pl.lit(value=True))
    lines = lines.join(named, on=[_DOC, "line"], how="left", maintain_order="left")
    return mark_as(lines, rule, score, pl.col("named").fill_null(value=False)).drop("named")


def between_text(lines: pl.DataFrame, name: str, condition: pl.Expr) -> pl.DataFrame:
    """Add the column `name`: `condition` computed over the non-blank lines alone, null on blank ones."""
    found = lines.filter(pl.col("body") != "").select(_DOC, "line", condition.alias(name))
    return lines.join(found, on=[_DOC, "line"], how="left", maintain_order="left")


def find_top(lines: pl.DataFrame) -> pl.DataFrame:
    """Add `top`: whether a line stands above the first line of prose that no rule has marked."""
    prose = (pl.col("prose") & pl.col("rule").is_null()).cast(pl.Int64)
    return lines.with_columns(top=prose.cum_sum().over(_DOC) == 0)


def mark_outlet_names(lines: pl.DataFrame, sources: pl.DataFrame) -> pl.DataFrame:
    """Mark lines that are the source's own name ("Metro Wire" in the folder metro-wire), or start with it.

    `sources` has doc_id and source. Lines of at most five words; names of at least five letters.
    """
    name, letters = (
        pl.col(column).str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]+", "")
        for column in ("source", "body")
    )
    short = lines.filter(pl.col("rule").is_null() & pl.col("n_words").is_between(1, 5))
    known = short.join(sources.select(_DOC, "source", name=name), on=_DOC).filter(
        (pl.col("name").str.len_chars() >= 5) & letters.str.starts_with(pl.col("name"))
    )
    words = pl.col("source").str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]+", r"[^\p{L}\p{N}]*")
    whole = pl.lit("(?i)^") + words + pl.lit(r"(?:[^\p{L}\p{N}]|$)")  # no name ends in the middle of a word
    return mark_rows(lines, "outlet_name", 0.9, known.filter(pl.col("body").str.contains(whole)))


def mark_sections(lines: pl.DataFrame, rules: list[Rule]) -> pl.DataFrame:
    """Mark menu words that stand alone above the headline: the section's name."""
    headline_at = pl.when(pl.col("headline").is_not_null()).then("line").min().over(_DOC)
    lines = lines.with_columns(above=(pl.col("line") < headline_at).fill_null(value=False))
    return mark(lines, [(rule, pl.col("above") & matches(rule)) for rule in rules]).drop("above")


def mark_menus(lines: pl.DataFrame, rules: list[Rule]) -> pl.DataFrame:
    """Mark runs of three or more lines of at most three words outside the prose where a third are menu words."""
    short = (pl.col("n_words") <= 3) & ~pl.col("body").str.contains(r"[.!?:;,\"”]$")
    bottom = (pl.col("prose").cast(pl.Int64).cum_sum(reverse=True).over(_DOC) == 0) | pl.col("top")
    for rule in rules:
        run = (short & bottom).rle_id().over(_DOC)
        lines = between_text(
            lines,
            "menu",
            (short & bottom)
            & (pl.len().over(_DOC, run) >= 3)
            & (matches(rule).sum().over(_DOC, run) * 3 >= pl.len().over(_DOC, run)),
        )
        lines = mark(lines, [(rule, pl.col("menu").fill_null(value=False))]).drop("menu")
    return lines


def mark_labels(lines: pl.DataFrame, labels: list[str]) -> pl.DataFrame:
    """Give the headline-like line below a label (READ ALSO, Next article) the label's rule."""
    above = pl.col("rule").shift(1).over(_DOC)
    lines = between_text(
        lines, "label", pl.when(above.is_in(labels) & ~pl.col("body").str.contains(SENTENCE_END)).then(above)
    )
    hit = pl.col("rule").is_null() & pl.col("label").is_not_null()
    return lines.with_columns(
        rule=pl.coalesce("rule", "label"), score=pl.when(hit).then(0.9).otherwise("score")
    ).drop("label")


def mark_foreign_brackets(lines: pl.DataFrame) -> pl.DataFrame:
    """Mark lines wholly in square brackets whose language is not the document's: a teaser of the source page."""
    bracketed = lines.filter(pl.col("rule").is_null() & pl.col("body").str.contains(r"^\[[^\[\]]{25,300}\]$"))
    if bracketed.is_empty():
        return lines
    rest = (
        lines.join(bracketed.select(_DOC).unique(), on=_DOC, how="semi")
        .filter(pl.col("prose"))
        .group_by(_DOC)
        .agg(pl.col("body").str.join(" "))
    )
    document = rest.with_columns(detect_language(rest["body"]).rename({"lang": "document_lang"})).drop("body")
    foreign = (
        bracketed.with_columns(detect_language(bracketed["body"]))
        .join(document.drop("lang_confidence"), on=_DOC)
        .filter((pl.col("lang") != pl.col("document_lang")) & (pl.col("lang_confidence") >= 0.5))
    )
    return mark_rows(lines, "bracketed_teaser", 0.9, foreign)


def measure_glue(lines: pl.DataFrame, rules: list[Rule]) -> pl.DataFrame:
    """Add `glue`: how many characters of menu words are stuck to the front of a line ("ArticlesBridge closed").

    Only down to the first prose line, and only where the glued word occurs once in the document: NewsGuild,
    which an article on NewsGuild repeats, is a name.
    """
    first = pl.col("top") | (pl.col("prose") & (pl.col("prose").cast(pl.Int64).cum_sum().over(_DOC) == 1))
    words = "|".join(rule.alternatives for rule in rules) or r"\b\B"
    pattern = rf"^((?:{words})+)(?:\p{{Lu}}[\p{{L}}’']*|\p{{Lu}}|[“\"‘¿¡]\S+|\d+)\s+\S+\s+\S+"
    candidates = lines.filter(first & pl.col("rule").is_null() & pl.col("body").str.contains(pattern))
    found = candidates.select(
        _DOC, "line", glued=pl.col("body").str.extract(pattern), token=pl.col("body").str.extract(r"^(\S+)")
    )
    uses = (
        lines.join(found.select(_DOC, "token"), on=_DOC)
        .group_by(_DOC, "token")
        .agg(uses=pl.col("body").str.count_matches(pl.col("token"), literal=True).sum())
    )
    once = found.join(uses.filter(pl.col("uses") == 1), on=[_DOC, "token"])
    glue = once.select(_DOC, "line", glue=pl.col("glued").str.len_chars().cast(pl.Int64))
    return lines.join(glue, on=[_DOC, "line"], how="left", maintain_order="left").with_columns(
        pl.col("glue").fill_null(0)
    )


def mark_cut_headlines(lines: pl.DataFrame) -> pl.DataFrame:
    """Mark a top line that is menu words glued to the (often cut-off) headline that the next line gives whole."""
    below = pl.col("body").shift(-1).over(_DOC)
    start = below.str.slice(0, _KNOWN_START)
    at = pl.col("body").str.find(start, literal=True)
    stem = pl.col("body").str.replace(r"\s*(?:\.\.\.|…)$", "")
    rest = stem.cast(pl.Binary).bin.slice(at).cast(pl.String, strict=False)
    cut = (
        pl.col("top")
        & (start.str.len_chars() == _KNOWN_START)
        & at.is_between(1, 60)
        & below.str.starts_with(rest.fill_null("\0"))
    )
    lines = between_text(lines, "cut", cut)
    return mark_as(lines, "cut_headline", 0.95, pl.col("cut").fill_null(value=False)).drop("cut")


def mark_blank_lines(lines: pl.DataFrame) -> pl.DataFrame:
    """Mark blank lines at the start, at the end, and after another one, counting only lines that stay."""
    stays = lines.filter(pl.col("rule").is_null()).with_columns(blank=pl.col("body") == "")
    surplus = stays.filter(
        pl.col("blank")
        & (
            pl.col("blank").shift(1, fill_value=True).over(_DOC)
            | pl.col("blank").reverse().cum_prod().reverse().over(_DOC).cast(pl.Boolean)
        )
    )
    return mark_rows(lines, "blank_line", 1.0, surplus)
