"""The clean stage: raw records in, edits and clean documents out.

Every rule looks at the lines of the raw text and marks some; a marked line is an edit. Nothing here cuts text:
:func:`copydesk.transforms.edits.apply_all` does, once, at the end.
"""

from dataclasses import dataclass, field

import polars as pl

from copydesk.transforms.clean.documents import describe_documents, find_languages
from copydesk.transforms.clean.glued_words import GluedWords, propose_splits
from copydesk.transforms.clean.headline import mark_headline
from copydesk.transforms.clean.inline_rules import find_rule_spans
from copydesk.transforms.clean.learned_rules import mark_template, mark_unlikely, score_lines
from copydesk.transforms.clean.line_breaks import flatten, mend_line_ends, to_segments
from copydesk.transforms.clean.metadata import find_metadata
from copydesk.transforms.clean.repairs import propose_repairs
from copydesk.transforms.clean.rules import WHERE, Rule
from copydesk.transforms.clean.structure import (
    at_rows,
    find_top,
    mark_blank_lines,
    mark_cut_headlines,
    mark_foreign_brackets,
    mark_labels,
    mark_menus,
    mark_outlet_names,
    mark_sections,
    mark_vocabulary,
    measure_glue,
)
from copydesk.transforms.clean.teasers import mark_cut_teasers, mark_pull_quotes, mark_tails
from copydesk.transforms.contract import EVIDENCE, as_edits, empty
from copydesk.transforms.edits import apply_all, compose, resolve_overlaps
from copydesk.transforms.html.line_features import html_features
from copydesk.transforms.html.metadata import METADATA, read_metadata
from copydesk.transforms.html.visible_text import PAGES, to_views
from copydesk.transforms.line_model.model import LineModel
from copydesk.transforms.text.dates import DateWords
from copydesk.transforms.text.lines import LINE_END, ends_line, fill, to_lines
from copydesk.transforms.text.words import WORD

#: What shows nothing at the ends of a line: spaces, control and zero-width characters, and their HTML entities.
_NOTHING = (
    r"(?:[\s\x00-\x20\x7F\x{85}\x{A0}\x{AD}\x{200B}\x{2028}\x{2029}\x{2060}\x{3000}\x{FEFF}]"
    r"|&(?:nbsp|NewLine|#(?:160|13|10|8232)|#[xX](?:A0|0?[DA]));)+"
)


@dataclass(frozen=True)
class CleaningResources:
    """What the clean stage knows: the vocabulary, what was learned, the forms of agencies' names, the words of dates.

    Without a line model it goes by rules alone; without glue it splits no words.
    """

    rules: tuple[Rule, ...]
    line_model: LineModel | None = None
    glue: GluedWords | None = None
    agencies: dict[str, str] = field(default_factory=dict)
    dates: DateWords = field(default_factory=DateWords)


