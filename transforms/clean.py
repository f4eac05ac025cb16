"""The clean stage: raw records in, edits and clean documents out.

Every rule looks at the lines of the raw text and marks some; a marked line is an edit. Nothing here cuts text:
:func:`transforms.edits.apply_all` does, once, at the end.
"""

import polars as pl

from transforms.boilerplate import FIELDS, WHERE, Rule, field, matches
from transforms.contract import CLEAN, EDITS, conform
from transforms.edits import apply_all, resolve
from transforms.language import detect_language
from transforms.metadata import parse_dates
from transforms.repairs import propose_repairs
from transforms.segments import find_spans, to_lines
from transforms.structure import (
    find_top,
    mark,
    mark_blank_lines,
    mark_cut_headlines,
    mark_foreign_brackets,
    mark_headline,
    mark_labels,
    mark_menus,
    mark_outlet_names,
    mark_sections,
    mark_tails,
    measure_glue,
)
from transforms.words import WORD

#: What these rules take out of the text is kept in a column, or is white space: it is not boilerplate.
NOT_BOILERPLATE = ("headline", "byline", "blank_line", "line_end")
#: What shows nothing at the ends of a line: spaces, control and zero-width characters, and their HTML entities.
_NOTHING = (
    r"(?:[\s\x00-\x20\x7F\x{85}\x{A0}\x{AD}\x{200B}\x{2028}\x{2029}\x{2060}\x{3000}\x{FEFF}]"
    r"|&(?:nbsp|NewLine|#(?:160|13|10|8232)|#[xX](?:A0|0?[DA]));)+"
)


