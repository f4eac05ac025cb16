"""The token hashes of known texts, in a SQLite file beside the warehouse: single texts are read without their
neighbours.

DuckDB stores texts in compressed blocks of 2,048: the 4,000 that a batch is compared with are in nearly every block
of a large warehouse. This file has one row per text_key, the hash of the text's words, so a row is never out of date.
The file is a cache of what `documents` holds: it may be deleted at any time and is filled again.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from copydesk.transforms.contract import TOKEN_HASHES, conform

#: Texts that are read at a time. Texts are read and added in the order of the table's index: with a million texts that
#: takes a third less time.
_SLICE = 10_000
#: A page holds some eight texts: of SQLite's default pages of 4,096 bytes a fifth would stay empty. The cache (64 MB)
#: holds all key pages of some million texts; in a smaller one each is written many times in one transaction.
_SCRIPT = """
PRAGMA page_size = 16384;
PRAGMA cache_size = -64000;
CREATE TABLE IF NOT EXISTS words (text_key INTEGER NOT NULL UNIQUE, codes BLOB NOT NULL);
"""


@contextmanager
def open_store(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the store at `path`; make it if the file is missing or is no SQLite database.

    Raises sqlite3.OperationalError when the file is in use or cannot be written.
    """
    connection = sqlite3.connect(path)
    try:
        connection.executescript(_SCRIPT)
    except sqlite3.OperationalError:  # in use, or cannot be written: it must not be removed
        connection.close()
        raise
    except sqlite3.DatabaseError:
        connection.close()
        path.unlink()
        connection = sqlite3.connect(path)
        connection.executescript(_SCRIPT)
    try:
        yield connection
    finally:
        connection.close()


def add_token_hashes(connection: sqlite3.Connection, token_hashes: pl.DataFrame) -> None:
    """Add TOKEN_HASHES; rows of known texts are kept."""
    rows = sorted(zip(_signed(token_hashes["text_key"]), token_hashes["token_hashes"], strict=True))
    with connection:
        connection.executemany("INSERT OR IGNORE INTO words VALUES (?, ?)", rows)


def find_token_hashes(connection: sqlite3.Connection, text_keys: pl.Series) -> Iterator[pl.DataFrame]:
    """Yield the TOKEN_HASHES of those of `text_keys` that are in the store."""
    keys = sorted(_signed(text_keys))
    for begin in range(0, len(keys), _SLICE):
        found = connection.execute(
            "SELECT text_key, codes FROM words WHERE text_key IN (SELECT value FROM json_each(?))",
            [json.dumps(keys[begin : begin + _SLICE])],
        ).fetchall()
        frame = pl.DataFrame(found, schema={"text_key": pl.Int64, "token_hashes": pl.Binary}, orient="row")
        yield conform(frame.with_columns(pl.col("text_key").reinterpret(signed=False)), TOKEN_HASHES)


def _signed(text_keys: pl.Series) -> list[int]:
    """Return keys as signed integers, which SQLite stores."""
    return text_keys.reinterpret(signed=True).to_list()
