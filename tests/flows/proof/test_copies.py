"""Copies beside each other: which is canonical and why, what is folded, and what is not drawn."""

from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from copydesk.flows.proof.copies import AlignedLine, FoldedLines, Partner, to_partners
from copydesk.flows.proof.diff import Span

DAY = datetime(2026, 3, 3, tzinfo=UTC)
OWN: dict[str, Any] = {"text": "One two.", "n_words": 2, "published_at": DAY, "doc_id": "b" * 32}
OTHER: dict[str, Any] = (
    {
        "doc_id": "a" * 32,
        "is_merged": True,
        "kind": "near",
        "similarity": 0.914,
        "containment": 0.96,
        "canonical_containment": 0.951,
        "n_records": 1,
        "title": "Pier",
        "source": "post",
        "uri": "file:///post/pier.txt",
    }
    | OWN
    | {"doc_id": "a" * 32}
)
SCHEMA = {"published_at": pl.Datetime("us", "UTC"), "text": pl.String, "title": pl.String}


def partner(own: str | None = None, other: str | None = None, **changes: Any) -> Partner:
    document = OWN | ({"text": own} if own is not None else {})
    row = OTHER | ({"text": other} if own is not None else {}) | changes
    (found,) = to_partners(document, pl.DataFrame([row], schema_overrides=SCHEMA))
    return found


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"n_words": 3}, "the more complete text, 3 words against 2"),
        (
            {"published_at": datetime(2026, 3, 2, tzinfo=UTC)},
            "equally long, and published earlier: 2026-03-02, 2026-03-03",
        ),
        ({}, "equally long and equally early, with the smaller doc_id"),
    ],
)
def test_the_step_that_chose_the_canonical_document_is_named(changes: dict[str, Any], why: str) -> None:
    assert partner(**changes).why == why


def test_a_document_without_a_date_yields_to_one_that_has_one() -> None:
    found = partner(is_merged=False, published_at=None)
    assert (found.is_canonical, found.why) == (
        False,
        "equally long, and the only one with a publication date",
    )


def test_scores_are_told_both_ways_and_the_partner_in_short() -> None:
    found = partner(n_records=3, title=None)
    assert found.verdict == (
        "near, similarity 0.91; the canonical text has 96% of the merged text, "
        "the merged text has 95% of the canonical text"
    )
    assert (found.title, found.about) == ("(no title)", "post · 2026-03-03 · 2 words")
    assert found.uri == "file:///post/pier.txt and 2 more"


def test_hidden_characters_of_a_partner_are_spelt_out() -> None:
    found = partner("One\u202e two.", "One\u202e \x1btwo.", title="a\x1b[31m", uri="file:///\u202e")
    assert (found.title, found.uri) == ("a‹U+001B›[31m", "file:///‹U+202E›")
    (pair,) = found.lines or []
    assert isinstance(pair, AlignedLine)
    assert pair.runs == (
        Span(True, "One‹U+202E› ", "One‹U+202E› "),
        Span(False, "two.", "‹U+001B›two."),
    )


@pytest.mark.parametrize(("is_merged", "side"), [(True, "right"), (False, "left")])
def test_what_a_longer_text_has_more_is_folded_and_counted(is_merged: bool, side: str) -> None:
    short, long = "One two.", "New here.\n\nOne two.\n\nThree four five."
    texts = (short, long) if is_merged else (long, short)
    first, both, last = partner(*texts, kind="contained", is_merged=is_merged).lines or []
    assert isinstance(both, AlignedLine)
    assert both.kind == "same"
    for gap, summary in ((first, "… 2 more words"), (last, "… 3 more words")):
        assert isinstance(gap, FoldedLines)
        assert (gap.summary, gap.side, len(gap.pairs)) == (summary, side, 1)


def test_long_runs_that_both_have_are_counted() -> None:
    text = "\n".join(f"Line {n} here." for n in range(20))
    lines = partner(f"{text}\nOld end.", f"{text}\nNew end.").lines or []
    assert [line.kind if isinstance(line, AlignedLine) else line.summary for line in lines] == [
        *("same", "same", "… 16 paragraphs in both, 48 words", "same", "same", "changed"),
    ]


def test_what_would_be_too_much_to_read_is_not_drawn() -> None:
    assert partner("x" * 3_000_000, "y" * 3_000_000).lines is None
    assert partner("One.", None).lines is None
    own, other = ("\n".join(f"{name}{n}" * 10 for n in range(30_000)) for name in "xy")
    lines = partner(own, other).lines or []
    assert isinstance(lines[-1], FoldedLines)
    assert lines[-1].summary == "The rest is left out: the comparison is too long."
    assert (
        sum(
            len(run.left) + len(run.right)
            for line in lines
            if isinstance(line, AlignedLine)
            for run in line.runs
        )
        < 500_000
    )
