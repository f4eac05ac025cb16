"""The first page of the browser: its numbers are those of the tables and views."""

from pathlib import Path

import duckdb
import polars as pl
from polars.testing import assert_frame_equal

from copydesk.warehouse.queries import browse
from copydesk.warehouse.schema import connect, migrate


def test_the_numbers_are_those_of_tables_and_views(sample: duckdb.DuckDBPyConnection) -> None:
    def count(sql: str) -> int:
        ((n,),) = sample.sql(f"SELECT count(*) FROM {sql}").fetchall()
        return n

    expected = {
        "articles": count("articles"),
        "merged": count("duplicates"),
        "stories": count("stories WHERE n_documents > 1"),
        "entities": count("entities"),
        "sources": count("(SELECT DISTINCT source FROM documents)"),
        "quarantined": count("quarantine"),
    }
    assert browse.numbers(sample) == expected
    frames = browse.home(sample)
    assert_frame_equal(frames["numbers"], pl.DataFrame(expected))
    assert_frame_equal(
        frames["funnel"], sample.sql("SELECT stage, n_in, n_quarantined, n_out, seconds FROM run_funnel").pl()
    )
    assert frames["run"]["n_records"].to_list() == [25]
    unmet = sample.sql("SELECT expectation FROM quality_results WHERE NOT success").fetchall()
    assert sorted(frames["unmet"]["expectation"]) == sorted(name for (name,) in unmet) != []


def test_an_empty_warehouse_has_a_first_page(tmp_path: Path) -> None:
    with connect(tmp_path / "w.duckdb") as warehouse:
        migrate(warehouse)
        assert set(browse.numbers(warehouse).values()) == {0}
        frames = browse.home(warehouse)
        assert [frames[name].height for name in ("run", "funnel", "unmet")] == [0, 0, 0]
        assert browse.list_values(warehouse, "source") == []


def test_values_are_sorted_and_distinct(sample: duckdb.DuckDBPyConnection) -> None:
    expected = sorted(name for (name,) in sample.sql("SELECT DISTINCT source FROM documents").fetchall())
    assert browse.list_values(sample, "source") == expected
