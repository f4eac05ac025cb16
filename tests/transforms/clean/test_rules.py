import re
from collections.abc import Callable
from functools import cache

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from copydesk.transforms.clean.rules import (
    FIELDS,
    WHERE,
    Rule,
    extract_field,
    find_first_match,
    match_rule,
    parse_rules,
)
from copydesk.transforms.clean.stage import clean
from tests.transforms.conftest import (
    HEADLINE,
    LINEAR,
    PROSE,
    RULES,
    RULES_ONLY,
    SEEDS,
    TEASER,
    clean_one,
    cpu_ratio,
    raw_of,
)

A, B = PROSE
C = f"{A} {B}"
#: Where an example stands in a small article, and what of the article goes with it.
PLACES = {
    "line": ("{A}\n{example}\n{B}", ""),
    "top": ("{example}\n{HEADLINE}\n{A}\n{B}", ""),
    "label": ("{A}\n{example}\n{TEASER}\n{B}", TEASER),
    "tail": ("{A}\n{B}\n{example}\n{TEASER}\nSchool band wins the county cup", TEASER),
    "run": ("{A}\n{B}\nSport\nPublic notices\n{example}\nWeather", "Public notices"),
    "glue": ("{example}{HEADLINE}\n{A}\n{B}", ""),
    "span": ("{HEADLINE}\n{A} {example}\n{B}", ""),
}
REMOVED = [(rule, example) for rule in RULES for example in rule.removed]
KEPT = [(rule, example) for rule in RULES for example in rule.kept]


def place(template: str, example: str) -> str:
    return template.format(A=A, B=B, HEADLINE=HEADLINE, TEASER=TEASER, example=example)


def named(cases: list[tuple[Rule, str]]) -> dict:
    return {
        "argnames": ("rule", "example"),
        "argvalues": cases,
        "ids": [f"{r.name}: {e[:40]}" for r, e in cases],
    }


@cache
def cleaned(template: str | None) -> dict[tuple[str, str], tuple[str, pl.DataFrame]]:
    """Clean all `kept` examples in the template, or all `removed` ones in their rules' places, in one frame."""
    cases = KEPT if template else REMOVED
    raw = raw_of(*(place(template or PLACES[rule.where][0], example) for rule, example in cases))
    edits, documents = clean(raw, RULES_ONLY)
    return {
        (rule.name, example): (text, edits.filter(doc_id=doc_id).sort("start"))
        for (rule, example), (doc_id, text) in zip(
            cases, documents.select("doc_id", "text").rows(), strict=True
        )
    }


@pytest.mark.parametrize(**named(REMOVED))
def test_what_a_rule_is_for_is_removed_in_its_name(rule: Rule, example: str):
    template, companion = PLACES[rule.where]
    raw_text, (text, edits) = place(template, example), cleaned(None)[rule.name, example]
    at = raw_text.index(example)
    over = edits.filter(
        (pl.col("start") < at + len(example)) & (pl.col("end") > at) & (pl.col("rule") != "line_end")
    )
    assert over["rule"].to_list() == [rule.name]
    assert over["start"].item() <= at
    assert over["end"].item() >= at + len(example)
    assert text == f"{A}\n{B}"
    if companion:
        assert rule.name in edits.filter(pl.col("start") == raw_text.index(companion))["rule"]


@pytest.mark.parametrize(**named(KEPT))
def test_what_a_rule_must_leave_stays_between_paragraphs(rule: Rule, example: str):
    text, edits = cleaned("{A}\n{example}\n{B}")[rule.name, example]
    assert edits["rule"].to_list() == []
    assert text == f"{A}\n{example}\n{B}"


@pytest.mark.parametrize(**named([(rule, example) for rule, example in KEPT if rule.where != "line"]))
def test_what_a_rule_must_leave_stays_where_the_rule_looks(rule: Rule, example: str):
    template, _ = PLACES[rule.where]
    _, edits = cleaned(template)[rule.name, example]
    at = place(template, example).index(example)
    over = edits.filter((pl.col("start") < at + len(example)) & (pl.col("end") > at))
    assert rule.name not in over["rule"]