def clean(raw: pl.DataFrame, rules: tuple[Rule, ...]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Clean every record of `raw` (RAW, doc_id unique, raw_text not null); return (EDITS, CLEAN).

    `rules` come from :func:`transforms.boilerplate.parse_rules`. Columns only, but for the loops that
    :mod:`transforms.edits`, :mod:`transforms.language` and :mod:`transforms.repairs` give reasons for.
    """
    lines = judge(raw, rules)
    edits = resolve([_removals(lines), *_spans(lines, rules), _line_ends(lines), *propose_repairs(lines)])
    text = apply_all(raw, edits)
    return edits, _documents(raw, lines, rules, edits, text)


def judge(raw: pl.DataFrame, rules: tuple[Rule, ...]) -> pl.DataFrame:
    """Cut `raw` into LINES and judge them: rule and score are null where a line stays.

    Adds body (the line without outer white space), n_words, prose, top (above the first prose line), glue and
    headline. A line is prose when it has 20 words or more and ends as a sentence ends, not cut off by an ellipsis.
    """
    by_place = {where: [rule for rule in rules if rule.where == where] for where in WHERE}
    lines = describe(to_lines(raw))
    lines = mark(
        lines,
        [(rule, matches(rule)) for where in ("line", "label", "tail", "span") for rule in by_place[where]],
    )
    lines = mark_outlet_names(lines, raw.select("doc_id", "source"))
    lines = find_top(lines)
    lines = mark(lines, [(rule, pl.col("top") & matches(rule)) for rule in by_place["top"]])
    lines = mark_menus(lines, by_place["run"])
    lines = mark_labels(lines, [rule.name for rule in by_place["label"]])
    lines = mark_tails(lines, [rule.name for rule in by_place["tail"]])
    lines = mark_foreign_brackets(lines)
    lines = mark_cut_headlines(lines)
    lines = measure_glue(lines, by_place["glue"])
    lines = mark_headline(lines)
    lines = mark_sections(lines, by_place["run"])
    return mark_blank_lines(lines)


def describe(lines: pl.DataFrame) -> pl.DataFrame:
    """Add body, n_words, prose and the empty verdicts rule and score to LINES."""
    body = pl.col("text").str.replace(f"{_NOTHING}$", "").str.replace(f"^{_NOTHING}", "")
    ends = body.str.contains(r"[.!?。！？؟।]['\"”’»)\]]*$") & ~body.str.contains(r"(?:\.\.\.|…)\]?$")
    return (
        lines.with_columns(body=body, n_words=body.str.count_matches(WORD))
        .with_columns(prose=ends & (pl.col("n_words") >= 20))
        .with_columns(rule=pl.lit(None, pl.String), score=pl.lit(None, pl.Float64))
    )


def _removals(lines: pl.DataFrame) -> pl.DataFrame:
    """Propose the removal of every marked line, and of the menu words glued to the front of others."""
    marked = lines.filter(pl.col("rule").is_not_null()).with_columns(replacement=pl.lit(""))
    front = pl.col("text").str.len_chars() - pl.col("text").str.replace(f"^{_NOTHING}", "").str.len_chars()
    unstuck = pl.col("start") + front.cast(pl.Int64) + pl.col("glue")
    own = pl.col("rule").fill_null("headline") == "headline"  # the menu words go under a rule of their own
    glued = lines.filter((pl.col("glue") > 0) & own)
    return conform(
        pl.concat(
            [
                marked.with_columns(
                    start=pl.when((pl.col("glue") > 0) & own).then(unstuck).otherwise("start")
                ),
                glued.with_columns(
                    end=unstuck, rule=pl.lit("glued_menu_word"), score=0.9, replacement=pl.lit("")
                ),
            ]
        ),
        EDITS,
    )


def _spans(lines: pl.DataFrame, rules: tuple[Rule, ...]) -> list[pl.DataFrame]:
    kept = lines.filter(pl.col("rule").is_null()).with_columns(
        text=pl.col("text").str.replace(f"{_NOTHING}$", "")
    )
    found = [
        find_spans(kept, f"(?i){rule.alternatives}").with_columns(
            rule=pl.lit(rule.name), score=pl.lit(rule.score), replacement=pl.lit("")
        )
        for rule in rules
        if rule.where == "span"
    ]
    return [conform(spans, EDITS) for spans in found]


def _line_ends(lines: pl.DataFrame) -> pl.DataFrame:
    """Propose one LF for every other line end and for the white space before it; nothing at the text's end."""
    last = pl.col("line") == pl.col("line").max().over("doc_id")
    kept = lines.filter(pl.col("rule").is_null()).with_columns(last=last)
    content = pl.col("text").str.replace(f"{_NOTHING}$", "").str.len_chars().cast(pl.Int64)
    old = pl.col("text").str.slice(content)
    new = pl.when("last").then(pl.lit("")).otherwise(pl.lit("\n"))
    return conform(
        kept.with_columns(
            replacement=new, start=pl.col("start") + content, rule=pl.lit("line_end"), score=1.0
        ).filter(old != pl.col("replacement")),
        EDITS,
    )


def _documents(
    raw: pl.DataFrame, lines: pl.DataFrame, rules: tuple[Rule, ...], edits: pl.DataFrame, text: pl.DataFrame
) -> pl.DataFrame:
    fields = (
        lines.with_columns(field(rules, name).alias(name) for name in FIELDS)
        .group_by("doc_id")
        .agg(
            pl.col("headline").drop_nulls().first(),
            *(pl.col(name).drop_nulls().first() for name in FIELDS),
        )
    )
    removed = (
        edits.filter((pl.col("replacement") == "") & ~pl.col("rule").is_in(NOT_BOILERPLATE))
        .group_by("doc_id")
        .agg(removed=(pl.col("end") - pl.col("start")).sum())
    )
    documents = (
        raw.join(text, on="doc_id", maintain_order="left")
        .join(fields, on="doc_id", how="left", maintain_order="left")
        .join(removed, on="doc_id", how="left", maintain_order="left")
    )
    share = 1 - pl.col("removed").fill_null(0) / pl.col("raw_text").str.len_chars()
    return conform(
        documents.with_columns(
            detect_language(documents["text"]),
            title=pl.coalesce("title", "headline"),
            published_at=pl.coalesce("published_at", parse_dates("published")),
            n_words=pl.col("text").str.count_matches(WORD),
            kept_share=pl.when(pl.col("raw_text") == "").then(1.0).otherwise(share),
        ),
        CLEAN,
    )
