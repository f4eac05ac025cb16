"""Selecting records in quarantine: by document, stage and expectation, and one line for what is unknown."""

from pathlib import Path

import pytest

from copydesk.flows.errors import UsageError
from copydesk.flows.io.warehouse import reading
from copydesk.flows.run.selection import QuarantineFilter, find_documents, select_quarantined
from copydesk.flows.settings import read_settings
from tests.conftest import tamper


def names(home: Path, **wanted: object) -> list[str]:
    with reading(read_settings(home=home)) as warehouse:
        rows = select_quarantined(warehouse, QuarantineFilter(**wanted))  # type: ignore[arg-type]
    return [uri.rsplit("/", 1)[-1] for uri in rows["uri"]]


ALL = ["a.txt", "b.txt", "c.txt", "empty.txt"]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, ALL),
        ({"stage": "clean"}, ALL[:3]),
        ({"stage": "ingest"}, ALL[3:]),
        ({"stage": "tag"}, []),
        ({"expectation": "record_is_not_empty"}, ALL[3:]),
        ({"documents": ("metro-wire/b.txt",)}, ["b.txt"]),
        ({"documents": ("c.txt", "metro-wire/a.txt", "a.txt")}, ["a.txt", "c.txt"]),
        ({"documents": ("a.txt",), "stage": "ingest"}, []),
    ],
)
def test_a_selection_narrows_down(all_rejected: Path, wanted: dict[str, object], expected: list[str]) -> None:
    assert names(all_rejected, **wanted) == expected


def test_what_was_retried_is_not_selected(all_rejected: Path) -> None:
    tamper(all_rejected, "UPDATE quarantine SET state = 'retried' WHERE ends_with(uri, 'a.txt')")
    assert names(all_rejected) == ALL[1:]


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"stage": "wash"}, "no stage 'wash'; stages are ingest, clean, dedupe, tag, load"),
        ({"expectation": "be_nice"}, "failed: long_reads_only, record_is_not_empty"),
        ({"documents": ("a.txt", "nowhere.txt")}, "no document 'nowhere.txt'"),
    ],
)
def test_something_unknown_is_one_line(all_rejected: Path, wanted: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        names(all_rejected, **wanted)


def test_a_document_is_found_by_a_path_from_here(
    all_rejected: Path, rejected_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(rejected_folder.parent)
    with reading(read_settings(home=all_rejected)) as warehouse:
        found = find_documents(warehouse, "./metro-wire/../metro-wire/b.txt")
        assert found["uri"].to_list() == [f"file://{rejected_folder}/b.txt"]
        (doc_id,) = found["doc_id"]
        assert find_documents(warehouse, doc_id[:10]).equals(found)
