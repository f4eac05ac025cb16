"""Retrying records whose bytes were not kept: their files are read again, if they still exist."""

from collections.abc import Callable
from pathlib import Path

import pytest

from copydesk.flows.io.readers import READERS, read_text
from tests.conftest import load, rows
from tests.flows.stages.retrying import broken, parts, retry, states

pytestmark = pytest.mark.usefixtures("stub_tagger")


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
