"""Short answers for the command line."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from copydesk.flows.io.warehouse import reading
from copydesk.flows.settings import read_settings
from copydesk.warehouse.queries.summary import (
    latest_runs,
    search_entities,
    table_sizes,
    unmet_expectations,
    untagged_languages,
)


@pytest.fixture(scope="module")
def warehouse(sample_home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with reading(read_settings(home=sample_home)) as connection:
        yield connection


def test_runs_come_with_their_counts(warehouse: duckdb.DuckDBPyConnection) -> None:
    (run,) = latest_runs(warehouse).rows(named=True)
    assert (run["state"], run["n_records"], run["n_known"]) == ("completed", 25, 0)
    assert run["n_quarantined"] + run["n_duplicates"] + run["n_loaded"] == run["n_records"]
    assert latest_runs(warehouse, limit=0).is_empty()


def test_every_table_has_its_number_of_rows(warehouse: duckdb.DuckDBPyConnection) -> None:
    sizes = dict(table_sizes(warehouse).iter_rows())
    assert (sizes["raw_documents"], sizes["documents"], sizes["quarantine"]) == (23, 22, 2)
    assert list(sizes) == sorted(sizes)


def test_only_what_was_not_met_is_listed_in_the_order_of_the_stages(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    (run_id,) = latest_runs(warehouse)["run_id"]
    unmet = unmet_expectations(warehouse, run_id)
    assert unmet.select("severity", "stage", "expectation").rows() == [
        ("warning", "ingest", "record_has_words"),
        ("warning", "ingest", "record_is_not_empty"),
        ("warning", "clean", "language_is_known"),
        ("warning", "clean", "text_has_words"),
    ]
    assert unmet_expectations(warehouse, "no such run").is_empty()


def test_languages_without_a_model_are_counted(warehouse: duckdb.DuckDBPyConnection) -> None:
    (run_id,) = latest_runs(warehouse)["run_id"]
    assert untagged_languages(warehouse, run_id).rows() == [("es", 1)]


@pytest.mark.parametrize("words", ["danylenko", "DANÝLENKO", "Sergei Dan"])
def test_an_entity_is_found_by_any_spelling_case_and_accent(
    warehouse: duckdb.DuckDBPyConnection, words: str
) -> None:
    found = search_entities(warehouse, words, 5)
    assert found["name"][0] == "Sergei Danilenko"
    assert "Serhiy Danylenko (spelling)" in found["spellings"][0]


def test_the_most_named_come_first_and_no_more_than_asked(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = search_entities(warehouse, "", 3)
    assert len(found) == 3
    assert found["n_documents"].to_list() == sorted(found["n_documents"], reverse=True)
    assert search_entities(warehouse, "%", 3).is_empty()
