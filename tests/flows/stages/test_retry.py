"""Retrying: rejected records go through the pipeline again, each keeps one result, and nothing is lost."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from copydesk.flows.errors import UsageError
from copydesk.flows.run.local_runner import LocalRunner
from copydesk.flows.run.pipeline import retry_quarantined
from copydesk.flows.run.selection import QuarantineFilter
from copydesk.flows.settings import read_settings
from copydesk.warehouse.digests import start_digests
from copydesk.warehouse.schema import connect
from tests.conftest import copydesk, dump, load, rows, tamper
from tests.flows.stages.retrying import broken, parts, retry, states

pytestmark = pytest.mark.usefixtures("stub_tagger")


def test_what_passes_now_is_loaded_as_if_it_had_never_been_rejected(
    tmp_path: Path, all_rejected: Path, rejected_folder: Path
) -> None:
    home, folder = all_rejected, rejected_folder
    load(tmp_path / "other", folder)
    before = rows(home, "SELECT * EXCLUDE (state, retried_by) FROM quarantine ORDER BY rowid")
    result = retry(home)
    assert parts(result) == (3, 0, 1, 0)
    for table in (
        "raw_documents",
        "documents",
        "edits",
        "mentions",
        "entities",
        "signatures",
        "source_lines",
    ):
        chosen = "* EXCLUDE (run_id)" if table in {"raw_documents", "documents"} else "*"
        query = f"SELECT {chosen} FROM {table} ORDER BY ALL"
        assert rows(home, query) == rows(tmp_path / "other", query), table
    # The old rows stand as they were, but for their state.
    after = rows(home, "SELECT * EXCLUDE (state, retried_by) FROM quarantine ORDER BY rowid")
    assert after[:4] == before
    run_id = result.run_id if result else ""
    assert {row[2:] for row in states(home)[:4]} == {("retried", run_id)}
    assert states(home)[4:] == [("empty.txt", "record_is_not_empty", "rejected", None)]
    assert rows(home, "SELECT run_id FROM quarantine WHERE state = 'rejected'") == [(run_id,)]
    assert broken(home) == []
    assert parts(load(home, folder)) == (0, 0, 0, 4)
    assert broken(home) == []


@pytest.mark.nightly
def test_what_fails_again_is_in_quarantine_again_and_counts_for_nothing_twice(
    all_rejected: Path, rejected_folder: Path, strict: Path
) -> None:
    home, folder = all_rejected, rejected_folder
    memory = dump(home)["source_lines"]
    for _ in range(3):
        assert parts(retry(home, suites=strict)) == (0, 0, 4, 0)
    assert [row[2] for row in states(home)] == ["retried"] * 12 + ["rejected"] * 4
    assert dump(home)["source_lines"] == memory
    assert broken(home) == []
    assert parts(load(home, folder, suites=strict)) == (0, 0, 0, 4)
    assert rows(home, "SELECT count(*) FROM documents") == [(0,)]


@pytest.mark.nightly
def test_a_selection_leaves_the_others_alone(all_rejected: Path, rejected_folder: Path) -> None:
    home, folder = all_rejected, rejected_folder
    assert retry(home, stage="tag") is None
    assert parts(retry(home, "metro-wire/b.txt")) == (1, 0, 0, 0)
    assert retry(home, "metro-wire/b.txt") is None  # it is loaded
    ((doc_id,),) = rows(home, "SELECT doc_id FROM quarantine WHERE ends_with(uri, '/a.txt')")
    assert retry(home, doc_id[:12], stage="ingest") is None
    assert parts(retry(home, doc_id[:12], str(folder / "c.txt"), expectation="long_reads_only")) == (
        2,
        0,
        0,
        0,
    )
    assert [row[:3] for row in states(home) if row[2] == "rejected"] == [
        ("empty.txt", "record_is_not_empty", "rejected")
    ]
    assert parts(retry(home, stage="ingest")) == (0, 0, 1, 0)
    assert broken(home) == []


@pytest.mark.parametrize(
    ("selection", "words"),
    [
        ({"stage": "wash"}, r"no stage 'wash'; stages are ingest, .*load"),
        ({"expectation": "be_nice"}, r"no expectation 'be_nice'; .* record_is_not_empty"),
        ({"documents": ("nowhere\n\x1b[31m.txt",)}, r"no document .*nowhere.* was ever read"),
        ({"documents": ("empty.txt", "nowhere.txt")}, "nowhere"),
    ],
)
def test_a_selection_of_something_unknown_is_refused_in_one_line(
    all_rejected: Path, selection: dict[str, Any], words: str
) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        retry_quarantined(QuarantineFilter(**selection), read_settings(home=all_rejected), LocalRunner())
    assert "\n" not in str(caught.value)
    assert "\x1b" not in str(caught.value)
    assert [row[2] for row in states(all_rejected)] == ["rejected"] * 4


def test_without_a_warehouse_there_is_none_afterwards(home: Path) -> None:
    with pytest.raises(UsageError, match="no warehouse"):
        retry(home)
    assert not home.exists()


@pytest.mark.nightly
def test_kept_bytes_count_even_when_the_file_is_gone_or_is_another(
    home: Path, folder: Path, strict: Path, article: Callable[..., str]
) -> None:
    load(home, folder, suites=strict)
    expected = rows(home, "SELECT doc_id, uri FROM quarantine WHERE stage = 'clean' ORDER BY ALL")
    (folder / "a.txt").unlink()
    (folder / "b.txt").write_text(article(8))
    assert parts(retry(home)) == (3, 0, 1, 0)
    assert rows(home, "SELECT doc_id, uri FROM raw_documents ORDER BY ALL") == expected
    assert broken(home) == []


@pytest.mark.nightly
def test_versions_of_one_file_in_quarantine_are_retried_side_by_side(
    home: Path, folder: Path, strict: Path, article: Callable[..., str]
) -> None:
    load(home, folder / "a.txt", suites=strict)
    (folder / "a.txt").write_text(article(7))
    load(home, folder / "a.txt", suites=strict)
    assert parts(retry(home)) == (2, 0, 0, 0)
    assert broken(home) == []


@pytest.mark.nightly
def test_copies_in_quarantine_become_a_document_and_its_copy(
    tmp_path: Path, home: Path, folder: Path, strict: Path
) -> None:
    for name in ("d.txt", "e.txt"):
        shutil.copy(folder / "a.txt", folder / name)
    load(home, folder, suites=strict)
    assert parts(retry(home, "metro-wire/d.txt")) == (1, 0, 0, 0)
    assert sorted(row[0] for row in states(home) if row[2] == "rejected") == [
        "a.txt", "b.txt", "c.txt", "e.txt", "empty.txt"
    ]  # fmt: skip
    assert broken(home) == []
    assert parts(retry(home)) == (2, 2, 1, 0)
    merged = rows(home, "SELECT parse_filename(uri), kind FROM duplicates ORDER BY 1")
    assert merged == [("a.txt", "exact"), ("e.txt", "exact")]
    assert broken(home) == []


@pytest.mark.nightly
def test_a_document_loaded_meanwhile_from_another_place_makes_it_a_copy(
    home: Path, folder: Path, strict: Path
) -> None:
    load(home, folder / "a.txt", suites=strict)
    shutil.copy(folder / "a.txt", folder / "later.txt")
    assert parts(load(home, folder / "later.txt")) == (1, 0, 0, 0)
    assert parts(retry(home)) == (0, 1, 0, 0)
    assert rows(home, "SELECT parse_filename(uri), kind FROM duplicates") == [("a.txt", "exact")]
    assert broken(home) == []


def test_a_record_of_an_earlier_version_has_no_place_and_no_time(
    all_rejected: Path, rejected_folder: Path
) -> None:
    home, folder = all_rejected, rejected_folder
    tamper(home, "UPDATE quarantine SET record_start = NULL, record_end = NULL, fetched_at = NULL")
    with connect(home / "copydesk.duckdb") as connection:
        start_digests(connection)  # as an upgrade does
    assert parts(retry(home, "metro-wire/a.txt")) == (1, 0, 0, 0)
    size = (folder / "a.txt").stat().st_size
    assert rows(home, "SELECT record_start, record_end, fetched_at FROM raw_documents") == [(0, size, None)]
    assert broken(home) == []


@pytest.mark.nightly
def test_batches_and_order_do_not_matter(tmp_path: Path, folder: Path, strict: Path) -> None:
    homes = [tmp_path / name for name in ("one", "other", "small")]
    for home in homes:
        load(home, folder, suites=strict)
    names = ("metro-wire/a.txt", "metro-wire/c.txt", "metro-wire/b.txt")
    retry(homes[0], *names)
    retry(homes[1], *reversed(names))
    retry(homes[2], *names, batch_mb=0.0005)
    assert dump(homes[0]) == dump(homes[1])
    for table in ("edits", "mentions", "entities", "signatures", "source_lines", "story_terms"):
        assert dump(homes[0])[table] == dump(homes[2])[table]


def test_the_command_says_what_came_of_it(all_rejected: Path) -> None:
    done = copydesk(all_rejected, "quarantine", "retry", "--direct", "--stage", "clean")
    assert done.returncode == 0, done.stderr
    assert "Retried: 3 passed, 0 returned to quarantine." in done.stdout
    again = copydesk(all_rejected, "quarantine", "retry", "--direct", "--stage", "clean")
    assert (again.returncode, again.stdout) == (0, "Nothing to retry: no such record is in quarantine.\n")
    wrong = copydesk(all_rejected, "quarantine", "retry", "--direct", "nowhere.txt")
    assert wrong.returncode == 2
    assert wrong.stderr.count("\n") == 1
    said = copydesk(all_rejected, "sql", "SELECT count(*) AS n FROM runs", "--format", "json").stdout
    assert json.loads(said) == [{"n": 2}]
    assert broken(all_rejected) == []
