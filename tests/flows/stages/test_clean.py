"""The clean stage: batches cleaned apart are as cleaned together, and only primary records are cleaned."""

from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from copydesk.expectations.verdict import REJECTED
from copydesk.flows.io.inputs import list_inputs
from copydesk.flows.settings import Settings, read_settings
from copydesk.flows.stages.clean import articles_of, clean_batch, cleaned, count_source_lines, key_batch
from copydesk.flows.stages.ingest import ingest_batch
from copydesk.flows.staging.folder import Staging
from copydesk.flows.staging.frames import RECORD
from copydesk.transforms.contract import DUPLICATES, RETRIED, empty
from tests.conftest import write_article

FOOT = "Northern Post keeps its own counsel on the harbour dues since 1902"


@pytest.fixture
def settings(one_article: Path) -> Settings:
    return read_settings(home=one_article)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Return six articles with one line at their foot, and a copy of the first."""
    folder = tmp_path / "northern-post"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.txt").write_text(write_article(number, FOOT))
    (folder / "copy.txt").write_text(write_article(0, FOOT))
    return folder


def stage(settings: Settings, folder: Path, files: Path, n_batches: int) -> Staging:
    """Return a staging folder in which `files` have been cleaned."""
    staging = Staging(folder)
    staging.write("ingest", "retried", empty(RETRIED))
    listing = list_inputs([str(files)]).files.to_dicts()
    for number in range(n_batches):
        batch = f"{number:05}"
        ingest_batch(settings, staging, batch, listing[number::n_batches])
        raw = staging.read("ingest", "raw", batch)
        primary = raw.filter(~pl.col("uri").str.ends_with("copy.txt")).select(RECORD)
        staging.write("ingest", "primary", primary, batch)
        key_batch(staging, batch)
    count_source_lines(settings, staging)
    for batch in staging.batches("ingest", "raw"):
        clean_batch(settings, staging, batch)
    return staging


def test_batches_do_not_matter(settings: Settings, tmp_path: Path, files: Path) -> None:
    one, three = (stage(settings, tmp_path / str(n), files, n) for n in (1, 3))
    assert three.batches("clean", "clean") == ["00000", "00001", "00002"]
    for name, order in (
        ("clean", ["doc_id"]),
        ("edits", ["doc_id", "start", "end"]),
        ("measures", ["doc_id"]),
    ):
        assert_frame_equal(three.read_all("clean", name).sort(order), one.read_all("clean", name).sort(order))
    assert_frame_equal(three.read("clean", "source_lines"), one.read("clean", "source_lines"))


def test_lines_of_a_source_are_counted_over_the_run(settings: Settings, tmp_path: Path, files: Path) -> None:
    staging = stage(settings, tmp_path / "staging", files, 2)
    assert staging.read("clean", "source_lines")["n_seen"].max() == 6 + 1  # one in the warehouse; no copy
    texts = staging.read_all("clean", "clean")["text"]
    assert len(texts) == 6
    assert not texts.str.contains(FOOT, literal=True).any()
    assert texts.str.contains("Engineers found rot").all()


def test_a_retried_document_is_not_counted_again(settings: Settings, tmp_path: Path, files: Path) -> None:
    staging = stage(settings, tmp_path / "staging", files, 1)
    keys = staging.read_all("clean", "keys")
    retried = (
        keys.select("doc_id")
        .unique()
        .with_columns(uri=pl.lit("u"), record=pl.lit(0), stage=pl.lit("clean"), run_id=pl.lit("r"))
    )
    staging.write("ingest", "retried", retried)
    before = staging.read("clean", "source_lines")
    count_source_lines(settings, staging)
    after = staging.read("clean", "source_lines")
    assert len(after) < len(before)
    assert after["n_seen"].max() == 1  # those of the warehouse


def test_rejected_and_merged_documents_do_not_go_on(settings: Settings, tmp_path: Path, files: Path) -> None:
    staging = stage(settings, tmp_path / "staging", files, 1)
    documents = staging.read("clean", "clean", "00000")
    first, second, *others = documents["doc_id"]
    rejected = pl.DataFrame([(first, "clean", "x", "y")], schema=REJECTED, orient="row")
    staging.write("clean", "rejected", rejected)
    assert_frame_equal(cleaned(staging, "00000"), documents[1:])
    merged = pl.DataFrame([{"doc_id": second}], schema=DUPLICATES)
    staging.write("dedupe", "duplicates", merged)
    assert articles_of(staging, "00000")["doc_id"].to_list() == others
