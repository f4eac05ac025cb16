"""docs/reference/rules.md: every boilerplate rule and repair with examples."""

import re

from copydesk.flows.io.resources import load_rules
from copydesk.flows.shipped import ROOT

_PLACES = {
    "line": "the whole line",
    "top": "the whole line, above the first paragraph",
    "label": "the line and the headline below it",
    "tail": "the line and the teasers below it",
    "run": "three or more short lines in a row",
    "glue": "words glued to the front of a headline",
    "span": "a span inside a line",
}

#: Rules that are code, by name: what they mark, and where the code is.
_IN_CODE = {
    "source_template": "a line that several pages of the source share; `evidence` says how many "
    "(`transforms/clean/source_template.py`)",
    "line_model": "a line that the trained model judges as not part of the article "
    "(`transforms/line_model/model.py`)",
    "headline": "the title, which moves to its column (`transforms/clean/headline.py`)",
    "repeated_headline": "a repetition of the title",
    "cut_headline": "menu words glued to a truncated title that the next line gives in full "
    "(`transforms/clean/menus.py`)",
    "glued_menu_word": "menu words glued to the front of a line",
    "outlet_name": "a line with nothing but the outlet's own name",
    "bracketed_teaser": "a line in brackets in another language than the article's",
    "cut_teaser": "a teaser truncated by an ellipsis, and the title above it (`transforms/clean/teasers.py`)",
    "repeated_paragraph": "the second copy of a paragraph of 15 words or more (`transforms/clean/structure.py`)",
    "pull_quote": "a line that repeats a sentence of the article",
    "glued_words": "two words whose space was lost: inserts the space (`transforms/clean/glued_words.py`)",
    "glued_sentences": "two sentences whose space was lost: inserts the space",
    "glued_clauses": "two words around a comma whose space was lost: inserts the space",
    "mojibake": "text that was decoded with the wrong charset: repairs it (`transforms/clean/mojibake.py`)",
    "stray_byte": "a byte that is not text in the file's charset: reads it as windows-1252",
    "html_entity": "an HTML entity: replaced by its character",
    "control_character": "a control character: removed",
    "zero_width": "a soft hyphen or a zero-width character: removed",
    "ligature": "a ligature such as ﬁ: replaced by its letters",
    "unicode_form": "letters and marks that are not in the normal form NFC: replaced by that form",
    "spaces": "several spaces: replaced by one",
    "line_wrap": "a line end inside a paragraph: replaced by a space (`transforms/clean/line_wraps.py`)",
    "line_hyphen": "the hyphen of a word that was divided at the end of a line, "
    "with the line end (`transforms/clean/line_wraps.py`)",
    "line_end": "any line end and the white space before it: replaced by one line feed",
    "blank_line": "a second blank line: removed",
    "markup": "HTML markup: removed, or replaced by a line feed where it ends a block "
    "(`transforms/html/visible_text.py`)",
    "markup_space": "white space in HTML source: replaced by one space",
}


def rules_page() -> str:
    """Return the page: the rules of the vocabulary with what they remove and keep, then the rules that are code."""
    lines = [
        "# Rules",
        "",
        "Written by `make docs` from `seeds/boilerplate/` and `docs/generator/rules.py`. A rule's score is its",
        "confidence from 0 to 1; `make score-rules` measures the precision behind it. The last two columns are",
        "test cases: lines that the rule must remove, and similar lines that must stay.",
        "",
        "## Rules of the vocabulary",
        "",
        "| rule | removes | score | removed | stays |",
        "|---|---|---|---|---|",
    ]
    for rule in load_rules(ROOT / "seeds" / "boilerplate"):
        removed, kept = (" · ".join(map(_plain, examples[:2])) for examples in (rule.removed, rule.kept))
        lines.append(f"| {rule.name} | {_PLACES[rule.where]} | {rule.score} | {removed} | {kept} |")
    lines += ["", "## Rules in code", "", "| rule | marks |", "|---|---|"]
    lines += [f"| {name} | {marks} |" for name, marks in _IN_CODE.items()]
    return "\n".join([*lines, ""])


def _plain(text: str) -> str:
    """Return `text` so that Markdown shows it as it is."""
    return re.sub(r"([\\|*_<>\[\]`])", r"\\\1", text)
