"""Verdicts that need a line's neighbours: menus, headlines, teaser blocks, blank lines.

Each function takes judged lines (see :func:`copydesk.transforms.clean.stage.mark_lines`), fills `rule` and
`score` where they are
null, and returns the lines. All are window expressions over the document.
"""

import numpy as np
import polars as pl

from copydesk.transforms.clean.rules import Rule, first_match, matches
from copydesk.transforms.text.language import detect_language

_DOC = "doc_id"
#: A cut-off headline is known by this many first characters of the full one: shorter ones meet by chance.
_KNOWN_START = 15
SENTENCE_END = r"[^.…][.。।]['\"”’“‘»)\]]*$"


def mark_vocabulary(lines: pl.DataFrame, rules: list[Rule], where: str | None = None) -> pl.DataFrame:
    """Mark each unmarked line with the first of `rules` that takes the whole of it: any line, or those for which the
    column `where` is true.
    """
    place = pl.col(where) if where else pl.lit(value=True)
    found = first_match(lines.filter(place & pl.col("rule").is_null() & (pl.col("body") != "")), rules)
    lines = lines.join(found.rename({"rule": "found"}), on="body", how="left", maintain_order="left")
    return _fill(lines.with_columns(found=pl.when(place).then("found")), rules)


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


def mark_rows(lines: pl.DataFrame, rule: str, score: float, rows: pl.Series) -> pl.DataFrame:
    """Mark the unmarked lines of these row numbers with one rule."""
    return mark_as(lines, rule, score, at_rows(lines, rows))


def at_rows(lines: pl.DataFrame, rows: pl.Series) -> pl.Expr:
    """Say of each line whether its row number is one of `rows`."""
    named = np.zeros(len(lines), np.bool_)
    named[rows.to_numpy()] = True
    return pl.lit(pl.Series(named))


def text_lines(lines: pl.DataFrame) -> pl.DataFrame:
    """Return the lines that are not blank, with their row numbers (row): what stands above or below is text too."""
    return lines.with_row_index("row").filter(pl.col("body") != "")


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
    short = lines.with_row_index("row").filter(pl.col("rule").is_null() & pl.col("n_words").is_between(1, 5))
    head = pl.col("source").str.to_lowercase().str.extract(r"^([\p{L}\p{N}]*)")
    known = short.join(sources.select(_DOC, "source", name=name, head=head), on=_DOC).filter(
        pl.col("body").str.to_lowercase().str.starts_with(pl.col("head"))  # cheap, before the rest
    )
    known = known.filter((pl.col("name").str.len_chars() >= 5) & letters.str.starts_with(pl.col("name")))
    words = pl.col("source").str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]+", r"[^\p{L}\p{N}]*")
    whole = pl.lit("(?i)^") + words + pl.lit(r"(?:[^\p{L}\p{N}]|$)")  # no name ends in the middle of a word
    return mark_rows(lines, "outlet_name", 0.9, known.filter(pl.col("body").str.contains(whole))["row"])


def mark_sections(lines: pl.DataFrame, rules: list[Rule]) -> pl.DataFrame:
    """Mark menu words that stand alone above the headline: the section's name."""
    headline_at = pl.when(pl.col("headline").is_not_null()).then("line").min().over(_DOC)
    lines = lines.with_columns(above=(pl.col("line") < headline_at).fill_null(value=False))
    return mark_vocabulary(lines, rules, "above").drop("above")


def mark_menus(lines: pl.DataFrame, rules: list[Rule]) -> pl.DataFrame:
    """Mark runs of three or more lines of at most three words outside the prose where a third are menu words."""
    short = (pl.col("n_words") <= 3) & ~pl.col("body").str.contains(r"[.!?:;,\"”]$")
    bottom = (pl.col("prose").cast(pl.Int64).cum_sum(reverse=True).over(_DOC) == 0) | pl.col("top")
    for rule in rules:
        shown = text_lines(lines).with_columns(inside=short & bottom)
        run = (pl.col(_DOC).rle_id() * 2 + pl.col("inside").cast(pl.UInt32)).rle_id()
        runs = shown.with_columns(run=run).filter("inside").filter(pl.len().over("run") >= 3)
        menus = runs.filter(matches(rule).sum().over("run") * 3 >= pl.len().over("run"))
        lines = mark_rows(lines, rule.name, rule.score, menus["row"])
    return lines


def mark_labels(lines: pl.DataFrame, labels: list[str]) -> pl.DataFrame:
    """Give the headline-like line below a label (READ ALSO, Next article) the label's rule."""
    above = pl.col("rule").shift(1).over(_DOC)
    below = text_lines(lines).with_columns(label=above)
    below = below.filter(pl.col("rule").is_null() & pl.col("label").is_in(labels))
    for (label,), teasers in below.filter(~pl.col("body").str.contains(SENTENCE_END)).group_by("label"):
        lines = mark_rows(lines, str(label), 0.9, teasers["row"])
    return lines


def mark_foreign_brackets(lines: pl.DataFrame) -> pl.DataFrame:
    """Mark lines wholly in square brackets whose language is not the document's: a teaser of the source page."""
    open_ = lines.with_row_index("row").filter(pl.col("rule").is_null() & pl.col("body").str.starts_with("["))
    bracketed = open_.filter(pl.col("body").str.contains(r"^\[[^\[\]]{25,300}\]$"))
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
    return mark_rows(lines, "bracketed_teaser", 0.9, foreign["row"])


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
    pairs = text_lines(lines.select(_DOC, "body", "top", "rule"))
    pairs = pairs.with_columns(below=pl.col("body").shift(-1).over(_DOC)).filter(
        pl.col("top") & pl.col("rule").is_null() & (pl.col("below").str.len_chars() >= _KNOWN_START)
    )
    below = pl.col("below")
    at = pl.col("body").str.find(below.str.slice(0, _KNOWN_START), literal=True)
    stem = pl.col("body").str.replace(r"\s*(?:\.\.\.|…)$", "")
    rest = stem.cast(pl.Binary).bin.slice(at).cast(pl.String, strict=False)
    cut = pairs.filter(at.is_between(1, 60)).filter(below.str.starts_with(rest.fill_null("\0")))
    return mark_rows(lines, "cut_headline", 0.95, cut["row"])


def mark_blank_lines(lines: pl.DataFrame) -> pl.DataFrame:
    """Mark blank lines at the start, at the end, and after another one, counting only lines that stay."""
    stays = lines.select(_DOC, "rule", blank=pl.col("body") == "").with_row_index("row")
    stays = stays.filter(pl.col("rule").is_null())
    surplus = stays.filter(
        pl.col("blank")
        & (
            pl.col("blank").shift(1, fill_value=True).over(_DOC)
            | pl.col("blank").reverse().cum_prod().reverse().over(_DOC).cast(pl.Boolean)
        )
    )
    return mark_rows(lines, "blank_line", 1.0, surplus["row"])
