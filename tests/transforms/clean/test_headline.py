"""The headline: of the lines above the article, the one whose words it repeats."""

from typing import Any

import polars as pl
import pytest

from copydesk.transforms.clean.headline import mark_headline
from copydesk.transforms.clean.segments import describe_lines
from copydesk.transforms.clean.structure import find_top
from copydesk.transforms.text.lines import to_lines
from tests.transforms.conftest import HEADLINE, PROSE, TEASER, mark_text, raw_of, unmarked

A, B = PROSE


def marked(
    *lines: str,
    rules: dict[int, str] | None = None,
    evidence: dict[int, int] | None = None,
    likely: dict[int, float] | None = None,
    title: str | None = None,
) -> pl.DataFrame:
    """Mark the headline of one document, whose `title` may be known; `rules`, `evidence` and `likely` are by line."""
    found = find_top(describe_lines(to_lines(raw_of("\n".join(lines)))))
    column = pl.col("line")
    return mark_headline(
        found.with_columns(
            rule=column.replace_strict(rules or {}, default=None, return_dtype=pl.String),
            evidence=column.replace_strict(evidence or {}, default=None, return_dtype=pl.Int64),
            likely=column.replace_strict(likely or {}, default=None, return_dtype=pl.Float64),
            glue=pl.lit(0),
        ),
        titles(title),
    )


def titles(*known: str | None) -> pl.DataFrame:
    return raw_of(*[""] * len(known), title=list(known)).select("doc_id", "title")


def headline(*lines: str, **known: Any) -> list[str]:
    return marked(*lines, **known)["headline"].drop_nulls().to_list()


def test_the_headline_is_marked_and_returned() -> None:
    found = marked("Quayside letters", HEADLINE, A, B)
    assert found["rule"].to_list() == [None, "headline", None, None]
    assert found["headline"].to_list() == [None, HEADLINE, None, None]
    assert found["score"].to_list() == [None, 1.0, None, None]


def test_words_that_the_article_takes_up_count_more_than_the_place() -> None:
    other = "Council votes against cheaper parking"
    assert headline(HEADLINE, other, A, B) == [HEADLINE]
    assert headline(other, HEADLINE, A, B) == [HEADLINE]


def test_of_lines_that_fit_alike_the_first_is_the_headline() -> None:
    assert headline("Purple zebras dance along", "Green camels sing aloud", A) == [
        "Purple zebras dance along"
    ]


def test_a_line_that_other_pages_hold_is_rather_a_list_of_stories() -> None:
    near = "Captains sign the harbour ledger today"
    assert headline(HEADLINE, near, A, B, evidence={1: 3}) == [HEADLINE]
    assert headline("Weather for the weekend ahead", near, A, B, evidence={1: 3}) == [near]


@pytest.mark.parametrize(
    "line",
    [
        "Harbour news", "word " * 36, "The captains queue at the harbour.", "The captains, the harbour, the ledger,",
        "At the harbour:", "Captains queue in the rain…", "船长们排队。",
    ],
)  # fmt: skip
def test_what_is_no_headline(line: str) -> None:
    assert headline(line, A, B) == []


def test_a_line_of_two_words_is_a_headline_at_the_head_of_a_bare_article() -> None:
    assert headline("Captains queue", "", A, B) == ["Captains queue"]
    assert headline("Share this", "Captains queue", A, B) == []
    assert headline("Captains queue", "Rain again", A, B) == []
    assert headline("Captains", A, B) == []


def test_without_long_paragraphs_the_headline_is_above_the_first_sentence() -> None:
    short = "Divers found a piano in the basin."
    assert headline(
        "Piano found in harbour", short, "It was out of tune.", "Library fines are scrapped at last"
    ) == ["Piano found in harbour"]
    cut = "The harbour board is to sell the old pilot house on the north mole to a buyer…"
    assert headline("Pilot house for sale", cut, "School kitchen to close", rules={1: "cut_teaser"}) == [
        "Pilot house for sale"
    ]
    assert headline(short, "Library fines are scrapped at last") == []


def test_a_marked_line_and_one_below_the_first_prose_are_none() -> None:
    assert headline(HEADLINE, A, B, rules={0: "menu"}) == []
    assert headline(A, HEADLINE, B) == []


