"""The gate: Great Expectations over a live DuckDB connection, its severities, sources and history, no silent error."""

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from copydesk.expectations.gate import Measures, judge_measures, judge_table
from copydesk.expectations.verdict import Verdict

SUITE = """
- name: long_enough
  severity: warning
  expect: column_values_to_be_between
  column: n_words
  min_value: 5
  because: too short

- name: kept
  severity: warning
  expect: column_values_to_be_between
  column: kept_share
  min_value: 0.5
  because: too bare

- {name: once, severity: critical, expect: column_values_to_be_unique, column: doc_id, because: twice}
"""
OF_SOURCES = """
- {name: usual, severity: warning, over: sources, learned: n_new, scale: count, because: odd}
- {name: few, severity: notice, over: sources, expect: column_values_to_be_between, column: n_new, max_value: 500,
   because: many}
- {name: whole, severity: critical, over: run, expect: column_values_to_be_between, column: n_missing, min_value: 0,
   max_value: 0, because: rows were lost}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "clean.yaml").write_text(SUITE)
    return tmp_path


def measures(*rows: tuple[str, int | None, float], source: str = "north") -> Measures:
    schema = {"doc_id": pl.String, "n_words": pl.Int64, "kept_share": pl.Float64}
    return Measures(pl.DataFrame(rows, schema=schema, orient="row").with_columns(source=pl.lit(source)))


def test_rows_that_fail_a_warning_are_rejected_by_the_first_they_fail(folder: Path) -> None:
    verdict = judge_measures("clean", measures(("a", 9, 0.9), ("b", 2, 0.1), ("c", 8, 0.2)), folder)
    assert verdict.critical == ()
    assert verdict.rejected.rows() == [
        ("b", "clean", "long_enough", "n_words = 2: too short"),
        ("c", "clean", "kept", "kept_share = 0.2: too bare"),
    ]
    assert verdict.results.select("expectation", "success", "n_unexpected", "doc_ids", "observed").rows() == [
        ("long_enough", False, 1, ["b"], "1 of 3 documents"),
        ("kept", False, 2, ["b", "c"], "2 of 3 documents"),
        ("once", True, 0, [], "0 of 3 documents"),
    ]
    assert verdict.failures.drop("stage", "severity").rows() == [
        ("long_enough", "b", "north", "n_words = 2"),
        ("kept", "b", "north", "kept_share = 0.1"),
        ("kept", "c", "north", "kept_share = 0.2"),
    ]


def test_a_critical_expectation_rejects_no_row_but_stops_the_run_and_names_three(folder: Path) -> None:
    rows = [(f"d{number // 2}", 9, 0.9) for number in range(10)]
    verdict = judge_measures("clean", measures(*rows), folder)
    assert verdict.rejected.is_empty()
    assert verdict.critical == ("once: 10 of 10 documents: twice; first d0, d1, d2",)


def test_nulls_are_passed_over_and_an_empty_frame_passes(folder: Path) -> None:
    verdict = judge_measures("clean", measures(("a", None, 0.9)), folder)
    assert verdict.rejected.is_empty()
    assert verdict.results["n_checked"].to_list() == [0, 1, 1]
    assert judge_measures("clean", measures(), folder).critical == ()


def test_an_expectation_that_cannot_be_checked_is_an_error_not_bad_data(folder: Path) -> None:
    bare = measures(("a", 9, 0.9)).documents.drop("n_words")
    with pytest.raises(RuntimeError, match="long_enough could not be checked"):
        judge_measures("clean", Measures(bare), folder)


def test_more_than_twenty_rows_are_all_rejected(folder: Path) -> None:
    verdict = judge_measures("clean", measures(*((f"d{n:04}", 1, 1.0) for n in range(500))), folder)
    assert len(verdict.rejected) == 500
    assert len(verdict.results["doc_ids"][0]) == len(verdict.failures) == 20


def test_it_sees_an_open_transaction_and_leaves_it_open(folder: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE laws (doc_id VARCHAR, n_words BIGINT, kept_share DOUBLE)")
        connection.execute("BEGIN")
        connection.execute("INSERT INTO laws VALUES ('a', 1, 1)")
        assert judge_table("clean", connection, "laws", folder).rejected["doc_id"].to_list() == ["a"]
        connection.execute("ROLLBACK")
        assert connection.execute("SELECT count(*) FROM laws").fetchone() == (0,)


def test_a_source_has_its_own_limits_and_one_may_be_off(folder: Path) -> None:
    both = pl.concat(
        [
            measures(("a", 3, 0.9), source="it's north").documents,
            measures(("b", 3, 0.9), source="south").documents,
            measures(("c", 3, 0.1), source="west").documents,
        ]
    )
    limits = {
        "it's north": {"long_enough": {"min_value": 2}},
        "west": {"kept": {"severity": "off"}, "long_enough": {"severity": "notice"}},
        "*": {"long_enough": {"min_value": 4}},
    }
    verdict = judge_measures("clean", Measures(both), folder, limits)
    assert verdict.rejected["doc_id"].to_list() == ["b"]
    assert verdict.results.select("expectation", "source", "severity", "success").rows() == [
        ("long_enough", None, "warning", False),
        ("long_enough", "it's north", "warning", True),
        ("long_enough", "west", "notice", False),
        ("kept", None, "warning", True),
        ("once", None, "critical", True),
    ]


def of_sources(folder: Path, n_new: int, n_missing: int = 0, **settings: Any) -> Verdict:
    """Judge a day on which `north` brought `n_new` records after ten days with about a hundred, and `new` its first."""
    (folder / "clean.yaml").write_text(OF_SOURCES)
    days = [dt.datetime(2026, 1, day, tzinfo=dt.UTC) for day in range(1, 11)]
    flagged: list[list[str]] = [[]] * 10
    history = pl.DataFrame(
        {
            "source": "north",
            "at": days,
            "n_new": [100, 104, 97, 99, 103, 101, 98, 100, 96, 102],
            "flagged": flagged,
        },
        schema_overrides={"flagged": pl.List(pl.String)},
    )
    documents = pl.DataFrame({"doc_id": ["a", "b", "c"], "source": ["north", "north", "new"]})
    sources = pl.DataFrame({"source": ["new", "north"], "n_new": [1, n_new]})
    run = pl.DataFrame({"n_missing": [n_missing]})
    return judge_measures("clean", Measures(documents, sources, run, history), folder, **settings)


def test_what_is_usual_passes_and_a_source_without_history_is_not_judged(folder: Path) -> None:
    verdict = of_sources(folder, 105)
    assert verdict.results.select("expectation", "success", "n_checked", "observed").rows() == [
        ("usual", True, 1, "0 of 1 sources"),
        ("few", True, 2, "0 of 2 sources"),
        ("whole", True, 1, "nothing"),
    ]
    assert verdict.flagged.is_empty()


def test_a_source_that_fails_a_warning_has_all_its_documents_rejected(folder: Path) -> None:
    verdict = of_sources(folder, 9)
    assert verdict.flagged.rows() == [("north", "usual")]
    assert verdict.rejected.select("doc_id", "expectation").rows() == [("a", "usual"), ("b", "usual")]
    (detail,) = verdict.rejected["detail"].unique()
    assert detail.startswith("n_new = 9, usual ")
    assert detail.endswith(": odd")
    assert verdict.failures.select("expectation", "doc_id", "source").rows() == [("usual", None, "north")]


def test_a_notice_flags_and_rejects_nothing(folder: Path) -> None:
    verdict = of_sources(folder, 900, limits={"north": {"usual": {"severity": "off"}}})
    assert verdict.flagged.rows() == [("north", "few")]
    assert verdict.rejected.is_empty()
    assert verdict.critical == ()
    assert verdict.results["observed"].to_list()[-2] == "north n_new = 900"


def test_rows_lost_between_stages_stop_the_run(folder: Path) -> None:
    verdict = of_sources(folder, 100, n_missing=3)
    assert verdict.critical == ("whole: n_missing = 3: rows were lost",)
    assert verdict.rejected.is_empty()
