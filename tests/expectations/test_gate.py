"""The gate: Great Expectations over a live DuckDB connection, two severities, no silent error."""

from pathlib import Path

import duckdb
import polars as pl
import pytest

from expectations.gate import judge_measures, judge_table
from expectations.suite import SUITES, read_suite

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


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "clean.yaml").write_text(SUITE)
    return tmp_path


def measures(*rows: tuple[str, int, float]) -> pl.DataFrame:
    return pl.DataFrame(
        rows, schema={"doc_id": pl.String, "n_words": pl.Int64, "kept_share": pl.Float64}, orient="row"
    )


def test_rows_that_fail_a_warning_are_rejected_by_the_first_they_fail(folder: Path) -> None:
    verdict = judge_measures("clean", measures(("a", 9, 0.9), ("b", 2, 0.1), ("c", 8, 0.2)), folder)
    assert verdict.critical == ()
    assert verdict.rejected.rows() == [
        ("b", "clean", "long_enough", "n_words = 2: too short"),
        ("c", "clean", "kept", "kept_share = 0.2: too bare"),
    ]
    assert verdict.results.select("expectation", "success", "n_unexpected", "doc_ids").rows() == [
        ("long_enough", False, 1, ["b"]),
        ("kept", False, 2, ["b", "c"]),
        ("once", True, 0, []),
    ]


def test_a_critical_expectation_rejects_no_row_but_stops_the_run(folder: Path) -> None:
    verdict = judge_measures("clean", measures(("a", 9, 0.9), ("a", 9, 0.9)), folder)
    assert verdict.rejected.is_empty()
    (line,) = verdict.critical
    assert line.startswith("once: 2 of 2")
    assert "twice" in line


def test_nulls_are_passed_over_and_an_empty_frame_passes(folder: Path) -> None:
    frame = pl.DataFrame(
        {"doc_id": ["a"], "n_words": [None], "kept_share": [0.9]}, schema_overrides={"n_words": pl.Int64}
    )
    assert judge_measures("clean", frame, folder).rejected.is_empty()
    assert judge_measures("clean", measures(), folder).critical == ()


def test_an_expectation_that_cannot_be_checked_is_an_error_not_bad_data(folder: Path) -> None:
    with pytest.raises(RuntimeError, match="long_enough could not be checked"):
        judge_measures("clean", measures(("a", 9, 0.9)).drop("n_words"), folder)


def test_more_than_twenty_rows_are_all_rejected(folder: Path) -> None:
    verdict = judge_measures("clean", measures(*((f"d{n:04}", 1, 1.0) for n in range(500))), folder)
    assert len(verdict.rejected) == 500
    assert len(verdict.results["doc_ids"][0]) == 20


def test_it_sees_an_open_transaction_and_leaves_it_open(folder: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE laws (doc_id VARCHAR, n_words BIGINT, kept_share DOUBLE)")
        connection.execute("BEGIN")
        connection.execute("INSERT INTO laws VALUES ('a', 1, 1)")
        assert judge_table("clean", connection, "laws", folder).rejected["doc_id"].to_list() == ["a"]
        connection.execute("ROLLBACK")
        assert connection.execute("SELECT count(*) FROM laws").fetchone() == (0,)


@pytest.mark.parametrize("stage", [file.stem for file in sorted(SUITES.glob("*.yaml"))])
def test_suites_say_why_and_name_each_expectation_once(stage: str) -> None:
    suite = read_suite(stage)
    names = [expectation.name for expectation in suite]
    assert len(set(names)) == len(names)
    assert all(expectation.because and "  " not in expectation.because for expectation in suite)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("- {name: a, severity: fatal, expect: x, because: y}", "fatal"),
        ("- {name: a, severity: warning, because: y}", "expect"),
        ("- {severity: warning, expect: x, because: y}", "name"),
    ],
)
def test_a_wrong_suite_is_named(tmp_path: Path, text: str, word: str) -> None:
    (tmp_path / "clean.yaml").write_text(text)
    with pytest.raises(ValueError, match=rf"clean\.yaml.*{word}"):
        read_suite("clean", tmp_path)
