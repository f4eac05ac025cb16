"""Marks on lines: the rule that removes a line, and its score. A line keeps its first mark.

All functions take described lines (see :func:`copydesk.transforms.clean.segments.describe_lines`).
"""

import numpy as np
import polars as pl

from copydesk.transforms.clean.rules import Rule, find_first_match

#: Lines below the article's first that may hold its byline or date: they stand under a standfirst.
HEAD_LINES = 4


def mark_vocabulary(lines: pl.DataFrame, rules: list[Rule], where: str | None = None) -> pl.DataFrame:
    """Mark each unmarked line with the first of `rules` that matches the whole line: any line, or those for
    which the column `where` is true.
    """
    place = pl.col(where) if where else pl.lit(value=True)
    found = find_first_match(lines.filter(place & pl.col("rule").is_null() & (pl.col("body") != "")), rules)
    lines = lines.join(found.rename({"rule": "found"}), on="body", how="left", maintain_order="left")
    return _fill(lines.with_columns(found=pl.when(place).then("found")), rules)


def _fill(lines: pl.DataFrame, rules: list[Rule]) -> pl.DataFrame:
    """Give unmarked lines the rule in the column `found`, and its score; drop the column."""
    scores = {rule.name: rule.score for rule in rules}
    return lines.with_columns(
        rule=pl.coalesce("rule", "found"),
        score=pl.coalesce(
            "score", pl.col("found").replace_strict(scores, default=None, return_dtype=pl.Float64)
        ),
    ).drop("found")


def mark_as(lines: pl.DataFrame, rule: str, score: float, condition: pl.Expr) -> pl.DataFrame:
    """Mark the unmarked lines for which `condition` holds with one rule."""
    hit = pl.col("rule").is_null() & condition
    return lines.with_columns(
        rule=pl.when(hit).then(pl.lit(rule)).otherwise("rule"),
        score=pl.when(hit).then(pl.lit(score)).otherwise("score"),
    )


def mark_rows(lines: pl.DataFrame, rule: str, score: float, rows: pl.Series) -> pl.DataFrame:
    """Mark the unmarked lines with these row numbers with one rule."""
    return mark_as(lines, rule, score, is_row_in(lines, rows))


def is_row_in(lines: pl.DataFrame, rows: pl.Series) -> pl.Expr:
    """Return an expression: whether the row number of a line is one of `rows`."""
    named = np.zeros(len(lines), np.bool_)
    named[rows.to_numpy()] = True
    return pl.lit(pl.Series(named))


def first_line() -> pl.Expr:
    """Return an expression: the number of the article's first line: of its prose, else of what stays, else 0."""
    kept = pl.col("rule").is_null() & (pl.col("body") != "")
    prose, any_line = (
        pl.col("line").filter(which).min().over("doc_id") for which in (kept & pl.col("prose"), kept)
    )
    return pl.coalesce(prose, any_line, 0)


def drop_blank_lines(lines: pl.DataFrame) -> pl.DataFrame:
    """Return the non-blank lines with their row numbers (row), so that the lines above and below are text too."""
    return lines.with_row_index("row").filter(pl.col("body") != "")
