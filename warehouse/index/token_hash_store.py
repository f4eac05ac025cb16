"""The words of known texts, in a file beside the warehouse: a few texts can be read there without their neighbours.

DuckDB keeps texts in compressed blocks of 2,048: the 4,000 that a batch has to be compared with stand in nearly every
block of a large warehouse. Here each stands under its text_key, which is the hash of its words: a row can never be
out of date. The file holds nothing that `documents` does not hold, may be deleted at any time, and fills again.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from copydesk.transforms.contract import TOKEN_HASHES, conform

#: Texts that are read at a time. Texts are asked for, and kept, in the order of the table's index: with a million texts
#: that takes a third less.
_SLICE = 10_000
#: Pages that hold eight texts or so: in SQLite's usual ones of 4,096 bytes a fifth stays empty. Room (64 MB) for all
#: pages of keys of some million texts: else each is written many times in one transaction.
_SCRIPT = """
PRAGMA page_size = 16384;
PRAGMA cache_size = -64000;
CREATE TABLE IF NOT EXISTS words (text_key INTEGER NOT NULL UNIQUE, codes BLOB NOT NULL);
"""


@contextmanager
def open_store(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the file at `path`, a new one where there is none or another file stands in its place."""
    connection = sqlite3.connect(path)
    try:
        connection.executescript(_SCRIPT)
    except sqlite3.OperationalError:  # it is in use, or cannot be written: not ours to remove
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


def add_token_hashes(connection: sqlite3.Connection, codes: pl.DataFrame) -> None:
    """Add CODES; what is there stays."""
    rows = sorted(zip(_signed(codes["text_key"]), codes["codes"], strict=True))
    with connection:
        connection.executemany("INSERT OR IGNORE INTO words VALUES (?, ?)", rows)


def find_token_hashes(connection: sqlite3.Connection, text_keys: pl.Series) -> Iterator[pl.DataFrame]:
    """Yield the CODES of those of `text_keys` that are kept."""
    keys = sorted(_signed(text_keys))
    for begin in range(0, len(keys), _SLICE):
        found = connection.execute(
            "SELECT text_key, codes FROM words WHERE text_key IN (SELECT value FROM json_each(?))",
            [json.dumps(keys[begin : begin + _SLICE])],
        ).fetchall()
        frame = pl.DataFrame(found, schema={"text_key": pl.Int64, "codes": pl.Binary}, orient="row")
        yield conform(frame.with_columns(pl.col("text_key").reinterpret(signed=False)), TOKEN_HASHES)


def _signed(text_keys: pl.Series) -> list[int]:
    """Return keys as SQLite's integers, which have a sign."""
    return text_keys.reinterpret(signed=True).to_list()