def clean(
    raw: pl.DataFrame, desk: CleaningResources, evidence: pl.DataFrame | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Clean every record of `raw` (RAW, doc_id unique, raw_text not null); return (EDITS, CLEAN).

    `evidence` (doc_id, line, evidence) says how many documents of the source hold a line, see
    :mod:`copydesk.transforms.clean.source_template`. Columns only, but for the loops that
    :mod:`copydesk.transforms.edits`,
    :mod:`copydesk.transforms.text.language`, :mod:`copydesk.transforms.clean.repairs` and
    :mod:`copydesk.transforms.html.line_features` give reasons for.
    """
    framing, views = to_views(raw)
    of_page = read_metadata(raw).rename({name: f"{name}_of_page" for name in METADATA if name != "doc_id"})
    seen = (
        raw.with_columns(raw_text=views["view"])
        .join(of_page, on="doc_id", how="left", maintain_order="left")
        .with_columns(title=pl.coalesce("title", "title_of_page"))
    )
    markup = html_features(raw, framing, views) if len(framing) else None
    lines = mark_lines(seen, desk, evidence, markup)
    kept = lines.filter(pl.col("rule").is_null())
    languages = find_languages(seen, kept)
    proposals = [
        _removals(lines),
        *_spans(lines, desk.rules),
        _line_ends(lines),
        mend_line_ends(kept),
        *propose_repairs(kept),  # what is removed needs no repair
    ]
    if desk.glue is not None:
        proposals.append(propose_splits(kept, languages, desk.glue))
    edits = resolve_overlaps(proposals)
    texts = apply_all(seen, edits).join(languages, on="doc_id", maintain_order="left")
    said = find_metadata(lines, desk.rules, desk.agencies)
    documents = describe_documents(seen, texts, edits, said, desk.dates)
    return compose(framing, edits) if len(framing) else edits, documents


def segment(raw: pl.DataFrame) -> pl.DataFrame:
    """Cut `raw` (doc_id, raw_text, media_type) into described LINES, mended where a scraper broke them.

    The views of HTML pages are cut right already.
    """
    lines = to_lines(raw)
    pages = raw.filter(pl.col("media_type").is_in(PAGES)).select("doc_id")
    if pages.is_empty():
        return describe(to_segments(lines))
    plain = lines.join(pages, on="doc_id", how="anti", maintain_order="left")
    framed = lines.join(pages, on="doc_id", how="semi", maintain_order="left")
    return describe(pl.concat([to_segments(plain), framed]))


def mark_lines(
    raw: pl.DataFrame,
    desk: CleaningResources,
    evidence: pl.DataFrame | None = None,
    markup: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Cut `raw` into LINES and judge them: rule and score are null where a line stays.

    Adds body (the line without outer white space), n_words, prose, top (above the first prose line), glue, headline
    and evidence. A line is prose when it has 20 words or more and ends as a sentence ends, not cut off by an ellipsis,
    and the line model, if there is one, would keep it.
    """
    rules = desk.rules
    by_place = {where: [rule for rule in rules if rule.where == where] for where in WHERE}
    lines = segment(raw)
    whole = [rule for where in ("line", "label", "tail", "span") for rule in by_place[where]]
    lines = mark_vocabulary(lines, whole)
    lines = mark_outlet_names(lines, raw.select("doc_id", "source"))
    evidence = evidence if evidence is not None else empty(EVIDENCE)
    lines = lines.join(evidence, on=["doc_id", "line"], how="left", maintain_order="left")
    if desk.line_model is not None:
        lines = score_lines(lines, desk.line_model, markup)
    lines = find_top(lines)
    lines = mark_vocabulary(lines, by_place["top"], "top")
    lines = mark_menus(lines, by_place["run"])
    lines = mark_labels(lines, [rule.name for rule in by_place["label"]])
    lines = mark_tails(lines, [rule.name for rule in by_place["tail"]])
    lines = mark_foreign_brackets(lines)
    lines = mark_cut_teasers(lines)
    lines = mark_cut_headlines(lines)
    lines = measure_glue(lines, by_place["glue"])
    lines = mark_template(mark_headline(lines, raw.select("doc_id", "title")))
    lines = mark_sections(lines, by_place["run"])
    if desk.line_model is not None:
        lines = mark_unlikely(lines)
    lines = mark_pull_quotes(lines)
    return mark_blank_lines(lines)


def describe(lines: pl.DataFrame) -> pl.DataFrame:
    """Add body, n_words, prose and the empty verdicts rule and score to LINES. A body is one line."""
    body = pl.col("text").str.replace(f"{_NOTHING}$", "").str.replace(f"^{_NOTHING}", "")
    lines = lines.with_columns(body=body)
    joined = lines["body"].str.contains(LINE_END)
    if joined.any():
        mended = fill(joined, lines.filter(joined).select(flatten(pl.col("body"))).to_series())
        lines = lines.with_columns(body=pl.coalesce(mended, "body"))
    lines = lines.with_columns(n_words=pl.col("body").str.count_matches(WORD))
    long = lines.select("body", "n_words").with_row_index("row").filter(pl.col("n_words") >= 20)
    ends = pl.col("body").str.contains(r"[.!?。！？؟।]['\"”’“‘»)\]]*$") & ~pl.col("body").str.contains(
        r"(?:\.\.\.|…)\]?$"
    )
    return lines.with_columns(
        prose=at_rows(lines, long.filter(ends)["row"]),
        rule=pl.lit(None, pl.String),
        score=pl.lit(None, pl.Float64),
    )


def _removals(lines: pl.DataFrame) -> pl.DataFrame:
    """Propose the removal of every marked line, and of the menu words glued to the front of others."""
    marked = lines.filter(pl.col("rule").is_not_null()).with_columns(replacement=pl.lit(""))
    front = pl.col("text").str.len_chars() - pl.col("text").str.replace(f"^{_NOTHING}", "").str.len_chars()
    unstuck = pl.col("start") + front.cast(pl.Int64) + pl.col("glue")
    own = pl.col("rule").fill_null("headline") == "headline"  # the menu words go under a rule of their own
    glued = lines.filter((pl.col("glue") > 0) & own)
    return as_edits(
        pl.concat(
            [
                marked.with_columns(
                    start=pl.when((pl.col("glue") > 0) & own).then(unstuck).otherwise("start")
                ),
                glued.with_columns(
                    evidence=pl.lit(None, pl.Int64),
                    end=unstuck,
                    rule=pl.lit("glued_menu_word"),
                    score=0.9,
                    replacement=pl.lit(""),
                ),
            ]
        )
    )


def _spans(lines: pl.DataFrame, rules: tuple[Rule, ...]) -> list[pl.DataFrame]:
    """Propose the removal of what span rules find in whole lines: in parts of a line nothing says where it ends."""
    lines = lines.filter(ends_line(pl.col("text")) | (pl.col("line") == 0).all().over("doc_id"))
    kept = lines.filter(pl.col("rule").is_null()).with_columns(
        text=pl.col("text").str.replace(f"{_NOTHING}$", "")
    )
    return [find_rule_spans(kept, [rule for rule in rules if rule.where == "span"])]


def _line_ends(lines: pl.DataFrame) -> pl.DataFrame:
    """Propose one LF for every other line end and for the white space before it; nothing at the text's end.

    A segment that is a part of a line ends as it does, but for the white space at the text's end.
    """
    last = pl.col("line") == pl.col("line").max().over("doc_id")
    kept = lines.filter(pl.col("rule").is_null()).with_columns(last=last)
    content = pl.col("text").str.replace(f"{_NOTHING}$", "").str.len_chars().cast(pl.Int64)
    old = pl.col("text").str.slice(content)
    new = pl.when("last").then(pl.lit("")).when(old.str.contains(LINE_END)).then(pl.lit("\n")).otherwise(old)
    return as_edits(
        kept.with_columns(
            replacement=new, start=pl.col("start") + content, rule=pl.lit("line_end"), score=1.0
        ).filter(old != pl.col("replacement"))
    )
