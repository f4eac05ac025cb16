"""The frames of a verdict: failures, rejected documents and flagged sources, from findings."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from copydesk.expectations.results import SHOWN, Finding
from copydesk.expectations.suite import Expectation
from copydesk.expectations.verdict import FAILURES, REJECTED, to_failures, to_flagged, to_rejected

FAILING = {"row": pl.String, "seen": pl.String}
DOCUMENTS = pl.DataFrame({"doc_id": ["a", "b", "c"], "source": ["north", "south", None]})


def finding(
    *failing: tuple[str, str], name: str = "has_words", severity: str = "warning", over: str = "documents"
) -> Finding:
    expectation = Expectation(name, severity, "column_values_to_be_between", "why", over, {"column": "n"})
    rows = pl.DataFrame(failing, schema=FAILING, orient="row")
    return Finding(expectation, not failing, 3, len(failing), "seen", rows)


def frame(schema: dict, *rows: tuple) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_failures_name_the_document_and_its_source_or_the_source_alone() -> None:
    findings = [
        finding(("c", "n = 0"), ("a", "n = 1")),
        finding(("south", "n = 9"), name="usual", severity="notice", over="sources"),
        finding(("run", "n = 2"), name="whole", severity="critical", over="run"),
        finding(name="met"),
    ]
    expected = frame(
        FAILURES,
        ("clean", "has_words", "warning", "a", "north", "n = 1"),
        ("clean", "has_words", "warning", "c", None, "n = 0"),
        ("clean", "usual", "notice", None, "south", "n = 9"),
        ("clean", "whole", "critical", None, None, "n = 2"),
    )
    assert_frame_equal(to_failures("clean", findings, DOCUMENTS), expected)
    without = to_failures("load", findings[:1], DOCUMENTS.drop("source"))
    assert without["source"].to_list() == [None, None]
    assert_frame_equal(to_failures("clean", [], DOCUMENTS), expected.clear())


def test_only_the_first_failures_are_kept_and_all_documents_are_rejected() -> None:
    many = [(f"d{n:03}", "n = 0") for n in range(SHOWN + 5)]
    assert to_failures("clean", [finding(*many)], DOCUMENTS)["doc_id"].to_list() == [
        row for row, _ in many[:SHOWN]
    ]
    assert len(to_rejected("clean", [finding(*many)], DOCUMENTS)) == SHOWN + 5


def test_a_document_is_rejected_by_the_first_warning_that_it_failed() -> None:
    findings = [
        finding(("a", "n = 1"), name="noticed", severity="notice"),
        finding(("a", "n = 1"), ("b", "n = 2"), name="first"),
        finding(("b", "n = 2"), ("c", "n = 3"), name="second"),
        finding(("c", "n = 3"), name="stops", severity="critical"),
    ]
    expected = frame(
        REJECTED,
        ("a", "clean", "first", "n = 1: why"),
        ("b", "clean", "first", "n = 2: why"),
        ("c", "clean", "second", "n = 3: why"),
    )
    assert_frame_equal(to_rejected("clean", findings, DOCUMENTS), expected)
    assert_frame_equal(to_rejected("clean", [], DOCUMENTS), expected.clear())


def test_all_documents_of_a_source_that_failed_a_warning_are_rejected() -> None:
    found = to_rejected("clean", [finding(("south", "n = 9"), over="sources")], DOCUMENTS)
    assert_frame_equal(found, frame(REJECTED, ("b", "clean", "has_words", "n = 9: why")))
    assert to_rejected("clean", [finding(("run", "n = 9"), over="run")], DOCUMENTS).is_empty()


@pytest.mark.parametrize("severity", ["notice", "warning", "critical"])
def test_sources_are_flagged_by_what_they_failed_whatever_its_severity(severity: str) -> None:
    findings = [
        finding(("north", "x"), ("south", "x"), name="usual", severity=severity, over="sources"),
        finding(("north", "x"), name="usual", severity=severity, over="sources"),  # the limits of one source
        finding(("a", "x")),
    ]
    expected = pl.DataFrame({"source": ["north", "south"], "expectation": ["usual", "usual"]})
    assert_frame_equal(to_flagged(findings), expected)
    assert_frame_equal(to_flagged([]), expected.clear())
