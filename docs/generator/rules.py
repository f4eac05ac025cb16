"""docs/reference/rules.md: every boilerplate rule and repair with examples."""

from copydesk.flows.io.resources import load_rules
from copydesk.flows.settings import ROOT

_PLACES = {
    "line": "the whole line",
    "top": "the whole line, above the first paragraph",
    "label": "the line and the headline below it",
    "tail": "the line and the teasers below it",
    "run": "three or more short lines in a row",
    "glue": "words stuck to the front of a headline",
    "span": "a span inside a line",
}

#: Rules that are code, by name: what they mark, and where the code is.
_IN_CODE = {
    "source_template": "a line that several pages of the source share; `evidence`: how many "
    "(transforms/clean/source_template.py)",
    "line_model": "a line that the trained model takes for the page's and not the article's "
    "(transforms/line_model/model.py)",
    "headline": "the title, which moves to its column (transforms/clean/headline.py)",
    "repeated_headline": "the title once more",
    "cut_headline": "menu words glued to a cut-off title that the next line gives whole "
    "(transforms/clean/structure.py)",
    "glued_menu_word": "menu words glued to the front of a line",
    "outlet_name": "the outlet's own name",
    "bracketed_teaser": "a line in brackets in another language than the article's",
    "cut_teaser": "a teaser that an ellipsis cuts off, and the title above it (transforms/clean/teasers.py)",
    "pull_quote": "a line that repeats a sentence of the article",
    "glued_words": "two words that lost the space between them: the space (transforms/clean/glued_words.py)",
    "glued_sentences": "two sentences that lost it",
    "mojibake": "text that was decoded twice, mended (transforms/clean/repairs.py)",
    "stray_byte": "a byte that is no text in the file's encoding, read as windows-1252",
    "html_entity": "an HTML entity, as the character it stands for",
    "control_character": "a control character",
    "zero_width": "a soft hyphen or a zero-width character",
    "spaces": "several spaces, as one",
    "line_wrap": "a line end inside a paragraph, as a space (transforms/clean/line_breaks.py)",
    "line_end": "any line end and the white space before it, as one line feed",
    "blank_line": "a blank line too many",
    "markup": "HTML markup; a line feed where it ends a block (transforms/html/visible_text.py)",
    "markup_space": "white space in HTML source, as one space",
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
        removed, kept = (
            " · ".join(examples[:2]).replace("|", "\\|") for examples in (rule.removed, rule.kept)
        )
        lines.append(f"| {rule.name} | {_PLACES[rule.where]} | {rule.score} | {removed} | {kept} |")
    lines += ["", "## Rules in code", "", "| rule | marks |", "|---|---|"]
    lines += [f"| {name} | {marks} |" for name, marks in _IN_CODE.items()]
    return "\n".join([*lines, ""])
