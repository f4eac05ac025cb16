"""The files that a run reads: paths, folders and globs, local or on any file system that fsspec knows."""

import errno
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
from fsspec.core import url_to_fs

from copydesk.flows.errors import UsageError

#: One row: one file.
LISTING: dict[str, pl.DataType | type[pl.DataType]] = {
    "uri": pl.String,
    "size": pl.Int64,
    "modified_at": pl.Datetime("us", "UTC"),
}


def list_files(inputs: list[str]) -> pl.DataFrame:
    """Return the LISTING of `inputs`, sorted by uri, each file once, without hidden files.

    Raises UsageError for an input that does not exist, cannot be listed, or holds no file.
    """
    rows = []
    for given in inputs:
        try:
            found = _expand(given)
        except (OSError, ValueError, ImportError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise UsageError(f"cannot read {given}: {reason}") from error
        if not found:
            raise UsageError(f"no files under {given}")
        rows += found
    return pl.DataFrame(rows, schema=LISTING, orient="row").unique("uri").sort("uri")


def check_exists(given: str) -> None:
    """Raise UsageError for an input that does not exist; a glob may match nothing yet."""
    try:
        fs, path = url_to_fs(given)
        there = any(mark in given for mark in "*?[") or fs.exists(path)
    except (OSError, ValueError, ImportError) as error:
        raise UsageError(f"cannot read {given}: {error}") from error
    if not there:
        raise UsageError(f"cannot read {given}: {os.strerror(errno.ENOENT)}")


def find_file(uri: str) -> dict[str, Any]:
    """Return the row of the LISTING for the file at `uri`. Raises OSError; ValueError or ImportError for a file system
    that cannot be reached.
    """
    fs, path = url_to_fs(uri)
    info = fs.info(path)
    return {"uri": uri, "size": int(info["size"] or 0), "modified_at": _modified(info)}


def open_file(uri: str) -> bytes:
    """Return the content of the file at `uri`. Raises OSError."""
    fs, path = url_to_fs(uri)
    return bytes(fs.cat_file(path))


def absolute(given: str) -> str:
    """Return an input so that it means the same in another working directory."""
    return given if "://" in given else str(Path(given).expanduser().absolute())


def source_of(uri: str) -> str:
    """Return the name of the folder that holds the file: the outlet, as people sort their downloads."""
    parts = uri.rstrip("/").split("/")
    return parts[-2] if len(parts) > 1 else ""


def _expand(given: str) -> list[tuple[str, int, datetime | None]]:
    fs, path = url_to_fs(given)
    if any(mark in given for mark in "*?[") and not fs.exists(path):
        fixed = len(re.split(r"[*?\[]", path)[0].rpartition("/")[0])
        found = [entry for entry in fs.glob(path, detail=True).values() if "/." not in entry["name"][fixed:]]
        infos = [info for entry in found for info in _walk(fs, entry)]
    else:
        infos = _walk(fs, fs.info(path))
    return [(fs.unstrip_protocol(info["name"]), int(info["size"] or 0), _modified(info)) for info in infos]


def _walk(fs: Any, entry: dict[str, Any]) -> list[dict[str, Any]]:
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
    return [info for child in below for info in _walk(fs, child)]


def _modified(info: dict[str, Any]) -> datetime | None:
    value = info.get("mtime") or info.get("LastModified") or info.get("last_modified") or info.get("updated")
    if isinstance(value, (int, float)):
        return datetime.fromtimestamp(value, UTC)
    return value if isinstance(value, datetime) else None
