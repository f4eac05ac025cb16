"""The token hashes of known texts, in a SQLite file beside the warehouse: single texts are read without their
neighbours.

DuckDB stores texts in compressed blocks of 2,048: the 4,000 that a batch is compared with are in nearly every block
of a large warehouse. This file has one row per text_key, the hash of the text's words, so a row is never out of date.
The file is a cache of what `documents` holds and is never trusted: each row has a checksum, a row that does not match
it is read from the warehouse again, and a file that cannot be read is made again.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from zlib import crc32

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
DROP TABLE IF EXISTS words;
CREATE TABLE IF NOT EXISTS token_hashes (text_key INTEGER NOT NULL UNIQUE, codes BLOB NOT NULL, sum INTEGER NOT NULL);
"""
#: What is no fault of the file's content: it must not be removed.
_NOT_DAMAGE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_NOMEM,
}


class TokenHashStore:
    """The open store at `path`.

    Every method raises sqlite3.DatabaseError when the file is in use or cannot be read or written; a file with damaged
    content is emptied instead.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = self._open()

    def add(self, token_hashes: pl.DataFrame) -> None:
        """Add TOKEN_HASHES; rows of known texts are kept."""
        keys = _signed(token_hashes["text_key"])
        rows = sorted(
            (key, codes, _sum(key, codes))
            for key, codes in zip(keys, token_hashes["token_hashes"], strict=True)
        )
        try:
            self._insert(rows)
        except sqlite3.DatabaseError as error:
            self._make_again(error)
            self._insert(rows)

    def find(self, text_keys: pl.Series) -> Iterator[pl.DataFrame]:
        """Yield the TOKEN_HASHES of those of `text_keys` that are in the store, undamaged."""
        keys = sorted(_signed(text_keys))
        for begin in range(0, len(keys), _SLICE):
            rows = self._select(json.dumps(keys[begin : begin + _SLICE]))
            frame = pl.DataFrame(rows, schema={"text_key": pl.Int64, "token_hashes": pl.Binary}, orient="row")
            yield conform(frame.with_columns(pl.col("text_key").reinterpret(signed=False)), TOKEN_HASHES)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _insert(self, rows: list[tuple[int, bytes, int]]) -> None:
        with self._connection:
            self._connection.executemany("INSERT OR IGNORE INTO token_hashes VALUES (?, ?, ?)", rows)

    def _select(self, keys: str) -> list[tuple[int, bytes]]:
        """Return the rows with one of `keys`, a JSON list; delete those that do not match their checksums."""
        query = (
            "SELECT text_key, codes, sum FROM token_hashes WHERE text_key IN (SELECT value FROM json_each(?))"
        )
        sound, wrong = [], []
        try:
            # A loop over rows: each has its own checksum, computed in C.
            for key, codes, total in self._connection.execute(query, [keys]).fetchall():
                if isinstance(codes, bytes) and total == _sum(key, codes):
                    sound.append((key, codes))
                else:
                    wrong.append((key,))
            if wrong:
                with self._connection:
                    self._connection.executemany("DELETE FROM token_hashes WHERE text_key = ?", wrong)
        except sqlite3.DatabaseError as error:
            self._make_again(error)
            return []
        return sound

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path)
        connection.text_factory = bytes  # an altered cell may be no text
        try:
            connection.executescript(_SCRIPT)
            connection.execute("SELECT text_key, codes, sum FROM token_hashes LIMIT 1").fetchall()
        except sqlite3.DatabaseError as error:
            connection.close()
            if not _is_damage(error):
                raise
            return self._open_new()
        return connection

    def _open_new(self) -> sqlite3.Connection:
        for path in (self._path, self._path.with_name(f"{self._path.name}-journal")):
            with suppress(FileNotFoundError):
                path.unlink()
        connection = sqlite3.connect(self._path)
        connection.text_factory = bytes
        connection.executescript(_SCRIPT)
        return connection

    def _make_again(self, error: sqlite3.DatabaseError) -> None:
        if not _is_damage(error):
            raise error
        self._connection.close()
        self._connection = self._open_new()


@contextmanager
def open_store(path: Path) -> Iterator[TokenHashStore]:
    """Open the store at `path`; make it if the file is missing or damaged.

    Raises sqlite3.DatabaseError when the file is in use or cannot be read or written.
    """
    store = TokenHashStore(path)
    try:
        yield store
    finally:
        store.close()


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    return (getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF) not in _NOT_DAMAGE


def _sum(key: int, codes: bytes) -> int:
    return crc32(codes, key & 0xFFFFFFFF)


def _signed(text_keys: pl.Series) -> list[int]:
    """Return keys as signed integers, which SQLite stores."""
    return text_keys.reinterpret(signed=True).to_list()
