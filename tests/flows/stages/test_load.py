"""The load stage: the counts of a run add up, its row and failures are as staged."""

import json
from pathlib import Path

import polars as pl
import pytest

from copydesk.expectations.verdict import FAILURES, REJECTED
from copydesk.flows.settings import VERSION
from copydesk.flows.stages.load import counts, failures_of, final_records, passed, run_id_of, run_row
from copydesk.flows.staging.folder import Staging
from copydesk.transforms.contract import DUPLICATES


@pytest.fixture
def staging(tmp_path: Path) -> Staging:
    """Return the staging of a run over six records.

    a is known, b was rejected by ingest, c by clean; d is loaded, dd is its identical copy, e was merged into d.
    """
    staging = Staging(tmp_path / "0123456789abcdef")
    uris = {"a": "a", "b": "b", "c": "c", "d": "d", "dd": "d", "e": "e"}
    read = [(doc_id, f"u/{uri}", 0, "s", uri == "a") for uri, doc_id in uris.items()]
    staging.write(
        "ingest",
        "read",
        pl.DataFrame(read, schema=["doc_id", "uri", "record", "source", "is_known"], orient="row"),
    )
    records = [("c", "u/c", 0, True), ("d", "u/d", 0, True), ("d", "u/dd", 0, False), ("e", "u/e", 0, True)]
    staging.write(
        "ingest",
        "records",
        pl.DataFrame(records, schema=["doc_id", "uri", "record", "is_primary"], orient="row"),
    )
    for stage, doc_id in (("ingest", "b"), ("clean", "c")):
        row = [(doc_id, stage, "some_rule", "seen")]
        staging.write(stage, "rejected", pl.DataFrame(row, schema=REJECTED, orient="row"))
        failure = [(stage, "some_rule", "warning", doc_id, "s", "seen")]
        staging.write(stage, "failures", pl.DataFrame(failure, schema=FAILURES, orient="row"))
    merged = [{"doc_id": "e", "canonical_doc_id": "d", "kind": "near"}]
    staging.write("dedupe", "duplicates", pl.DataFrame(merged, schema=DUPLICATES))
    return staging


def test_every_record_has_one_account(staging: Staging) -> None:
    found = counts(staging, final_records(staging))
    assert found == {"n_records": 6, "n_known": 1, "n_quarantined": 2, "n_duplicates": 2, "n_loaded": 1}
    assert found["n_records"] == sum(count for name, count in found.items() if name != "n_records")


def test_final_records_passed_every_gate(staging: Staging) -> None:
    assert final_records(staging)["uri"].to_list() == ["u/d", "u/dd", "u/e"]
    summary = passed(staging, "dedupe", 0.0)
    assert (summary.stage, summary.n_in, summary.n_out, summary.n_quarantined) == ("dedupe", 3, 3, 0)


def test_failures_are_of_the_gates_that_were_reached_with_their_uris(staging: Staging) -> None:
    found = failures_of(staging).select("stage", "doc_id", "uri").rows()
    assert found == [("ingest", "b", "u/b"), ("clean", "c", "u/c")]


def test_the_row_of_a_run_says_with_what_it_began(staging: Staging) -> None:
    made_with = {"batch_mb": 3.0, "rules": {"name": "boilerplate", "digest": "00ff"}}
    staging.note("run", {"started_at": "2026-11-30T00:00:00+00:00", "made_with": made_with})
    row = run_row(staging, "killed")
    assert (row["state"], row["code_version"]) == ("killed", VERSION)
    assert row["started_at"] == "2026-11-30T00:00:00+00:00"
    assert row["n_records"] == row["n_loaded"] == 0
    assert json.loads(row["settings"]) == made_with


def test_a_run_is_named_after_its_folder_until_all_is_read(staging: Staging) -> None:
    assert run_id_of(staging) == "0123456789abcdef"
    staging.note("identity", {"run_id": "fedcba9876543210"})
    assert run_id_of(staging) == "fedcba9876543210"
