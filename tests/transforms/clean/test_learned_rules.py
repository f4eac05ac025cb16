"""Learned rules: the template by its evidence, the model by what it would keep; earlier marks are respected."""

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from copydesk.transforms.clean import learned_rules
from copydesk.transforms.clean.learned_rules import FLOOR, mark_template, mark_unlikely, score_lines
from copydesk.transforms.clean.segments import describe_lines, segment
from copydesk.transforms.clean.source_template import count_lines, find_evidence, to_keys
from copydesk.transforms.clean.stage import CleaningResources, clean, mark_lines
from copydesk.transforms.contract import EVIDENCE, SOURCE_LINES, empty
from copydesk.transforms.line_model.model import LineModel
from copydesk.transforms.text.lines import to_lines
from tests.transforms.conftest import HEADLINE, PROSE, RULES, raw_of

A, B = PROSE
SENTENCE = "Our reporters can be reached at the desk on the quay."


def mark(body: str, evidence: int | None, likely: float | None = None, rule: str | None = None) -> tuple:
    """Mark one line; return its rule, score and evidence."""
    lines = describe_lines(to_lines(raw_of(body))).with_columns(
        evidence=pl.lit(evidence, pl.Int64), likely=pl.lit(likely, pl.Float64), rule=pl.lit(rule, pl.String)
    )
    if likely is None:
        lines = lines.drop("likely")
    return mark_template(lines).select("rule", "score", "evidence").row(0)


@pytest.mark.parametrize(
    ("body", "evidence", "likely", "expected"),
    [
        ("More from the quay", None, None, (None, None, None)),
        ("More from the quay", 1, 0.0, (None, None, None)),
        ("More from the quay", 2, None, ("source_template", 0.991, 2)),
        ("More from the quay", 3, 0.89, ("source_template", 0.996, 3)),
        ("More from the quay", 9, 0.5, ("source_template", 0.999, 9)),
        ("More from the quay", 9, 0.95, (None, None, None)),
        (SENTENCE, 2, None, (None, None, None)),
        (SENTENCE, 3, 0.6, (None, None, None)),
        (SENTENCE, 2, 0.4, ("source_template", 0.991, 2)),
        (SENTENCE, 4, None, ("source_template", 0.999, 4)),
        ("See you at the quay.", 2, None, ("source_template", 0.991, 2)),
    ],
)  # fmt: skip
def test_a_line_needs_two_documents_a_sentence_four_or_the_models_word(
    body: str, evidence: int | None, likely: float | None, expected: tuple
) -> None:
    assert mark(body, evidence, likely) == expected


@pytest.mark.parametrize(("evidence", "rule"), [(2, None), (3, None), (4, "source_template")])
def test_a_subhead_between_two_paragraphs_needs_four_documents(evidence: int, rule: str | None) -> None:
    lines = describe_lines(
        to_lines(raw_of(f"{A}\nShare\nWhat happens next\n\n{B}\nMore from the quay"))
    ).with_columns(
        evidence=pl.lit(evidence, pl.Int64), rule=pl.when(pl.col("body") == "Share").then(pl.lit("share"))
    )
    marked = dict(
        mark_template(lines.with_columns(score=pl.lit(None, pl.Float64))).select("body", "rule").rows()
    )
    assert marked["What happens next"] == rule
    assert marked["More from the quay"] == "source_template"


def test_a_line_that_is_marked_keeps_its_mark_and_loses_the_evidence() -> None:
    assert mark("Share", 5, rule="share") == ("share", None, None)


def test_a_sentence_that_two_pages_share_stays_and_a_short_line_goes_with_its_evidence() -> None:
    quote = (
        "“We shall mend the pier before the first of the herring boats comes home,” said the harbour master."
    )
    own = [
        f"The {place} council sat until midnight over the plan for the {place} pier, which was drawn up in March "
        f"by two engineers from {place}, and then went home without having put it to the vote.\n"
        f"A second sitting in {place} is due on Friday, and the clerk there expects that the hall, which holds "
        f"ninety people, will be as full of {place} folk as it was the last time."
        for place in ("Hallam", "Selwick", "Carrow")
    ]
    raw = raw_of(*(f"{text}\n{quote}\nThe quayside letter" for text in own[:2]), source=["ledger", "ledger"])
    keys = to_keys(segment(raw), raw)
    evidence = find_evidence(keys, count_lines(keys, empty(SOURCE_LINES)))
    edits, documents = clean(raw, CleaningResources(RULES), evidence)
    assert documents["text"].to_list() == [f"{text}\n{quote}" for text in own[:2]]
    removed = edits.filter(rule="source_template")
    assert removed["evidence"].to_list() == [2, 2]
    assert removed["score"].to_list() == [0.991, 0.991]
    assert edits.filter(pl.col("rule") != "source_template")["evidence"].is_null().all()