def test_a_document_of_one_line_has_no_headline() -> None:
    assert headline(HEADLINE) == []
    assert headline(HEADLINE, "", "Share", rules={2: "share"}) == []
    assert headline(HEADLINE, "The captains went home.") == [HEADLINE]


def test_its_repetitions_go_and_other_lines_stay() -> None:
    found = marked(HEADLINE, A, HEADLINE.upper() + "!", B, HEADLINE + " again")
    assert found["rule"].to_list() == ["headline", None, "repeated_headline", None, None]
    assert found["score"][2] == 0.98


def test_documents_have_their_own_headlines() -> None:
    raw = raw_of(f"{HEADLINE}\n{A}", f"{A}\n{HEADLINE}", "")
    lines = find_top(describe_lines(to_lines(raw))).with_columns(
        glue=pl.lit(0), evidence=pl.lit(None, pl.Int64)
    )
    found = mark_headline(lines, titles(None, None, None))
    assert found["rule"].to_list() == ["headline", None, None, None]
    assert found.select("doc_id", "line").equals(lines.select("doc_id", "line"))


def test_a_standfirst_is_longer_and_likelier_than_a_title() -> None:
    standfirst = "Eleven captains queued in the rain at the harbour office to sign a new ledger that nobody had ordered"
    assert headline(standfirst, HEADLINE, A, B) == [HEADLINE]
    assert headline(HEADLINE, standfirst, A, B) == [HEADLINE]
    also = "Harbour captains queued before the tide turned"
    assert headline(HEADLINE, also, A, B, likely={0: 0.9, 1: 0.1}) == [also]


def test_a_known_title_allows_only_a_line_that_reads_so() -> None:
    other = "Harbour ledger: captains queue in the rain"
    assert headline(HEADLINE, other, A, B, title=f"{HEADLINE} - The Ledger") == [HEADLINE]
    assert headline(other, HEADLINE.upper(), A, B, title=HEADLINE) == [HEADLINE.upper()]
    assert headline(HEADLINE, other, A, B, title="Tide tables for May") == []


def test_the_headline_is_the_first_long_enough_line_above_the_prose():
    lines = f"Harbour news today\n{HEADLINE}\nTwo captains speak out at last\n{A}\n{TEASER}\n{B}"
    assert mark_text(lines) == [
        ("Harbour news today", None),
        (HEADLINE, "headline"),
        *unmarked("Two captains speak out at last", A, TEASER, B),
    ]


def test_a_short_headline_will_do_where_there_is_no_longer_one():
    assert mark_text(f"Harbour in uproar\n{A}") == [("Harbour in uproar", "headline"), (A, None)]


@pytest.mark.parametrize(
    "line",
    [
        "The captains queued in the rain.",
        "Three things came of it:",
        "Ledgers, ropes and lamps, among other things,",
        "“The captains queued in the rain.”",
        "A long story cut short…",
        "Harbour news",
        "word " * 36,
        "市长今天签署了协议。",
        "港の事務所は新しい帳簿を開いた。",
        "महापौर ने आज समझौते पर हस्ताक्षर किए।",
        "رئيس البلدية وقّع الاتفاق اليوم.\u200f",
    ],
    ids=lambda line: ascii(line[:20]),
)
def test_what_ends_like_a_sentence_or_is_too_short_or_too_long_is_no_headline(line: str):
    assert [rule for _, rule in mark_text(f"{line}\n{A}")] == [None, None]


@pytest.mark.parametrize("text", [HEADLINE, f"\n\n{HEADLINE}\n", f"{A}\n{HEADLINE}\n{B}"])
def test_there_is_no_headline_without_a_text_below_it(text: str):
    assert "headline" not in [rule for _, rule in mark_text(text)]


@pytest.mark.parametrize("again", [HEADLINE, HEADLINE.upper(), f"“{HEADLINE}”", HEADLINE.replace(" ", "  ")])
def test_a_headline_that_is_repeated_goes(again: str):
    assert mark_text(f"{HEADLINE}\n{A}\n{again}\n{B}") == [
        (HEADLINE, "headline"), (A, None), (again, "repeated_headline"), (B, None)
    ]  # fmt: skip
