"""What the machine refused is told from a fault of copydesk, whichever library reports it."""

import errno
import os
import sqlite3

import duckdb
import polars as pl
import pytest

from copydesk.flows.io.faults import refusal


@pytest.mark.parametrize(
    ("error", "happened"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/h/x"), "the disk is full (/h/x)"),
        (OSError(errno.EDQUOT, os.strerror(errno.EDQUOT)), "the disk quota is used up"),
        (PermissionError(errno.EACCES, "no", b"/h/y"), "permission denied (/h/y)"),
        (OSError("No space left on device (os error 28)"), "the disk is full"),  # Polars
        (pl.exceptions.ComputeError("File too large (os error 27)"), "a file would become larger"),
        (duckdb.TransactionException('Could not write file "x.wal": File too large'), "a file would become"),
        (duckdb.IOException('Cannot open file "x": Read-only file system'), "the file system is read-only"),
        (duckdb.OutOfMemoryException("failed to allocate"), "memory ran out"),
        (sqlite3.OperationalError("database or disk is full"), "the disk is full"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "the file system is read-only"),
        (MemoryError(), "memory ran out"),
        (RuntimeError("can't start new thread"), "memory ran out"),
    ],
)
def test_a_refusal_of_the_machine_is_named(error: Exception, happened: str) -> None:
    found = refusal(error)
    assert found is not None
    assert found[0].startswith(happened)
    assert found[1]


@pytest.mark.parametrize(
    "error",
    [ValueError("the disk is full"), KeyError("x"), FileNotFoundError(errno.ENOENT, "x"), duckdb.Error("x")],
)
def test_a_fault_of_copydesk_is_none(error: Exception) -> None:
    assert refusal(error) is None


def test_the_cause_counts_where_it_was_raised_as_something_else() -> None:
    error = ValueError("no such frame")
    error.__cause__ = OSError(errno.ENOSPC, "full")
    assert refusal(error) == ("the disk is full", "free some space")
