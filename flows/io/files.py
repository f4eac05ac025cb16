"""Files that appear whole or not at all, and who may read them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: The permissions that the user's own umask takes away, while `private_files` is in force.
_users: list[int] = []


def write_whole(path: Path, text: str) -> Path:
    """Write a text file atomically and flush it to the disk, with its folders; return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".tmp")
    with aside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return aside.replace(path)


@contextmanager
def private_files() -> Iterator[None]:
    """Give files and folders that are made in this block the modes 0600 and 0700, whatever the umask says.

    A home holds the text of all its documents. The umask is the whole process's.
    """
    _users.append(os.umask(0o077))
    try:
        yield
    finally:
        os.umask(_users.pop())


@contextmanager
def exported_files() -> Iterator[None]:
    """Give files that are made in this block, which the user asked for, the modes of the user's own umask."""
    before = os.umask(_users[0]) if _users else None
    try:
        yield
    finally:
        if before is not None:
            os.umask(before)
