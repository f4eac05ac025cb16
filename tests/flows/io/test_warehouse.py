"""Opening the warehouse: one run per home, one line for what cannot be opened, a lock that dies with its process."""

import ast
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from copydesk.flows.errors import Busy, UsageError
from copydesk.flows.io import warehouse as module
from copydesk.flows.io.warehouse import known_words, reading, run_lock, writing
from copydesk.flows.settings import Settings, read_settings

_HOLD_LOCK = """
import sys
from copydesk.flows.io.warehouse import run_lock
from copydesk.flows.settings import read_settings
with run_lock(read_settings(home=sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""
_HOLD_FILE = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1])
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def settings(home: Path) -> Settings:
    return read_settings(home=home, wait_seconds=0.3)


@contextmanager
def other_process(code: str, argument: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run `code` in another process, which holds something once it has printed a line and until its stdin ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(argument)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        yield process


def test_a_home_is_held_by_one_run(settings: Settings) -> None:
    with (
        run_lock(settings),
        pytest.raises(Busy, match=f"another run holds .*{os.getpid()}"),
        run_lock(settings),
    ):
        pytest.fail("two runs held one home")
    with run_lock(settings):
        pass


def test_a_failed_run_frees_the_home(settings: Settings) -> None:
    with pytest.raises(ZeroDivisionError), run_lock(settings):
        _ = 1 / 0
    with run_lock(settings):
        pass


def test_a_killed_process_frees_the_home(settings: Settings) -> None:
    with other_process(_HOLD_LOCK, settings.home) as process:
        with pytest.raises(Busy), run_lock(settings):
            pytest.fail("a home that another process holds was given away")
        process.send_signal(signal.SIGKILL)
        process.wait()
        with run_lock(settings):
            pass


def test_a_home_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(UsageError, match=r"cannot write to the home .*file/home: Not a directory"),
        run_lock(read_settings(home=tmp_path / "file" / "home")),
    ):
        pytest.fail("it was written")


def test_a_warehouse_that_does_not_exist_is_not_made_by_reading(settings: Settings) -> None:
    with pytest.raises(UsageError, match=r"no warehouse at .*; load one with"), reading(settings):
        pytest.fail("it was read")
    assert not settings.home.exists()


def test_writing_makes_the_tables_and_reading_sees_them(settings: Settings) -> None:
    settings.home.mkdir()
    with writing(settings) as warehouse:
        warehouse.execute("SELECT count(*) FROM runs")
    with reading(settings) as warehouse:
        assert warehouse.execute("SELECT count(*) FROM runs").fetchone() == (0,)


def test_a_file_that_is_no_warehouse_is_one_line(settings: Settings) -> None:
    settings.home.mkdir()
    settings.warehouse.write_text("no database " * 1000)
    with pytest.raises(UsageError, match="no DuckDB database") as caught, reading(settings):
        pytest.fail("it was opened")
    assert "\n" not in str(caught.value)


def test_a_warehouse_that_another_process_has_open_is_waited_for_and_then_named(settings: Settings) -> None:
    settings.home.mkdir()
    with writing(settings):
        pass
    with other_process(_HOLD_FILE, settings.warehouse) as process:
        with (
            pytest.raises(
                Busy, match=rf"another process \(PID {process.pid}, python.*close it and try again"
            ),
            reading(settings),
        ):
            pytest.fail("it was opened")
        process.communicate()
    with reading(settings) as warehouse:
        assert warehouse.execute("SELECT 1").fetchone() == (1,)


def test_a_fault_of_the_file_of_token_hashes_is_named_with_what_to_do(settings: Settings) -> None:
    settings.home.mkdir()
    with (
        known_words(settings),
        sqlite3.connect(settings.words) as other,
        pytest.raises(UsageError, match=r"words\.sqlite: .*locked; it is only a cache"),
    ):
        other.execute("BEGIN EXCLUSIVE")
        with known_words(settings):
            pytest.fail("it was opened")


def test_nothing_of_one_operating_system_is_imported() -> None:
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert "fcntl" not in imported
