"""The staging folder: whole files or none, frames as their catalogue says, summaries that outlive the process."""

from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from copydesk.flows.staging.folder import Staging, Summary
from copydesk.flows.staging.frames import FRAMES
from copydesk.transforms.contract import EDITS, empty

EDIT = {"doc_id": "d", "start": 0, "end": 1, "rule": "r", "replacement": "", "score": 1.0, "evidence": None}


@pytest.fixture
def staging(tmp_path: Path) -> Staging:
    return Staging(tmp_path / "run")


def edits(*doc_ids: str) -> pl.DataFrame:
    return pl.DataFrame([EDIT | {"doc_id": doc_id} for doc_id in doc_ids], schema=EDITS)


def decided(*doc_ids: str) -> pl.DataFrame:
    return pl.DataFrame({"doc_id": doc_ids}, schema={"doc_id": pl.String})


def test_a_frame_is_read_as_it_was_written(staging: Staging) -> None:
    assert not staging.has("dedupe", "decided")
    staging.write("dedupe", "decided", decided("a", "b"))
    assert staging.has("dedupe", "decided")
    assert_frame_equal(staging.read("dedupe", "decided"), decided("a", "b"))
    assert staging.count("dedupe", "decided") == 2
    assert sorted(path.name for path in (staging.folder / "dedupe").iterdir()) == [
        "decided.parquet",
        "decided.parquet.seal",
    ]


def test_batches_are_read_one_by_one_or_together_in_order(staging: Staging) -> None:
    for batch, doc_ids in (("00001", "cd"), ("00000", "ab"), ("reopened", "e")):
        staging.write("clean", "edits", edits(*doc_ids), batch)
    assert_frame_equal(staging.read("clean", "edits", "00001"), edits("c", "d"))
    assert_frame_equal(staging.read_all("clean", "edits"), edits(*"abcde"))
    assert_frame_equal(staging.scan("clean", "edits").collect(), edits(*"abcde"))
    assert staging.batches("clean", "edits") == ["00000", "00001", "reopened"]
    assert staging.count("clean", "edits") == 5
    assert staging.missing("clean", "edits", ["00000", "00002"]) == ["00002"]


def test_only_the_columns_asked_for_are_read(staging: Staging) -> None:
    staging.write("clean", "edits", edits("a"), "00000")
    expected = pl.DataFrame({"rule": ["r"], "doc_id": ["a"]})
    assert_frame_equal(staging.read("clean", "edits", "00000", columns=["rule", "doc_id"]), expected)
    assert_frame_equal(staging.read_all("clean", "edits", columns=["rule", "doc_id"]), expected)


def test_no_batches_are_a_frame_without_rows(staging: Staging) -> None:
    assert_frame_equal(staging.read_all("clean", "edits"), empty(EDITS))
    assert (staging.files("clean", "edits"), staging.batches("clean", "edits")) == ([], [])
    assert staging.count("clean", "edits") == 0


def test_a_wrong_name_is_an_error_at_once(staging: Staging) -> None:
    with pytest.raises(LookupError, match="no staged frame clean/edit;"):
        staging.write("clean", "edit", edits("a"), "00000")
    with pytest.raises(LookupError, match="no staged frame cleaning/edits;"):
        staging.read_all("cleaning", "edits")
    assert not staging.folder.exists()


def test_a_batch_too_many_or_too_few_is_an_error(staging: Staging) -> None:
    with pytest.raises(ValueError, match="clean/edits: no batch"):
        staging.write("clean", "edits", edits("a"))
    with pytest.raises(ValueError, match="dedupe/decided: has no batches"):
        staging.read("dedupe", "decided", "00000")


def test_what_is_written_conforms_to_its_schema(staging: Staging) -> None:
    narrow = edits("a").with_columns(pl.col("start").cast(pl.UInt8), more=pl.lit(1))
    staging.write("clean", "edits", narrow, "00000")
    assert staging.read("clean", "edits", "00000").schema == pl.Schema(EDITS)
    with pytest.raises(pl.exceptions.ColumnNotFoundError):
        staging.write("clean", "edits", edits("a").drop("rule"), "00001")
    with pytest.raises(pl.exceptions.InvalidOperationError):
        staging.write("clean", "edits", edits("a").with_columns(start=pl.lit("x")), "00001")
    assert staging.batches("clean", "edits") == ["00000"]


def test_every_frame_can_be_written_without_rows(staging: Staging) -> None:
    for (stage, name), staged in FRAMES.items():
        staging.write(stage, name, empty(staged.schema), "00000" if staged.by_batch else None)
        assert staging.scan(stage, name).collect_schema() == pl.Schema(staged.schema)


def test_a_file_that_was_not_finished_is_not_there(staging: Staging) -> None:
    staging.write("clean", "edits", edits("a"), "00000")
    (staging.folder / "clean" / "edits-00001.4711.tmp").write_bytes(b"half a fi")
    assert staging.batches("clean", "edits") == ["00000"]
    assert not staging.has("clean", "edits", "00001")


def test_a_stage_is_done_when_its_summary_is_there(staging: Staging) -> None:
    assert staging.finished("clean") is None
    summary = Summary("clean", 5, 3, 2, 0.25)
    assert staging.finish(summary) == summary
    assert Staging(staging.folder).finished("clean") == summary
    assert staging.noted("nothing") is None
    staging.clear()
    assert not staging.folder.exists()
    staging.clear()
