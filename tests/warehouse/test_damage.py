"""Damage to the database file: its errors are told from others, and the tables are named."""

from pathlib import Path

import duckdb
import pytest

from copydesk.warehouse.damage import is_damage, is_wal_damage, unreadable_tables
from copydesk.warehouse.schema import connect, migrate

BLOCK = 262_144
HEADERS = 3 * 4096


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "w.duckdb"
    with connect(path) as connection:
        migrate(connection)
        connection.execute(
            "INSERT INTO source_lines SELECT 'outlet', hash(i), i, i FROM range(200000) AS t(i)"
        )
        connection.execute(
            "INSERT INTO edits SELECT md5(i::VARCHAR), i, i, md5((-i)::VARCHAR), '', 1, NULL FROM range(50000) AS t(i)"
        )
    return path


def flip_block(path: Path, table: str) -> None:
    with duckdb.connect(path, read_only=True) as connection:
        query = f"SELECT max(block_id) FROM pragma_storage_info('{table}') WHERE block_id >= 0"
        (block,) = connection.execute(query).fetchone() or (0,)
    content = bytearray(path.read_bytes())
    content[HEADERS + block * BLOCK + 999] ^= 1
    path.write_bytes(content)


def test_every_unreadable_table_is_named(file: Path) -> None:
    def open_file() -> duckdb.DuckDBPyConnection:
        return connect(file, read_only=True)

    assert unreadable_tables(open_file) == []
    flip_block(file, "source_lines")
    assert unreadable_tables(open_file) == ["source_lines"]
    flip_block(file, "edits")
    assert unreadable_tables(open_file) == ["edits", "source_lines"]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (
            duckdb.IOException(
                "Corrupt database file: computed checksum 1 does not match in block at location 2"
            ),
            True,
        ),
        (duckdb.IOException('Could not read enough bytes from file "f": attempted to read 3996 bytes'), True),
        (duckdb.IOException('The file "f" exists, but it is not a valid DuckDB database file!'), True),
        (duckdb.FatalException("database has been invalidated because of a previous fatal error"), True),
        (duckdb.Error('Failure while replaying WAL file "f.wal": unordered_map::at'), True),
        (
            duckdb.IOException('Could not set lock on file "f": Conflicting lock is held in python (PID 7)'),
            False,
        ),
        (duckdb.IOException("Could not write file: No space left on device"), False),
        (duckdb.CatalogException("Table with name block does not exist"), False),
    ],
)
def test_damage_is_told_from_other_errors(error: duckdb.Error, expected: bool) -> None:
    assert is_damage(error) is expected
    assert is_wal_damage(error) is ("WAL" in str(error))
