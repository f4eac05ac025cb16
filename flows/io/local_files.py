"""Local files: listing them without being led astray by links, and reading regular files only.

Nothing is opened while listing. Reading looks at what was opened, not at what the listing said: what is no regular file
is refused, and so is one that changes meanwhile.
"""

import errno
import heapq
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from copydesk.flows.io.file_uris import to_uri
from copydesk.transforms.text.printable import escape_invisible

#: uri, size, modified_at, fault: a row of copydesk.flows.io.inputs.LISTING.
type Row = tuple[str, int, datetime | None, str | None]

_KINDS = {
    stat.S_IFIFO: "a FIFO",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFDIR: "a folder",
}


class TooLong(Exception):
    """A file has more bytes than may be read."""


@dataclass
class Found:
    """What listing found: the rows of files, and one line for each link that leaves the given folder or returns to it.

    `boundary` is the real path of the given folder. Unless `follow` is set, links that leave it become rows with a
    fault. `seen` are the folders that were listed, by device and inode.
    """

    boundary: str
    follow: bool
    rows: list[Row] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    seen: set[tuple[int, int]] = field(default_factory=set)


def list_path(path: str, found: Found) -> None:
    """Add the file at `path`, or every file below the folder `path`, to `found`; hidden ones are left out.

    Raises OSError if `path` itself does not exist or cannot be listed.
    """
    status = os.stat(path)
    if stat.S_ISDIR(status.st_mode):
        walk(path, found)
    else:
        found.rows.append(row_of(path, status))


def walk(top: str, found: Found, wanted: Callable[[str], bool] = lambda _: True) -> None:
    """Add the `wanted` files below the folder `top`, judged by their paths, to `found`; hidden ones are left out.

    Each folder is listed once: real folders first, then those that links lead to, so loops end. A folder that cannot
    be listed is a row with its fault. Raises OSError if that is `top`.
    """
    folders, linked = [top], list[str]()
    while folders or linked:
        folder = folders.pop() if folders else heapq.heappop(linked)
        try:
            if not enter(folder, found):
                continue
            with os.scandir(folder) as entries:
                shown = [entry for entry in entries if not entry.name.startswith(".")]
        except OSError as error:
            if folder == top:
                raise
            found.rows.append(fault_row(folder, error))
            continue
        for entry in shown:
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
            elif entry.is_symlink() and _is_folder(entry):
                if may_follow(entry.path, found):
                    heapq.heappush(linked, entry.path)
            elif wanted(entry.path) and (not entry.is_symlink() or may_follow(entry.path, found)):
                found.rows.append(row_of(entry.path, _status(entry)))


def enter(folder: str, found: Found) -> bool:
    """Return whether `folder` is listed for the first time, and note it in `found` if not. Raises OSError."""
    status = os.stat(folder)
    key = (status.st_dev, status.st_ino)
    if key in found.seen:
        found.links.append(f"{_shown(folder)} leads to a folder that is read already")
        return False
    found.seen.add(key)
    return True


def may_follow(link: str, found: Found) -> bool:
    """Return whether `link` is to be followed, and note it in `found` if it leaves the boundary."""
    target = os.path.realpath(link)
    if target == found.boundary or target.startswith(found.boundary.rstrip("/") + "/"):
        return True
    found.links.append(f"{_shown(link)} leads out of the given folder, to {_shown(target)}")
    if not found.follow:
        reason = f"unreadable: a link out of the given folder, to {_shown(target)}"
        found.rows.append((to_uri(link), 0, None, reason))
    return found.follow


def row_of(path: str, status: os.stat_result | None) -> Row:
    """Return the row of the file at `path`; what is no regular file, or has vanished, has the size 0."""
    is_file = status is not None and stat.S_ISREG(status.st_mode)
    return (
        to_uri(path),
        status.st_size if status is not None and is_file else 0,
        time_of(status.st_mtime) if status is not None else None,
        None,
    )


def fault_row(path: str, error: OSError) -> Row:
    """Return the row of a file or folder that could not be looked at."""
    return to_uri(path), 0, None, f"unreadable: {error.strerror or error}"


def time_of(seconds: float) -> datetime | None:
    """Return a time of the file system in UTC; None for one that no calendar has."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def read_file(path: str, limit: int) -> bytes:
    """Return the content of the regular file at `path`.

    Raises TooLong if it has more than `limit` bytes now, and OSError if it cannot be opened, is no regular file, or is
    not as long as the file system says (it changed meanwhile, or the kernel makes it up, as in /proc).
    """
    _refuse_special(os.stat(path))  # opening a device may already do something
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:
        before = os.fstat(descriptor)
        _refuse_special(before)
        if before.st_size > limit:
            raise TooLong
        data = file.read(before.st_size + 1)
        after = os.fstat(descriptor)
    if (len(data), before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise OSError(errno.EIO, "it changed while it was read, or is no file of a disk")
    return data


def _refuse_special(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        kind = _KINDS.get(stat.S_IFMT(status.st_mode), "of an unknown kind")
        raise OSError(errno.EINVAL, f"not a regular file but {kind}")


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself, or through a folder that may not be entered
        return False


def _status(entry: os.DirEntry[str]) -> os.stat_result | None:
    try:
        return entry.stat()
    except OSError:  # it has vanished, or its link leads nowhere: reading it will say so
        return None


def _shown(path: str) -> str:
    return escape_invisible(to_uri(path).removeprefix("file://"))
