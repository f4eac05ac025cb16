"""The clean stage: raw records in, edits and clean documents out.

Rules mark lines of the raw text; a marked line is an edit. Nothing here cuts text:
:func:`copydesk.transforms.edits.apply_all` does, once, at the end.
"""

from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from copydesk.transforms.clean.article_evidence import judge_articles
from copydesk.transforms.clean.bylines import BylineWords
from copydesk.transforms.clean.documents import describe_documents, detect_languages, detect_repaired
from copydesk.transforms.clean.glued_words import GluedWords, propose_splits
from copydesk.transforms.clean.headline import mark_headline
from copydesk.transforms.clean.learned_rules import mark_template, mark_unlikely, score_lines
from copydesk.transforms.clean.line_edits import propose_inline_removals, propose_line_ends, propose_removals
from copydesk.transforms.clean.line_wraps import mend_line_ends
from copydesk.transforms.clean.marks import mark_vocabulary
from copydesk.transforms.clean.menus import mark_cut_headlines, mark_menus, mark_sections, measure_glue
from copydesk.transforms.clean.metadata import find_metadata
from copydesk.transforms.clean.pull_quotes import mark_pull_quotes
from copydesk.transforms.clean.repairs import propose_repairs
from copydesk.transforms.clean.rules import WHERE, Rule
from copydesk.transforms.clean.segments import segment
from copydesk.transforms.clean.spared_lines import spare_cut_lead, spare_subheads
from copydesk.transforms.clean.stamps import choose_stamps, mark_stamps
from copydesk.transforms.clean.structure import (
    find_top,
    mark_blank_lines,
    mark_foreign_brackets,
    mark_labels,
    mark_outlet_names,
    mark_repeated_paragraphs,
)
from copydesk.transforms.clean.teasers import mark_cut_teasers, mark_tails
from copydesk.transforms.contract import EVIDENCE, empty
from copydesk.transforms.edits import apply_all, compose, resolve_overlaps
from copydesk.transforms.html.line_features import compute_html_features
from copydesk.transforms.html.metadata import METADATA, read_metadata
from copydesk.transforms.html.visible_text import to_views
from copydesk.transforms.line_model.model import LineModel
from copydesk.transforms.text.date_words import DateWords


@dataclass(frozen=True)
class CleaningResources:
    """The resources of the clean stage: boilerplate rules, trained weights, agencies' names, and words of dates
    and bylines.

    Without a line model only rules apply; without glue no words are split.
    """

    rules: tuple[Rule, ...]
    line_model: LineModel | None = None
    glue: GluedWords | None = None
    agencies: dict[str, str] = field(default_factory=dict)
    dates: DateWords = field(default_factory=DateWords)
    bylines: BylineWords = field(default_factory=BylineWords)


def clean(
    raw: pl.DataFrame,
    resources: CleaningResources,
    evidence: pl.DataFrame | None = None,
    latest: datetime | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Clean every record of `raw` (RAW, doc_id unique, raw_text not null); return (EDITS, CLEAN).

    `evidence` (doc_id, line, evidence) is how many documents of the source contain a line, see
    :mod:`copydesk.transforms.clean.source_template`; a date of publication after `latest` is wrong. All work is
    on columns, except for the loops that
    :mod:`copydesk.transforms.edits`, :mod:`copydesk.transforms.text.language`,
    :mod:`copydesk.transforms.clean.repairs` and :mod:`copydesk.transforms.html.coverage` give reasons for.
    """
    framing, views = to_views(raw)
    shown = _show(raw, views, latest)
    markup = compute_html_features(raw, framing, views) if len(framing) else None
    lines = mark_lines(shown, resources, evidence, markup)
    kept = lines.filter(pl.col("rule").is_null())
    languages = detect_languages(shown, kept)
    proposals = [
        propose_removals(lines),
        *propose_inline_removals(lines, resources.rules),
        propose_line_ends(lines),
        mend_line_ends(kept, languages),
        *propose_repairs(kept),  # removed lines need no repair
    ]
    if resources.glue is not None:
        proposals.append(propose_splits(kept, languages, resources.glue))
    edits = resolve_overlaps(proposals)
    languages = detect_repaired(texts := apply_all(shown, edits), edits, languages)
    texts = texts.join(languages, on="doc_id", maintain_order="left")
    found = find_metadata(lines, resources.rules, resources.agencies, resources.bylines)
    stamps = choose_stamps(lines, languages, resources.dates, latest)
    found = found.join(stamps, on="doc_id", how="left", maintain_order="left")
    verdicts = judge_articles(lines)
    documents = describe_documents(
        shown, texts, edits, found, verdicts, resources.dates, resources.bylines, latest
    )
    return compose(framing, edits) if len(framing) else edits, documents


def _show(raw: pl.DataFrame, views: pl.DataFrame, latest: datetime | None) -> pl.DataFrame:
    """Return `raw` with the views as its texts, and what pages say of themselves in columns that end in _of_page."""
    of_page = read_metadata(raw, latest).rename(
        {name: f"{name}_of_page" for name in METADATA if name != "doc_id"}
    )
    return (
        raw.with_columns(raw_text=views["view"])
        .join(of_page, on="doc_id", how="left", maintain_order="left")
        .with_columns(title=pl.coalesce("title", "title_of_page"))
    )


def mark_lines(
    raw: pl.DataFrame,
    resources: CleaningResources,
    evidence: pl.DataFrame | None = None,
    markup: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Cut `raw` into LINES and mark them: rule and score are null for lines that stay.

    Adds body (the line without outer white space), n_words, prose, top (above the first prose line), glue,
    headline and evidence. A line is prose if it has 20 words or more and ends as a sentence does, not cut off
    by an ellipsis, and if the line model, if there is one, would keep it.
    """
    rules = resources.rules
    by_place = {where: [rule for rule in rules if rule.where == where] for where in WHERE}
    lines = segment(raw)
    whole = [rule for where in ("line", "label", "tail", "span") for rule in by_place[where]]
    lines = mark_stamps(mark_vocabulary(lines, whole), resources.dates, resources.bylines)
    lines = mark_outlet_names(lines, raw.select("doc_id", "source"))
    evidence = evidence if evidence is not None else empty(EVIDENCE)
    lines = lines.join(evidence, on=["doc_id", "line"], how="left", maintain_order="left")
    if resources.line_model is not None:
        lines = spare_subheads(score_lines(lines, resources.line_model, markup))
    lines = find_top(lines)
    lines = mark_vocabulary(lines, by_place["top"], "top")
    lines = mark_menus(lines, by_place["run"])
    lines = mark_labels(lines, [rule.name for rule in by_place["label"]])
    lines = mark_tails(lines, [rule.name for rule in by_place["tail"]])
    lines = mark_foreign_brackets(lines)
    lines = spare_cut_lead(mark_cut_teasers(lines))
    lines = mark_cut_headlines(lines)
    lines = measure_glue(lines, by_place["glue"])
    lines = mark_template(mark_headline(lines, raw.select("doc_id", "title")))
    lines = mark_sections(lines, by_place["run"])
    if resources.line_model is not None:
        lines = mark_unlikely(lines, markup)
    lines = mark_repeated_paragraphs(mark_pull_quotes(lines))
    return mark_blank_lines(lines)
