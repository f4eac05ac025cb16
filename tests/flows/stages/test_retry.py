"""Retrying: rejected records go through the pipeline again, each keeps one result, and nothing is lost."""

import json
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from copydesk.flows.errors import UsageError
from copydesk.flows.io.readers import READERS, read_text
from copydesk.flows.io.warehouse import reading
from copydesk.flows.run.local_runner import LocalRunner
from copydesk.flows.run.pipeline import RunResult, retry_quarantined
from copydesk.flows.run.selection import QuarantineFilter
from copydesk.flows.settings import read_settings
from copydesk.warehouse.audit import audit
from tests.conftest import ARTICLES, COPYDESK, copydesk, dump, load, rows, tamper
from tests.flows.conftest import write_articles

pytestmark = pytest.mark.usefixtures("stub_tagger")


def broken(home: Path) -> list[str]:
    with reading(read_settings(home=home)) as warehouse:
        return [check for check, n, _ in audit(warehouse).iter_rows() if n]


def retry(home: Path, *documents: str, **flags: Any) -> RunResult | None:
    selection = QuarantineFilter(documents, flags.pop("stage", None), flags.pop("expectation", None))
    return retry_quarantined(selection, read_settings(home=home, **flags), LocalRunner())


def parts(result: RunResult | None) -> tuple[int, int, int, int]:
    """Return loaded, duplicates, quarantined, known."""
    assert result is not None
    return result.n_loaded, result.n_duplicates, result.n_quarantined, result.n_known


def states(home: Path) -> list[tuple[Any, ...]]:
    return rows(
        home, "SELECT parse_filename(uri), expectation, state, retried_by FROM quarantine ORDER BY rowid"
    )


@pytest.fixture
def strict(strict_suites: Path) -> Path:
    """Return suites that reject every article after clean."""
    return strict_suites


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a new folder of three articles and an empty file."""
    return write_articles(tmp_path / "metro-wire")


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


@pytest.fixture
def news(folder: Path) -> Path:
    """Return an article in a format that has no reader yet."""
    return (folder / "a.txt").rename(folder / "a.news")


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return what makes this a version of copydesk that has a reader for it."""
    return lambda: monkeypatch.setitem(READERS, ".news", ("text/plain", read_text))


@pytest.mark.nightly
def test_a_file_that_was_never_read_is_read_now(home: Path, news: Path, newer: Callable[[], None]) -> None:
    """Its id was of its uri and size; now it is of its bytes."""
    load(home, news)
    ((unread,),) = rows(home, "SELECT doc_id FROM quarantine")
    assert parts(retry(home)) == (0, 0, 1, 0)
    newer()
    assert parts(retry(home)) == (1, 0, 0, 0)
    assert [row[2] for row in states(home)] == ["retried", "retried"]
    assert rows(home, f"SELECT doc_id <> '{unread}', charset FROM raw_documents") == [(True, "utf-8")]
    assert broken(home) == []
    assert retry(home) is None
    assert retry(home, unread) is None
    assert parts(load(home, news)) == (0, 0, 0, 1)


@pytest.mark.nightly
def test_a_file_that_is_gone_is_in_quarantine_again(home: Path, news: Path) -> None:
    load(home, news)
    before = rows(home, "SELECT doc_id, record_start, record_end, fetched_at FROM quarantine")
    news.unlink()
    assert parts(retry(home)) == (0, 0, 1, 0)
    assert [row[1] for row in states(home)] == ["media_type_is_supported", "record_is_readable"]
    assert rows(home, "SELECT doc_id, record_start, record_end, fetched_at FROM quarantine") == before * 2
    assert broken(home) == []


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


@pytest.mark.nightly
def test_a_file_that_an_ordinary_run_has_read_meanwhile_is_known(
    home: Path, news: Path, newer: Callable[[], None]
) -> None:
    load(home, news)
    newer()
    assert parts(load(home, news)) == (1, 0, 0, 0)
    assert parts(retry(home)) == (0, 0, 0, 1)
    assert [row[2] for row in states(home)] == ["retried"]
    assert broken(home) == []


@pytest.mark.nightly
def test_bytes_kept_and_bytes_read_again_from_the_same_file_are_one_record(
    home: Path, news: Path, newer: Callable[[], None], strict: Path
) -> None:
    load(home, news)
    newer()
    load(home, news, suites=strict)
    assert parts(retry(home)) == (1, 0, 0, 0)
    assert [row[2] for row in states(home)] == ["retried", "retried"]
    assert broken(home) == []


def test_a_record_of_an_earlier_version_has_no_place_and_no_time(
    all_rejected: Path, rejected_folder: Path
) -> None:
    home, folder = all_rejected, rejected_folder
    tamper(home, "UPDATE quarantine SET record_start = NULL, record_end = NULL, fetched_at = NULL")
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


@pytest.fixture(scope="module")
def rejected(tmp_path_factory: pytest.TempPathFactory, stub_tagger: None, strict_suites: Path) -> Path:
    """Return a home in which all samples were rejected, and the same after an undisturbed retry beside it."""
    base = tmp_path_factory.mktemp("rejected")
    load(base / "home", ARTICLES, suites=strict_suites)
    shutil.copytree(base / "home", base / "undisturbed")
    retry(base / "undisturbed")
    return base


@pytest.mark.nightly
@pytest.mark.parametrize("stage", ["ingest", "clean", "dedupe", "tag", "load"])
def test_a_killed_retry_given_again_ends_in_the_same_warehouse(
    stage: str, rejected: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(rejected / "home", home)
    process = subprocess.Popen(
        [COPYDESK, "--home", str(home), "quarantine", "retry", "--direct"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        if list((home / "staging").glob(f"*/{stage}.json")):
            break
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL, "the retry ended before it could be killed"
    result = retry(home)
    assert result is not None
    assert result.resumed
    assert result.n_loaded == 20
    assert dump(home) == dump(rejected / "undisturbed")
    assert list((home / "staging").glob("*")) == []
    assert broken(home) == []


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
