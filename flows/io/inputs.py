"""The files that a run reads: paths, folders and globs, local or on any file system that fsspec knows."""

import errno
import os
import re
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from functools import partial
from typing import Any

import polars as pl
from fsspec.core import url_to_fs

from copydesk.flows.errors import UsageError
from copydesk.flows.io.file_uris import is_local, to_path, to_uri
from copydesk.flows.io.local_files import (
    Found,
    Row,
    TooLong,
    enter,
    fault_row,
    list_path,
    may_follow,
    read_file,
    row_of,
    time_of,
    walk,
)
from copydesk.transforms.text.printable import escape_invisible

#: One row: one file; or a folder or link that is not read, with the fault why.
LISTING: dict[str, pl.DataType | type[pl.DataType]] = {
    "uri": pl.String,
    "size": pl.Int64,
    "modified_at": pl.Datetime("us", "UTC"),
    "fault": pl.String,
}
_MAGIC = re.compile(r"[*?\[]")


@dataclass(frozen=True)
class Inputs:
    """The `files` of a run (LISTING, sorted by uri), and a line for each of the `links` that a user should know of."""

    files: pl.DataFrame
    links: tuple[str, ...] = ()


def list_inputs(inputs: list[str], *, follow: bool = True) -> Inputs:
    """Return the files of `inputs`, each once, without hidden ones.

    Links that leave a given folder are named and, unless `follow` is set, not read. Raises UsageError for an input that
    does not exist, cannot be listed, or holds no file.
    """
    rows: list[Row] = []
    links: list[str] = []
    for given in inputs:
        shown = escape_invisible(given)
        try:
            found = _list_local(given, follow=follow) if is_local(given) else _list_remote(given)
        except (OSError, ValueError, ImportError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise UsageError(f"cannot read {shown}: {reason}") from error
        if not found.rows:
            raise UsageError(f"no files under {shown}")
        rows += found.rows
        links += found.links
    files = pl.DataFrame(rows, schema=LISTING, orient="row").unique("uri").sort("uri")
    return Inputs(files, tuple(sorted(set(links))))


def check_exists(given: str) -> None:
    """Raise UsageError for an input that does not exist; a glob may match nothing yet."""
    try:
        there = bool(_MAGIC.search(given)) or _is_there(given)
    except (OSError, ValueError, ImportError) as error:
        raise UsageError(f"cannot read {escape_invisible(given)}: {error}") from error
    if not there:
        raise UsageError(f"cannot read {escape_invisible(given)}: {os.strerror(errno.ENOENT)}")


def _is_there(given: str) -> bool:
    if is_local(given):
        return os.path.exists(to_path(given))
    fs, path = url_to_fs(given)
    return bool(fs.exists(path))


def find_file(uri: str, *, follow: bool = True) -> dict[str, Any]:
    """Return the row of the LISTING for the file at `uri`. Raises OSError; ValueError or ImportError for a file system
    that cannot be reached. Unless `follow` is set, a local file behind a link is a row with a fault.
    """
    if is_local(uri):
        path = to_path(uri)
        row = row_of(path, os.stat(path))
        is_linked = not follow and os.path.realpath(path) != path
        return dict(zip(LISTING, row, strict=True)) | {
            "uri": uri,
            "fault": "unreadable: behind a link, which is not followed" if is_linked else None,
        }
    fs, path = url_to_fs(uri)
    info = fs.info(path)
    return {"uri": uri, "size": int(info["size"] or 0), "modified_at": _modified(info), "fault": None}


def open_file(uri: str, limit: int) -> bytes:
    """Return the content of the file at `uri`. Raises TooLong if it has more than `limit` bytes, whatever the listing
    says; OSError.
    """
    if is_local(uri):
        return read_file(to_path(uri), limit)
    fs, path = url_to_fs(uri)
    with fs.open(path, "rb") as file:
        data = bytes(file.read(limit + 1))
    if len(data) > limit:
        raise TooLong
    return data


def absolute(given: str) -> str:
    """Return an input so that it means the same in another working directory, as :func:`portable` does."""
    return portable(to_path(given) if "://" not in given else given)


def portable(given: str) -> str:
    """Return an input in characters that can be stored and sent: a path whose bytes are not UTF-8 as its URI."""
    return to_uri(to_path(given)) if is_local(given) and not given.isprintable() else given


def source_of(uri: str) -> str:
    """Return the name of the folder that holds the file: the outlet, as people sort their downloads."""
    parts = uri.rstrip("/").split("/")
    return parts[-2] if len(parts) > 1 else ""


def _list_local(given: str, *, follow: bool) -> Found:
    path = to_path(given)
    if not _MAGIC.search(given) or os.path.lexists(path):
        is_folder = os.path.isdir(path)
        found = Found(os.path.realpath(path if is_folder else os.path.dirname(path)), follow)
        if is_folder or not os.path.islink(path) or may_follow(path, found):
            list_path(path, found)
        return found
    top = _MAGIC.split(path)[0].rpartition("/")[0] or "/"
    found = Found(os.path.realpath(top), follow)
    _list_matches(top, path[len(top) :].strip("/").split("/"), found)
    return found


def _list_matches(folder: str, pattern: list[str], found: Found) -> None:
    """Add to `found` what a glob, as a list of the parts between its slashes, matches below `folder`."""
    if "**" in pattern[:1]:
        walk(folder, found, partial(_matches, folder, pattern))
        return
    here, *rest = pattern
    try:
        if not enter(folder, found):
            return
        with os.scandir(folder) as entries:
            matched = [each for each in entries if each.name[0] != "." and fnmatchcase(each.name, here)]
    except NotADirectoryError:
        return
    for entry in sorted(matched, key=lambda each: (each.is_symlink(), each.name)):
        if entry.is_symlink() and not may_follow(entry.path, found):
            continue
        try:
            if rest:
                _list_matches(entry.path, rest, found)
            else:
                list_path(entry.path, found)
        except OSError as error:
            found.rows.append(fault_row(entry.path, error))


def _matches(folder: str, pattern: list[str], path: str) -> bool:
    """Return whether a glob matches `path` below `folder`, or a folder around it."""

    def match(names: list[str], parts: list[str]) -> bool:
        if not parts or parts == ["**"]:
            return True
        if parts[0] == "**":
            return any(match(names[n:], parts[1:]) for n in range(len(names)))
        return bool(names) and fnmatchcase(names[0], parts[0]) and match(names[1:], parts[1:])

    return match(path.removeprefix(folder).strip("/").split("/"), pattern)


def _list_remote(given: str) -> Found:
    fs, path = url_to_fs(given)
    if _MAGIC.search(given) and not fs.exists(path):
        fixed = len(_MAGIC.split(path)[0].rpartition("/")[0])
        entries = [
            entry for entry in fs.glob(path, detail=True).values() if "/." not in entry["name"][fixed:]
        ]
    else:
        entries = [fs.info(path)]
    infos = [info for entry in entries for info in _walk_remote(fs, entry)]
    rows: list[Row] = [
        (fs.unstrip_protocol(info["name"]), int(info["size"] or 0), _modified(info), None) for info in infos
    ]
    return Found("", follow=True, rows=rows)


def _walk_remote(fs: Any, entry: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the file `entry`, or every file below the folder `entry`, hidden ones left out.

    A folder that cannot be listed raises (fsspec's own walk would leave it out below the first level).
    """
    if entry["type"] != "directory":
        return [entry]
    below = [
        child
        for child in fs.ls(entry["name"], detail=True)
        if "/." not in child["name"][len(entry["name"]) :]
    ]
    return [info for child in below for info in _walk_remote(fs, child)]


def _modified(info: dict[str, Any]) -> datetime | None:
    value = info.get("mtime") or info.get("LastModified") or info.get("last_modified") or info.get("updated")
    return (
        time_of(value) if isinstance(value, (int, float)) else value if isinstance(value, datetime) else None
    )
