"""Local files are read whole or not at all, whatever lies at their path by then."""

import os
from pathlib import Path
from typing import Any

import pytest

from copydesk.flows.io import local_files
from copydesk.flows.io.local_files import TooLong, read_file, time_of


def test_a_regular_file_is_read_up_to_the_limit(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"hello")
    assert read_file(str(tmp_path / "a"), 5) == b"hello"
    with pytest.raises(TooLong):
        read_file(str(tmp_path / "a"), 4)


@pytest.mark.parametrize(
    ("path", "reason"),
    [("/dev/zero", "but a device"), ("/", "but a folder"), ("/proc/self/environ", "no file of a disk")],
)
def test_what_is_no_file_of_a_disk_is_refused(path: str, reason: str) -> None:
    with pytest.raises(OSError, match=reason):
        read_file(path, 1_000_000)


def test_a_fifo_that_takes_the_place_of_a_file_is_refused_once_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is looked at, the file replaced, the name opened: what counts is what was opened."""
    (tmp_path / "a").write_bytes(b"hello")
    opened = os.open

    def swap(path: str, flags: int) -> int:
        (tmp_path / "a").unlink()
        os.mkfifo(tmp_path / "a")
        return opened(path, flags)

    monkeypatch.setattr(os, "open", swap)
    with pytest.raises(OSError, match="but a FIFO"):
        read_file(str(tmp_path / "a"), 5)


@pytest.mark.parametrize("change", [b"hello, and more", b"hell", b"HELLO"])
def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: bytes
) -> None:
    (tmp_path / "a").write_bytes(b"hello")
    os.utime(tmp_path / "a", (0, 0))
    seen: list[os.stat_result] = []
    status = os.fstat

    def fstat(descriptor: int) -> os.stat_result:
        seen.append(status(descriptor))
        result = status(descriptor)
        if len(seen) == 1:
            (tmp_path / "a").write_bytes(change)
        return result

    monkeypatch.setattr(local_files.os, "fstat", fstat)
    with pytest.raises(OSError, match="changed while it was read"):
        read_file(str(tmp_path / "a"), 100)


def test_a_time_that_no_calendar_has_is_none() -> None:
    assert time_of(0.0) is not None
    assert [time_of(seconds) for seconds in (1e18, -1e18, float("nan"))] == [None] * 3


def test_nothing_is_opened_by_a_listing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "a.txt")
    (tmp_path / "deep").mkdir()

    def never(*given: Any) -> int:
        raise AssertionError(given)

    monkeypatch.setattr(os, "open", never)
    found = local_files.Found(str(tmp_path), follow=True)
    local_files.list_path(str(tmp_path), found)
    assert [row[1] for row in found.rows] == [0]
