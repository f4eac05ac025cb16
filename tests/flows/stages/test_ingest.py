"""The ingest stage: files become records, what is known is skipped, one of identical copies is primary."""

from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from copydesk.expectations.verdict import REJECTED
from copydesk.flows.io.inputs import list_inputs
from copydesk.flows.settings import Settings, read_settings
from copydesk.flows.stages.ingest import accept_records, ingest_batch, read_file, sift_records
from copydesk.flows.staging.folder import Staging
from copydesk.transforms.contract import RAW, RETRIED, empty
from copydesk.transforms.text.encoding import doc_id
from tests.conftest import write_article


@pytest.fixture
def staging(tmp_path: Path) -> Staging:
    staging = Staging(tmp_path / "staging")
    staging.write("ingest", "retried", empty(RETRIED))
    return staging


@pytest.fixture
def settings(one_article: Path) -> Settings:
    """Return the settings of a home that knows write_article(1)."""
    return read_settings(home=one_article)


def ingest(settings: Settings, staging: Staging, folder: Path, n_batches: int = 1) -> None:
    files = list_inputs([str(folder)]).files.to_dicts()
    for number in range(n_batches):
        ingest_batch(settings, staging, f"{number:05}", files[number::n_batches])


def write(folder: Path, **texts: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text)
    return folder


def row(given: dict[str, object]) -> dict[str, object]:
    (found,) = pl.DataFrame(read_file(given, 100.0), schema=RAW, orient="row").to_dicts()
    return found


def test_a_file_is_a_record_with_its_place(tmp_path: Path) -> None:
    write(tmp_path / "metro-wire", a="Grüße")
    (file,) = list_inputs([str(tmp_path / "metro-wire")]).files.to_dicts()
    found = row(file)
    assert found == dict.fromkeys(RAW) | {
        "doc_id": doc_id("Grüße".encode()),
        "uri": f"file://{tmp_path}/metro-wire/a.txt",
        "record": 0,
        "source": "metro-wire",
        "media_type": "text/plain",
        "charset": "utf-8",
        "record_start": 0,
        "record_end": 7,
        "fetched_at": file["modified_at"],
        "raw_text": "Grüße",
    }


@pytest.mark.parametrize(
    ("name", "size", "fault"),
    [
        ("a.pdf", 3, "no reader"),
        ("a.txt", 101, "too long"),
        ("gone.txt", 3, "unreadable: No such file or directory"),
    ],
)
def test_a_file_that_is_not_read_has_its_fault_and_an_id_of_its_own(
    tmp_path: Path, name: str, size: int, fault: str
) -> None:
    uri = f"file://{tmp_path}/{name}"
    found = row({"uri": uri, "size": size, "modified_at": None, "fault": None})
    assert (found["fault"], found["raw_text"], found["payload"]) == (fault, None, None)
    assert found["doc_id"] == doc_id(f"{uri} {size}".encode())
    assert (found["record_start"], found["record_end"]) == (0, size)


def test_bytes_that_are_no_text_are_kept(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(bytes(range(64)))
    found = row({"uri": f"file://{tmp_path}/a.txt", "size": 64, "modified_at": None, "fault": None})
    assert (found["raw_text"], found["payload"]) == (None, bytes(range(64)))


def test_what_an_earlier_run_read_is_known_and_not_measured(
    tmp_path: Path, settings: Settings, staging: Staging, one_article: Path
) -> None:
    from tests.conftest import rows

    ((uri,),) = rows(one_article, "SELECT uri FROM raw_documents")
    old = Path(uri.removeprefix("file://"))
    new = write(tmp_path / "new", b=write_article(2))
    files = list_inputs([str(old), str(new)]).files.to_dicts()
    ingest_batch(settings, staging, "00000", files)
    sift_records(settings, staging)
    read = staging.read("ingest", "read", columns=["uri", "is_known"])
    assert sorted(read.rows()) == sorted([(uri, True), (f"file://{new}/b.txt", False)])
    assert staging.read("ingest", "measures")["uri"].to_list() == [f"file://{new}/b.txt"]


def test_of_identical_copies_the_first_uri_is_primary_and_of_loaded_documents_none(
    tmp_path: Path, settings: Settings, staging: Staging
) -> None:
    folder = write(
        tmp_path / "new", a=write_article(1), b=write_article(2), c=write_article(2), d="", e=write_article(3)
    )
    ingest(settings, staging, folder, n_batches=2)
    sift_records(settings, staging)
    rejected = [(doc_id(b""), "ingest", "record_is_not_empty", "n_bytes = 0")]
    staging.write("ingest", "rejected", pl.DataFrame(rejected, schema=REJECTED, orient="row"))
    accept_records(settings, staging)
    found = staging.read("ingest", "records").select(pl.col("uri").str.tail(5), "is_primary")
    assert found.rows() == [("a.txt", False), ("b.txt", True), ("c.txt", False), ("e.txt", True)]
    primary = staging.read("ingest", "records").filter("is_primary").drop("is_primary")
    assert_frame_equal(staging.read_all("ingest", "primary").sort("uri"), primary)
    assert staging.batches("ingest", "primary") == ["00000", "00001"]
