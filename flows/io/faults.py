"""What the machine refused, told from a fault of copydesk: a full disk, a read-only folder, no memory left."""

import errno
import os
import sqlite3
from collections.abc import Iterator

import duckdb
import polars as pl

#: What the operating system says, what happened, and what to do about it.
_REFUSALS = {
    errno.ENOSPC: ("the disk is full", "free some space"),
    errno.EDQUOT: ("the disk quota is used up", "free some space"),
    errno.EFBIG: ("a file would become larger than this process may write", "raise ulimit -f"),
    errno.EROFS: ("the file system is read-only", "choose another --home"),
    errno.EACCES: ("permission denied", "check who owns the files of the home"),
    errno.EPERM: ("permission denied", "check who owns the files of the home"),
    errno.EMFILE: ("too many files are open in this process", "raise ulimit -n"),
    errno.ENFILE: ("too many files are open on this machine", "close other programs"),
    errno.EIO: ("the disk cannot be read or written", "check it"),
    errno.ENOMEM: ("memory ran out", "free some, or give a smaller --batch-mb"),
}
#: How libraries say the same; SQLite has words of its own.
_PHRASES = {os.strerror(code).lower(): code for code in _REFUSALS} | {
    "database or disk is full": errno.ENOSPC,
    "attempt to write a readonly database": errno.EROFS,
    "disk i/o error": errno.EIO,
    "out of memory": errno.ENOMEM,
    "can't start new thread": errno.ENOMEM,
    "memory allocation": errno.ENOMEM,
}
_FROM_LIBRARIES = (
    duckdb.Error,
    sqlite3.Error,
    pl.exceptions.PolarsError,
    pl.exceptions.PanicException,
    RuntimeError,
)


def refusal(error: BaseException) -> tuple[str, str] | None:
    """Return what the machine refused and what to do about it, or None for an error that has another cause."""
    for each in _chain(error):
        code, where = _code(each), ""
        if code is None:
            continue
        if isinstance(each, OSError) and each.filename is not None:
            where = f" ({os.fsdecode(each.filename)})"
        happened, remedy = _REFUSALS[code]
        return happened + where, remedy
    return None


def _code(error: BaseException) -> int | None:
    if isinstance(error, MemoryError | duckdb.OutOfMemoryException):
        return errno.ENOMEM
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno if error.errno in _REFUSALS else None
    if isinstance(error, (OSError, *_FROM_LIBRARIES)):  # Polars raises OSError without a number
        said = str(error).lower()
        return next((code for phrase, code in _PHRASES.items() if phrase in said), None)
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Give an error and what it was raised from."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