TRAPS = [
    "Share prices rose sharply on the Hallam exchange.",
    "The menu of options before the council is short.",
    "Visitors who follow us through the gate are counted twice.",
    "Source close to the talks said the delegates had shaken hands.",
    "Previous articles in this series described the mill and the quay.",
    "What happens next",
    "Comments from residents filled two boxes.",
    "Email from the ministry arrived late.",
    "Print runs fell to nine hundred copies.",
    "Advertisement hoardings on the pier were painted over.",
    "Related research points the other way.",
    "Sign up to volunteer at the lifeboat station, the poster said.",
    "By Friday lunchtime the queue had gone.",
    "Most popular among the children was the diving bell.",
    "Leave a comment card at the desk, the landlady asks.",
    "Topics for the first week",
    "Updated twice since the war, the chart still shows the wreck.",
    "Photo albums were laid out on the counter.",
    "Next to the church stands the smithy.",
    "Read the small print: nobody ever does.",
    "Cookies, tea and a raffle were promised.",
    "Published in 1911, the pilot book is still in use.",
    "Why the bridge matters",
    "A question of trust",
    "“We saw it coming,” she said.",
    "Join us or leave, he told them.",
    "Top of the league",
    "No.",
]


@pytest.mark.parametrize("line", TRAPS)
def test_lines_of_an_article_that_look_like_boilerplate_stay(line: str):
    assert _traps()[line] == f"{A}\n\n{line}\n\n{B}\n\n{line}\n\n{C}"


@cache
def _traps() -> dict[str, str]:
    """Clean each trap as a subhead between paragraphs, all in one frame."""
    documents = clean(raw_of(*(f"{A}\n\n{line}\n\n{B}\n\n{line}\n\n{C}" for line in TRAPS)), RULES_ONLY)[1]
    return dict(zip(TRAPS, documents["text"], strict=True))


def test_a_traps_paragraph_stays_at_the_head_of_prose():
    text = "\n".join(f"{trap} {A}" for trap in TRAPS)
    edits, document = clean_one(text)
    assert edits.rows() == []
    assert document["text"] == text


@pytest.mark.parametrize("path", sorted((SEEDS / "clean_prose").glob("*.txt")), ids=lambda path: path.stem)
def test_flawless_prose_is_left_untouched(path):
    text = path.read_text(encoding="utf-8").rstrip("\n")
    assert len(text.split()) >= 120
    edits, document = clean_one(text)
    assert edits.rows() == []
    assert (document["text"], document["kept_share"], document["lang"]) == (text, 1.0, path.stem)


def prepare(expression: pl.Expr, unit: str) -> Callable[[int], Callable[[], object]]:
    """Prepare the evaluation of an expression on one line that repeats `unit`."""

    def repeat(size: int) -> Callable[[], object]:
        frame = pl.DataFrame({"body": [(unit * size)[:size]]})
        return lambda: frame.select(expression)

    return repeat


@pytest.mark.nightly
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_takes_linear_time_on_one_long_line(rule: Rule):
    span = pl.col("body").str.contains(f"(?i){rule.alternatives}")
    for unit in (*rule.removed, " ", ".", "é ", "A a ", "1 ", "(", "# "):
        assert cpu_ratio(prepare(span if rule.where == "span" else match_rule(rule), unit), 250_000) < LINEAR


@pytest.mark.nightly
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_pattern_takes_linear_time(rule: Rule):
    for unit in (rule.removed[0], "é ", "A a "):
        assert cpu_ratio(prepare(pl.col("body").str.contains(rule.whole_line), unit), 250_000) < LINEAR


