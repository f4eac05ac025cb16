"""Findings: what Great Expectations reports, read back in words and rows."""

from typing import Any

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from copydesk.expectations.results import SHOWN, Finding, open_source, read_finding, validate
from copydesk.expectations.suite import Expectation
from copydesk.transforms.quality.baselines import LearnedLimit

NOTHING: dict[str, Any] = {"exception_info": {}}


def expectation(
    kind: str = "column_values_to_be_between", over: str = "documents", **arguments: Any
) -> Expectation:
    return Expectation("named", "warning", kind, "why", over, {"column": "n", **arguments})


def checked(expected: Expectation, rows: list[tuple[str, int | None]], stage: str = "clean") -> Finding:
    """Return the finding of one expectation over rows of doc_id and n."""
    with duckdb.connect() as connection:
        frame = pl.DataFrame(rows, schema={"doc_id": pl.String, "n": pl.Int64}, orient="row")
        connection.register("measured", frame.to_arrow())
        connection.execute("CREATE TEMP VIEW looked_at AS SELECT * FROM measured")
        outcome = validate([expected], open_source(connection), "looked_at")
        (result,) = outcome["results"]
        assert result["expectation_config"]["meta"]["name"] == "named"
        return read_finding(stage, expected, result, connection)


def test_rows_that_failed_are_read_with_their_values() -> None:
    found = checked(expectation(min_value=5), [("a", 9), ("b", 1), ("c", None), ("d", 2)])
    assert (found.success, found.n_checked, found.n_unexpected, found.observed) == (
        False,
        3,
        2,
        "2 of 3 documents",
    )
    expected = pl.DataFrame({"row": ["b", "d"], "seen": ["n = 1", "n = 2"]})
    assert_frame_equal(found.failing, expected, check_row_order=False)


def test_every_row_that_failed_is_read_and_once() -> None:
    many = [(f"d{n % 60:03}", 0) for n in range(100)]
    found = checked(expectation(min_value=5), many)
    assert (found.n_unexpected, len(found.failing)) == (100, 60)


def test_copies_are_all_named() -> None:
    found = checked(
        Expectation(
            "named", "critical", "column_values_to_be_unique", "why", "documents", {"column": "doc_id"}
        ),
        [("a", 1), ("a", 2), ("b", 3)],
    )
    assert found.failing["row"].to_list() == ["a"]
    assert found.stops


@pytest.mark.parametrize(("n_rows", "success"), [(2, False), (3, True)])
def test_a_count_of_rows_is_observed_as_a_value(n_rows: int, success: bool) -> None:
    kind = Expectation(
        "named", "critical", "table_row_count_to_be_between", "why", "documents", {"min_value": 3}
    )
    found = checked(kind, [(f"d{n}", n) for n in range(n_rows)])
    assert (found.success, found.observed, found.stops) == (success, f"rows = {n_rows}", not success)


@pytest.mark.parametrize(("stage", "word"), [("ingest", "records"), ("clean", "documents"), ("load", "laws")])
def test_rows_are_called_what_they_are(stage: str, word: str) -> None:
    assert checked(expectation(min_value=5), [("a", 9)], stage).observed == f"0 of 1 {word}"


def test_a_result_without_detail_is_an_error_with_its_first_line() -> None:
    failed = {
        "success": False,
        "result": {},
        "exception_info": {"exception_message": "no such column\n  at line 1"},
    }
    with (
        duckdb.connect() as connection,
        pytest.raises(RuntimeError, match=r"clean\.yaml: named could not be checked: no such column$"),
    ):
        read_finding("clean", expectation(), failed, connection)
    nested = failed | {"exception_info": {"x": {"exception_message": "nested"}}}
    with duckdb.connect() as connection, pytest.raises(RuntimeError, match=r"checked: nested$"):
        read_finding("clean", expectation(), nested, connection)
    silent = failed | {"exception_info": {}}
    with duckdb.connect() as connection, pytest.raises(RuntimeError, match=r"checked: no reason given$"):
        read_finding("clean", expectation(), silent, connection)


def test_a_learned_expectation_without_history_says_so() -> None:
    learned = Expectation("usual", "notice", "", "why", "sources", learned=LearnedLimit("n", "count"))
    result = {"success": True, "result": {"element_count": 2, "missing_count": 2}, **NOTHING}
    with duckdb.connect() as connection:
        assert (
            read_finding("clean", learned, result, connection).observed == "no source has enough history yet"
        )


def finding(n: int, over: str = "documents", severity: str = "critical") -> Finding:
    each = Expectation("named", severity, "t", "why", over)
    rows = pl.DataFrame(
        {"row": [f"d{number:02}" for number in reversed(range(n))], "seen": "x"},
        schema_overrides={"row": pl.String},
    )
    return Finding(each, n == 0, 50, n, "seen", rows)


@pytest.mark.parametrize(
    ("found", "line"),
    [
        (finding(5), "named: seen: why; first d00, d01, d02"),
        (finding(1), "named: seen: why; first d00"),
        (finding(1, over="run"), "named: seen: why"),
        (finding(0), "named: seen: why"),
    ],
)
def test_a_finding_in_one_line(found: Finding, line: str) -> None:
    assert found.line == line


@pytest.mark.parametrize(
    ("found", "stops"), [(finding(1), True), (finding(0), False), (finding(1, severity="warning"), False)]
)
def test_only_a_critical_failure_stops_the_run(found: Finding, stops: bool) -> None:
    assert found.stops is stops


def test_a_row_of_quality_results_names_documents_only_and_few() -> None:
    row = finding(SHOWN + 9).result("clean")
    assert row[:8] == (
        "clean",
        "clean",
        "named",
        "critical",
        False,
        "seen",
        SHOWN + 9,
        [f"d{n:02}" for n in range(SHOWN)],
    )
    assert row[8:12] == (50, "documents", None, "why")
    assert finding(3, over="sources").result("clean")[7] == []
