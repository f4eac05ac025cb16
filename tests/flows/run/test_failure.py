"""A run that a gate stopped: its row, its results and how to look at them."""

from pathlib import Path

import polars as pl
import pytest

from copydesk.expectations.verdict import FAILURES, QUALITY
from copydesk.flows.run.failure import record_failed
from copydesk.flows.settings import read_settings
from copydesk.flows.staging.folder import Staging
from tests.conftest import rows


@pytest.fixture
def staging(home: Path) -> Staging:
    """Return the staging of a run that the gate after clean stopped."""
    home.mkdir()
    staging = Staging(home / "staging" / "0123456789abcdef")
    staging.note("run", {"started_at": "2026-11-30T00:00:00+00:00"})
    read = {"doc_id": ["a"], "uri": ["u/a.txt"], "record": [0], "source": ["u"], "is_known": [False]}
    staging.write("ingest", "read", pl.DataFrame(read))
    for stage, success in (("ingest", True), ("clean", False)):
        result = {
            "stage": stage,
            "suite": stage,
            "expectation": "x",
            "severity": "critical",
            "success": success,
        }
        more = {
            "observed": "1 of 1",
            "n_unexpected": 1,
            "doc_ids": ["a"],
            "n_checked": 1,
            "over": "documents",
        }
        staging.write(stage, "results", pl.DataFrame([result | more | {"because": "so"}], schema=QUALITY))
    failure = ("clean", "x", "critical", "a", "u", "seen")
    staging.write("clean", "failures", pl.DataFrame([failure], schema=FAILURES, orient="row"))
    return staging


def test_a_stopped_run_leaves_its_row_its_results_and_its_failures(home: Path, staging: Staging) -> None:
    hint = record_failed(read_settings(home=home), staging)
    assert rows(home, "SELECT run_id, state, n_loaded FROM runs") == [("0123456789abcdef", "failed", 0)]
    results = rows(home, "SELECT run_id, stage, success FROM quality_results ORDER BY stage DESC")
    assert results == [("0123456789abcdef", "ingest", True), ("0123456789abcdef", "clean", False)]
    assert rows(home, "SELECT count(*) FROM raw_documents") == [(0,)]
    query = hint.split('"')[1]
    (found,) = rows(home, query)
    assert {"a", "u/a.txt", "seen"} <= set(found)
    assert f"copydesk --home {home} sql" in hint
