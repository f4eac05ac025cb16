"""Opening the warehouse, and the lock that keeps two runs out of one home."""

import os
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from copydesk.flows.errors import Busy, UsageError
from copydesk.flows.io.faults import refusal
from copydesk.flows.settings import Settings
from copydesk.warehouse.damage import is_damage, is_wal_damage, unreadable_tables
from copydesk.warehouse.index.token_hash_store import TokenHashStore, open_store
from copydesk.warehouse.schema import UnusableWarehouse, connect, is_current, migrate

#: What DuckDB says when another process has the file open, with its id.
_HELD = re.compile(r"Conflicting lock is held in (?P<program>.*?)\s*\(PID (?P<pid>\d+)\)")
_RESTORE = "restore a copy of the file, or run the inputs again with another --home"


@contextmanager
def run_lock(settings: Settings) -> Iterator[None]:
    """Hold the home for one run. The operating system frees the lock when the process ends, however it ends.

    Raises Busy while another run holds it, UsageError if the home cannot be written.
    """
    lock = FileLock(settings.home / "copydesk.lock", mode=0o600)
    holder = settings.home / "copydesk.pid"
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        lock.acquire(blocking=False)
        holder.write_text(str(os.getpid()), encoding="ascii")
    except Timeout as error:
        raise Busy(
            f"another run holds {settings.home}{_process_in(holder)}; wait for it, or choose another --home"
        ) from error
    except OSError as error:
        lock.release()
        raise UsageError(f"cannot write to the home {settings.home}: {error.strerror}") from error
    try:
        yield
    finally:
        with suppress(OSError):
            holder.unlink()
        lock.release()


@contextmanager
def writing(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse to write, bring its schema up to date, and make it if there is none.

    Only the process that holds the run lock may call this: a write-ahead log that cannot be applied is set aside, for
    the command that was killed is resumed or given again. Raises Busy and UsageError as `reading` does.
    """
    if _is_missing(settings):
        _make(settings)
    try:
        opened = _open(settings, read_only=False)
    except _DamagedLog:
        log = _log_of(settings.warehouse)
        log.replace(log.with_name(f"{log.name}.damaged"))
        opened = _open(settings, read_only=False)
    with _damage_named(settings), opened as connection:
        migrate(connection)
        yield connection


@contextmanager
def reading(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse to read; one of an earlier version is brought up to date first.

    Raises UsageError if it does not exist, cannot be opened or turns out to be damaged, Busy if another process still
    has it open after `wait_seconds`.
    """
    if _is_missing(settings):
        raise UsageError(f"no warehouse at {settings.warehouse}; load one with: copydesk run INPUT...")
    with _damage_named(settings), _open(settings, read_only=True) as connection:
        current = is_current(connection)
        if current:
            yield connection
    if not current:
        with _damage_named(settings), _open(settings, read_only=False) as connection:
            migrate(connection)
        with _damage_named(settings), _open(settings, read_only=True) as connection:
            yield connection


@contextmanager
def known_words(settings: Settings) -> Iterator[TokenHashStore]:
    """Open the file of token hashes of known texts. Raises UsageError if it is in use or cannot be read or written."""
    try:
        with open_store(settings.words) as store:
            yield store
    except sqlite3.DatabaseError as error:
        raise UsageError(f"{settings.words}: {error}; it is only a cache: delete it and run again") from error


class _DamagedLog(UsageError):
    """The write-ahead log cannot be applied."""


def _open(settings: Settings, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """Open the warehouse, waiting for another process to close it."""
    deadline = time.monotonic() + settings.wait_seconds
    while True:
        try:
            return _connect(settings, read_only=read_only)
        except duckdb.Error as error:
            if (held := _HELD.search(str(error))) is None:
                raise _not_opened(settings, error) from error
            if time.monotonic() > deadline:
                raise Busy(
                    f"another process (PID {held['pid']}, {Path(held['program']).name}) has {settings.warehouse} "
                    "open; close it and try again"
                ) from error
        time.sleep(0.2)


def _connect(settings: Settings, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    connection = connect(settings.warehouse, read_only=read_only)
    try:
        is_current(connection)
    except UnusableWarehouse as error:
        connection.close()
        raise UsageError(f"cannot use {settings.warehouse}: {error}, or choose another --home") from error
    except BaseException:
        connection.close()
        raise
    return connection


def _not_opened(settings: Settings, error: duckdb.Error) -> UsageError:
    said = str(error).splitlines()[0]
    if is_wal_damage(error):
        return _DamagedLog(
            f"damaged: {_log_of(settings.warehouse)}, the write-ahead log of a command that was killed; give that "
            f"command again, it starts from the state before ({said})"
        )
    if is_damage(error):
        return UsageError(
            f"damaged: {settings.warehouse} cannot be opened: it is no DuckDB database, or no longer one; "
            f"{_RESTORE} ({said})"
        )
    return UsageError(f"cannot open {settings.warehouse}: {said}")


@contextmanager
def _damage_named(settings: Settings) -> Iterator[None]:
    """Raise UsageError that names the damaged table when the block fails because the file is damaged."""
    try:
        yield
    except duckdb.Error as error:
        if not is_damage(error) or refusal(error) is not None:  # a full disk is no damage
            raise
        said = str(error).splitlines()[0]
    else:
        return
    try:
        tables = unreadable_tables(lambda: connect(settings.warehouse, read_only=True))
    except duckdb.Error:
        tables = []
    where = f"table {', '.join(tables)}" if tables else str(settings.warehouse)
    raise UsageError(f"damaged: {where}; {_RESTORE} ({said})")


def _is_missing(settings: Settings) -> bool:
    """Return whether there is no warehouse, or only the empty file of a first run that failed at once."""
    try:
        return settings.warehouse.stat().st_size == 0 and not settings.reports.exists()
    except FileNotFoundError:
        return True
    except OSError:
        return False


def _make(settings: Settings) -> None:
    """Make an empty warehouse under another name, then rename it: it has its tables as soon as it is there."""
    aside = settings.warehouse.with_name(f"{settings.warehouse.name}.new")
    for left in (aside, _log_of(aside), _log_of(settings.warehouse)):
        left.unlink(missing_ok=True)
    with connect(aside) as connection:
        migrate(connection)
    aside.replace(settings.warehouse)


def _log_of(warehouse: Path) -> Path:
    return warehouse.with_name(f"{warehouse.name}.wal")


def _process_in(holder: Path) -> str:
    try:
        return f" (PID {int(holder.read_text(encoding='ascii'))})"
    except (OSError, ValueError):
        return ""
