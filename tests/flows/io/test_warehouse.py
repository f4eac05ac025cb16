"""Opening the warehouse: one run per home, one line for what cannot be opened, a lock that dies with its process."""

import ast
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import duckdb
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


@pytest.fixture
def made(settings: Settings) -> Settings:
    """Return the settings of a home with a warehouse of some rows, so that tables have blocks of their own."""
    settings.home.mkdir()
    with writing(settings) as warehouse:
        warehouse.execute(
            "INSERT INTO source_lines SELECT 'outlet', hash(i), i, i FROM range(200000) AS t(i); "
            "INSERT INTO story_documents (story_id, doc_id, score) SELECT md5(i::VARCHAR), 'd', 1 FROM range(9) AS t(i)"
        )
    return settings


def flip(path: Path, part: float) -> None:
    content = bytearray(path.read_bytes())
    content[int(len(content) * part)] ^= 8
    path.write_bytes(content)


def test_a_damaged_table_is_named_with_what_to_do(made: Settings) -> None:
    with reading(made) as warehouse:
        (block,) = warehouse.execute(
            "SELECT max(block_id) FROM pragma_storage_info('source_lines') WHERE block_id >= 0"
        ).fetchone() or (0,)
    content = bytearray(made.warehouse.read_bytes())
    content[3 * 4096 + block * 262144 + 5000] ^= 8
    made.warehouse.write_bytes(content)
    with (
        pytest.raises(UsageError, match=r"^damaged: table source_lines; restore a copy .* --home"),
        reading(made) as it,
    ):
        it.execute('SELECT sum("key"), sum(n_seen), sum(n_documents) FROM source_lines').fetchall()
    with reading(made) as it:
        assert it.execute("SELECT count(*) FROM runs").fetchone() == (0,)


def test_a_warehouse_that_was_cut_is_damaged_and_not_busy(made: Settings) -> None:
    content = made.warehouse.read_bytes()
    for size in (100, 20_000):
        made.warehouse.write_bytes(content[:size])
        with pytest.raises(UsageError, match=r"^damaged: .*cannot be opened"), reading(made):
            pytest.fail("it was opened")


def test_other_errors_of_the_database_stay_what_they_are(made: Settings) -> None:
    with pytest.raises(duckdb.CatalogException), reading(made) as warehouse:
        warehouse.execute("FROM nowhere")


def killed_after_commit(settings: Settings, sql: str) -> Path:
    """Run `sql` in a process that is killed before its write-ahead log is in the file; return the log."""
    code = "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]); c.execute(sys.argv[2]); os.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", code, str(settings.warehouse), sql], check=False)
    log = settings.warehouse.with_name("copydesk.duckdb.wal")
    assert log.stat().st_size > 0
    return log


def test_a_damaged_write_ahead_log_is_named_to_readers_and_set_aside_by_the_next_run(made: Settings) -> None:
    log = killed_after_commit(
        made, "INSERT INTO entity_changes SELECT 'r', md5(i::VARCHAR), 'b' FROM range(999) AS t(i)"
    )
    flip(log, 0.5)
    with (
        pytest.raises(UsageError, match=r"damaged: .*\.wal, the write-ahead log .* give that command again"),
        reading(made),
    ):
        pytest.fail("it was opened")
    with writing(made) as warehouse:
        assert warehouse.execute("SELECT count(*) FROM entity_changes").fetchone() == (0,)
    assert log.with_name("copydesk.duckdb.wal.damaged").exists()
    with reading(made) as warehouse:
        assert warehouse.execute("SELECT count(*) FROM entity_changes").fetchone() == (0,)


@pytest.mark.parametrize("by", [reading, writing])
def test_a_database_that_is_no_warehouse_of_this_version_is_refused_and_left_alone(
    settings: Settings, by: Callable[[Settings], AbstractContextManager[duckdb.DuckDBPyConnection]]
) -> None:
    settings.home.mkdir()
    with duckdb.connect(settings.warehouse) as connection:
        connection.execute("CREATE TABLE orders (id INT)")
    before = settings.warehouse.read_bytes()
    with (
        pytest.raises(UsageError, match=r"another program, with the tables orders, or choose another --home"),
        by(settings),
    ):
        pytest.fail("it was used")
    assert settings.warehouse.read_bytes() == before


@pytest.mark.parametrize("left", ["nothing in the file", "no tables", "an unfinished new file"])
def test_a_home_whose_first_run_failed_before_its_schema_works(settings: Settings, left: str) -> None:
    settings.home.mkdir()
    if left == "no tables":
        duckdb.connect(settings.warehouse).close()
        with reading(settings) as warehouse:
            assert warehouse.execute("SELECT count(*) FROM articles").fetchone() == (0,)
    else:
        name = "copydesk.duckdb" if left == "nothing in the file" else "copydesk.duckdb.new"
        (settings.home / name).touch()
        with pytest.raises(UsageError, match="no warehouse at"), reading(settings):
            pytest.fail("it was read")
    with writing(settings) as warehouse:
        assert warehouse.execute("SELECT count(*) FROM runs").fetchone() == (0,)
    assert [path.name for path in settings.home.iterdir()] == ["copydesk.duckdb"]


def test_an_emptied_warehouse_of_a_home_with_reports_is_damaged(made: Settings) -> None:
    made.reports.mkdir()
    made.warehouse.write_bytes(b"")
    for by in (reading, writing):
        with pytest.raises(UsageError, match=r"^damaged: "), by(made):
            pytest.fail("it was opened")


def test_nothing_of_one_operating_system_is_imported() -> None:
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert "fcntl" not in imported
