"""Opening the warehouse, and the lock that keeps two runs out of one home."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
from filelock import FileLock, Timeout

from copydesk.flows.errors import Busy, UsageError
from copydesk.flows.settings import Settings
from copydesk.warehouse.index.token_hash_store import open_store
from copydesk.warehouse.schema import connect, migrate


@contextmanager
def run_lock(settings: Settings) -> Iterator[None]:
    """Hold the home for one run. The operating system frees the lock when the process ends, however it ends.

    Raises Busy while another run holds it, UsageError if the home cannot be written.
    """
    lock = FileLock(settings.home / "copydesk.lock", mode=0o600)
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        lock.acquire(blocking=False)
    except Timeout as error:
        raise Busy(f"another run holds {settings.home}; wait for it, or choose another --home") from error
    except OSError as error:
        raise UsageError(f"cannot write to the home {settings.home}: {error.strerror}") from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def writing(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse to write and bring its schema up to date. Raises Busy and UsageError as `reading` does."""
    with _open(settings, read_only=False) as connection:
        migrate(connection)
        yield connection


@contextmanager
def reading(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse to read.

    Raises UsageError if it does not exist or cannot be opened, Busy if another process still has it open after
    `wait_seconds`.
    """
    if not settings.warehouse.exists():
        raise UsageError(f"no warehouse at {settings.warehouse}; load one with: copydesk run INPUT...")
    with _open(settings, read_only=True) as connection:
        yield connection


@contextmanager
def known_words(settings: Settings) -> Iterator[sqlite3.Connection]:
    """Open the file of token hashes of known texts. Raises UsageError if it is damaged or cannot be written."""
    try:
        with open_store(settings.words) as connection:
            yield connection
    except sqlite3.DatabaseError as error:
        raise UsageError(f"{settings.words}: {error}; it is only a cache: delete it and run again") from error


def _open(settings: Settings, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """Open the warehouse, waiting for another process to close it."""
    deadline = time.monotonic() + settings.wait_seconds
    while True:
        try:
            return connect(settings.warehouse, read_only=read_only)
        except duckdb.IOException as error:
            if "lock" not in str(error).lower():
                raise UsageError(f"cannot open {settings.warehouse}: {str(error).splitlines()[0]}") from error
            if time.monotonic() > deadline:
                raise Busy(
                    f"another process has {settings.warehouse} open; close it and try again"
                ) from error
        except duckdb.Error as error:
            raise UsageError(f"cannot open {settings.warehouse}: {str(error).splitlines()[0]}") from error
        time.sleep(0.2)
