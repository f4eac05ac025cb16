"""A damaged, foreign, newer, older or unfinished warehouse: named with what to do, or brought up to date."""

import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import duckdb
import pytest

from copydesk.flows.errors import UsageError
from copydesk.flows.io.warehouse import reading, writing
from copydesk.flows.settings import Settings, read_settings
from copydesk.warehouse import schema
from copydesk.warehouse.digests import changed_tables
from tests.damage import flip


@pytest.fixture
def settings(home: Path) -> Settings:
    return read_settings(home=home, wait_seconds=0.3)


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
    flip(log, 0.5, bit=8)
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


def test_a_warehouse_of_a_newer_version_is_refused(made: Settings) -> None:
    with duckdb.connect(made.warehouse) as connection:
        connection.execute("INSERT INTO schema_migrations VALUES (99, '0099_future', now())")
    for by in (reading, writing):
        with pytest.raises(UsageError, match=r"cannot use .*newer version .*update copydesk"), by(made):
            pytest.fail("it was used")


def test_a_warehouse_of_an_earlier_version_is_brought_up_to_date_by_reading_it(settings: Settings) -> None:
    settings.home.mkdir()
    with schema.connect(settings.warehouse) as connection:
        for file in sorted((schema.HERE / "migrations").glob("*.sql"))[:11]:
            connection.execute(file.read_text())
            connection.execute(
                "INSERT INTO schema_migrations VALUES (?, ?, now())", [int(file.stem[:4]), file.stem]
            )
        connection.execute("INSERT INTO stages VALUES ('r', 'load', 3, 3, 0, 0.5)")
    with reading(settings) as warehouse:
        assert warehouse.execute("SELECT run_id, table_name, n_rows FROM run_digests").fetchall() == [
            ("upgrade", "stages", 1)
        ]
        assert changed_tables(warehouse) == []
