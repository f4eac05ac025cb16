from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from copydesk.transforms.clean.inline_rules import propose_rule_spans
from copydesk.transforms.clean.rules import parse_rules
from copydesk.transforms.contract import EDITS
from copydesk.transforms.text.lines import to_lines
from tests.transforms.conftest import (
    LINEAR,
    PROSE,
    RULES,
    awkward_text,
    clean_one,
    cpu_ratio,
    examples,
    raw_of,
)

A, B = PROSE
SPANS = [rule for rule in RULES if rule.where == "span"]
MARKED = """
[[rule]]
name = "note"
where = "span"
score = 0.5
patterns = ['\\[note [a-z]+\\]', '(?P<before>[.]) ?more(?P<after>!)']
removed = ["[note x]"]
kept = ["note"]
"""


def test_a_span_is_cut_without_what_stands_before_and_after_it():
    lines = to_lines(raw_of("ab [note x] cd [NOTE y]. more!", "[note z]\nno more!\nA. more!"))
    rows = [
        ("d0000", 3, 11, "note", "", 0.5),
        ("d0000", 15, 23, "note", "", 0.5),
        ("d0000", 24, 29, "note", "", 0.5),
        ("d0001", 0, 8, "note", "", 0.5),
        ("d0001", 20, 25, "note", "", 0.5),
    ]
    names = [name for name in EDITS if name != "evidence"]
    expected = pl.DataFrame(rows, schema={name: EDITS[name] for name in names}, orient="row")
    found = propose_rule_spans(lines, list(parse_rules(MARKED))).sort("doc_id", "start")
    assert_frame_equal(found.select(names), expected)
    assert propose_rule_spans(lines, []).is_empty()


@pytest.mark.parametrize(
    ("text", "left", "rules"),
    [
        (f"{A} READ MORE: Ten ferries wait at the pier The council meets again on Friday.",
         f"{A} The council meets again on Friday.", ["pointer_span"]),
        (f"{A} READ MORE: Ten ferries wait at the pier. {B}", f"{A} {B}", ["pointer_span"]),
        (f"{A} READ MORE: Ten ferries wait at the pier [ANALYSIS] {B}", f"{A} {B}", ["pointer_span"]),
        (f"{A} Read also: Ten ferries wait at the pier", A, ["pointer_span"]),
        (f"{A} Lee también: Diez barcos esperan en el muelle El concejo se reúne el viernes.",
         f"{A} El concejo se reúne el viernes.", ["pointer_span"]),
        (f"{A} (Image: Dana Whitlock) {B}", f"{A} {B}", ["image_span"]),
        (f"LONDON (Reuters) - {A} (Reporting by Dana Whitlock; Editing by Jan Ost)", f"LONDON (Reuters) - {A}",
         ["reporting_span"]),
        (f"{A} Click here to join the club.", A, ["invitation_span"]),
        (f"{A}Continue reading", A, ["read_more_span"]),
    ],
)  # fmt: skip
def test_a_paragraph_stays_whole_but_for_the_span(text: str, left: str, rules: list[str]):
    edits, document = clean_one(text)
    assert document["text"] == left
    assert edits["rule"].to_list() == rules


@pytest.mark.parametrize(
    "text",
    [
        f"KYIV — {A}",
        f"PARIS, March 3 (AFP) — {A}",
        f"Berlin (dpa) - {A}",
        f"{A} He asked her to read more. {B}",
        f"{A} The poster said: follow us on the water.",
        f"{A} (The image is a copy.) {B}",
        f"{A} Her advice is short: read more!",
    ],
)
def test_what_readers_want_stays(text: str):
    edits, document = clean_one(text)
    assert edits.rows() == []
    assert document["text"] == text


@examples(20)
@given(st.lists(st.one_of(awkward_text, st.sampled_from([A + " " + x for r in SPANS for x in r.removed]))))
def test_spans_lie_in_the_text_and_are_not_empty(texts: list[str]):
    lines = to_lines(raw_of(*texts))
    found = propose_rule_spans(lines, SPANS)
    length = {f"d{number:04}": len(text) for number, text in enumerate(texts)}
    assert all(
        0 <= start < end <= length[doc] for doc, start, end in found.select("doc_id", "start", "end").rows()
    )


@pytest.mark.nightly
@pytest.mark.parametrize("unit", ["READ MORE: a ", ". Read more", "(Image: a ", "[[", ". a ", "é. Ü "])
def test_one_long_line_takes_linear_time(unit: str):
    def prepare(size: int) -> Callable[[], object]:
        lines = to_lines(raw_of((unit * size)[:size]))
        return lambda: propose_rule_spans(lines, SPANS)

    assert cpu_ratio(prepare, 250_000) < LINEAR