RULE = """
[[rule]]
name = "stamp"
where = "line"
score = 0.5
patterns = ['seen (?P<published>\\d{4}-\\d{2}-\\d{2})', 'by (?P<byline>\\w+) for (?P<credit>\\w+)']
removed = ["Seen 2026-03-03"]
kept = ["Seen from above"]
"""


def test_rules_are_read_in_order_with_what_they_leave_out_filled_in():
    rules = parse_rules(RULE + RULE.replace('"stamp"', '"long"') + "max_chars = 700")
    assert [(rule.name, rule.where, rule.score, rule.max_chars) for rule in rules] == [
        ("stamp", "line", 0.5, 300),
        ("long", "line", 0.5, 700),
    ]
    assert rules[0].removed == ("Seen 2026-03-03",)
    assert parse_rules("") == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('where = "line"', 'where = "bottom"'),
        ('where = "line"', ""),
        ("score = 0.5", "score = 0.5\nweight = 1"),
        ("seen (", "seen (("),
        ("seen ", "seen (?!not)"),
    ],
    ids=["unknown place", "missing field", "unknown field", "bad pattern", "look-around"],
)
def test_a_bad_rule_raises_and_is_named(old: str, new: str):
    with pytest.raises(ValueError, match="boilerplate rule 'stamp'"):
        parse_rules(RULE.replace(old, new))


def test_a_rule_matches_whole_lines_of_at_most_its_length_in_any_case():
    rule = parse_rules(RULE.replace("['seen", "['x{2,}|seen"))[0]
    body = pl.DataFrame(
        {"body": ["Seen 2026-03-03", "SEEN 2026-03-03", "Seen 2026-03-03.", "x" * 300, "x" * 301, ""]}
    )
    assert body.select(match_rule(rule)).to_series().to_list() == [True, True, False, True, False, False]


def test_the_first_rule_that_takes_the_whole_line_is_named_once_a_text():
    rules = list(
        parse_rules(RULE + RULE.replace('"stamp"', '"long"').replace("seen", "[sx]e*n*") + "max_chars = 700")
    )
    bodies = [
        "Seen 2026-03-03",
        "Xn 2026-03-03",
        "Seen 2026-03-03",
        "Seen from above",
        "",
        "By Ada for Wire",
        "x" * 701,
    ]
    found = find_first_match(pl.DataFrame({"body": bodies}), rules)
    expected = [("Seen 2026-03-03", "stamp"), ("Xn 2026-03-03", "long"), ("By Ada for Wire", "stamp")]
    assert_frame_equal(found, pl.DataFrame(expected, schema=["body", "rule"], orient="row"))
    assert find_first_match(pl.DataFrame({"body": bodies}), []).is_empty()


def test_a_field_holds_what_its_group_captured_where_its_rule_removed_the_line():
    rules = parse_rules(RULE)
    lines = pl.DataFrame(
        {
            "body": ["Seen 2026-03-03", "By Ada for Wire", "Seen 2026-03-04", "By Bo for Post"],
            "rule": ["stamp", "stamp", None, "other"],
        }
    )
    found = lines.select(extract_field(rules, name).alias(name) for name in FIELDS)
    assert found.rows(named=True) == [
        {"byline": None, "credit": None},
        {"byline": "Ada", "credit": "Wire"},
        {"byline": None, "credit": None},
        {"byline": None, "credit": None},
    ]
    assert lines.with_columns(byline=extract_field((), "byline"))["byline"].to_list() == [None] * 4


def test_the_vocabulary_is_well_formed():
    names = [rule.name for rule in RULES]
    assert len(names) == len(set(names))
    for rule in RULES:
        assert rule.where in WHERE
        assert 0 < rule.score <= 1
        assert rule.patterns
        assert rule.removed, f"{rule.name} shows nothing that it removes"
        assert rule.kept, f"{rule.name} shows nothing that it leaves"
        slow = re.search(r"(?<!-u:)\\b|\.\{\d*,?\d{2,}\}", rule.alternatives)
        assert slow is None, f"{rule.name}: {slow} throws the engine off its fast path"