def test_without_evidence_nothing_is_the_sources() -> None:
    raw = raw_of(f"{HEADLINE}\n{A}\nThe quayside letter\n{B}")
    lines = mark_lines(raw, CleaningResources(RULES), empty(EVIDENCE))
    assert_frame_equal(lines, mark_lines(raw, CleaningResources(RULES)))
    assert "source_template" not in lines["rule"]


@pytest.fixture(scope="session")
def weights(resources: CleaningResources) -> LineModel:
    assert resources.line_model is not None
    return resources.line_model


def test_blank_lines_have_no_probability_and_marked_ones_none_to_stay(weights: LineModel) -> None:
    lines = segment(raw_of(f"{A}\n\nShare this\n{B}")).with_columns(
        rule=pl.when(pl.col("line") == 2).then(pl.lit("share")), score=pl.lit(0.9)
    )
    scored = score_lines(lines, weights)
    assert scored["likely"][1] is None
    assert scored["keep"].to_list() == [True, None, False, True]
    assert scored["likely"][2] == 0
    assert scored["prose"].to_list() == [True, False, False, True]
    assert_frame_equal(scored.drop("likely", "keep", "prose"), lines.drop("prose"))


def test_a_line_that_should_go_is_no_prose_and_says_how_sure_the_model_is(
    weights: LineModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_end = A.removesuffix(".")
    lines = segment(raw_of(f"{A}\n{B}\n{open_end}\nShare"))
    assert lines["prose"].to_list() == [True, True, False, False]
    likely = np.array([0.9, 0.05, 0.85, 0.3], np.float32)
    monkeypatch.setattr(learned_rules, "predict", lambda shown, model, markup: likely)
    scored = score_lines(lines, weights)
    assert scored["keep"].to_list() == [True, False, True, False]
    assert scored["prose"].to_list() == [True, False, True, False]  # surely the article's, however it ends
    marked = mark_unlikely(scored)
    assert marked["rule"].to_list() == [None, "line_model", None, "line_model"]
    assert marked["score"].to_list() == pytest.approx([None, 0.95, None, 0.7])


def test_no_lines_to_score(weights: LineModel) -> None:
    scored = score_lines(segment(raw_of("", " \n\n")), weights)
    assert scored["likely"].null_count() == scored["keep"].null_count() == len(scored) == 2


def test_lines_without_a_probability_are_not_marked() -> None:
    lines = describe_lines(to_lines(raw_of("one\n\ntwo\nthree"))).with_columns(
        likely=pl.Series([0.04, None, 0.8, 0.02]),
        keep=pl.Series([False, None, True, False]),
        rule=pl.Series([None, None, None, "share"], dtype=pl.String),
        score=pl.Series([None, None, None, 0.7], dtype=pl.Float64),
    )
    marked = mark_unlikely(lines)
    assert marked["rule"].to_list() == ["line_model", None, None, "share"]
    assert marked["score"].to_list() == [0.96, None, None, 0.7]


@pytest.mark.parametrize(("probability", "kept"), [(FLOOR * 0.99, False), (FLOOR * 1.01, True)])
def test_a_page_of_unlikely_lines_keeps_those_above_the_floor(
    weights: LineModel, monkeypatch: pytest.MonkeyPatch, probability: float, kept: bool
) -> None:
    lines = segment(raw_of("one\ntwo\nthree"))
    likely = np.full(3, probability, np.float32)
    monkeypatch.setattr(learned_rules, "predict", lambda shown, model, markup: likely)
    assert score_lines(lines, weights)["keep"].to_list() == [kept] * 3
