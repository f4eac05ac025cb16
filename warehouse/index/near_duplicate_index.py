"""The near-duplicate index, sorted, in files beside the warehouse: a batch finds what it needs without reading it all.

A part has the documents of `signatures` from one rowid up to another: their entries as 64-bit numbers, themselves as
an Arrow file; both are mapped into memory. The files hold nothing that `signatures` does not hold, may be deleted at
any time, and are made anew. The name of a part says which documents it was made of, and it is thrown away where the
warehouse has others.
"""

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa

from copydesk.transforms.arrays import Hashes
from copydesk.transforms.contract import SIGNATURES, conform
from copydesk.transforms.dedupe.index_lookup import Segment, merge_segments, to_segment

#: Part of every name: to be raised when parts are made in another way.
_FORMAT = 1
_DOCUMENTS, _ENTRIES = "documents.arrow", "entries"
#: Closes the entries: no document has such a number.
_LAST = np.uint64(2**64 - 1)
_NO_END = 1 << 62
#: Documents that are sorted at a time.
_STEP = 200_000
#: A part is merged with those behind it unless it has that many times as many documents as they. So there are few parts
#: (at most seven at a million documents that came by the ten thousand), and each entry is written as many times.
_TIMES = 2


@dataclass(frozen=True)
class _Stored:
    """A part that is stored: its documents have the rowids from `first` to `end`."""

    folder: Path
    first: int
    end: int
    content: Segment


def open_index(connection: duckdb.DuckDBPyConnection, folder: Path) -> list[Segment]:
    """Return the index, in parts: those that :func:`keep_index` left there in this run, and one of what is in none."""
    parts = _stored(folder)
    return [*(part.content for part in parts), to_segment(_signatures(connection, _end(parts), _NO_END))]


def write_index(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Bring the files of `folder` up to date with the warehouse. One process at a time may do so."""
    folder.mkdir(exist_ok=True)
    parts: list[_Stored] = []
    for part in _stored(folder):
        if part.folder.name != _name(connection, part.first, part.end):
            break
        parts.append(part)
    (last,) = connection.execute("SELECT coalesce(max(rowid) + 1, 0) FROM signatures").fetchone() or (0,)
    for begin in range(_end(parts), last, _STEP):
        first, end = begin, min(begin + _STEP, last)
        joined = [to_segment(_signatures(connection, first, end))]
        while parts and len(parts[-1].content.documents) < _TIMES * sum(
            len(part.documents) for part in joined
        ):
            first = parts[-1].first
            joined.insert(0, parts.pop().content)
        parts.append(_store(folder / _name(connection, first, end), *merge_segments(joined)))
    for path in set(folder.iterdir()) - {part.folder for part in parts}:
        shutil.rmtree(path, ignore_errors=True)


def _stored(folder: Path) -> list[_Stored]:
    """Return the parts that follow each other from the first document on. Where a run was killed there may be one and
    those that it was merged from: then the longest counts.
    """
    found: list[_Stored] = []
    whole = filter(None, map(_read, folder.glob(f"{_FORMAT}-*-*-*")))
    for part in sorted(whole, key=lambda part: (part.first, -part.end)):
        if part.first == _end(found):
            found.append(part)
    return found


def _end(parts: list[_Stored]) -> int:
    return parts[-1].end if parts else 0


def _read(folder: Path) -> _Stored | None:
    """Return the part in `folder`, None where it is not whole."""
    _, first, end, _ = folder.name.split("-")
    try:
        with pa.memory_map(str(folder / _DOCUMENTS)) as file:
            documents = pl.DataFrame(pa.ipc.open_file(file).read_all())
        entries = np.asarray(np.memmap(folder / _ENTRIES, "<u8", "r"))
    except (OSError, ValueError):
        return None
    if entries[-1] != _LAST:
        return None
    return _Stored(folder, int(first), int(end), Segment(documents, entries[:-1]))


def _store(folder: Path, documents: pl.DataFrame, entries: Iterable[Hashes]) -> _Stored:
    """Store a part; under its name there is never but a whole one."""
    unfinished = folder.with_name("unfinished")
    for path in (unfinished, folder):
        shutil.rmtree(path, ignore_errors=True)
    unfinished.mkdir()
    with (unfinished / _DOCUMENTS).open("wb") as file:
        documents.write_ipc(file, compression="uncompressed", record_batch_size=max(1, len(documents)))
        os.fsync(file.fileno())
    with (unfinished / _ENTRIES).open("wb") as file:
        for stretch in chain(entries, [np.array([_LAST])]):
            file.write(stretch.data)
        file.flush()
        os.fsync(file.fileno())
    stored = _read(unfinished.rename(folder))
    if stored is None:
        raise OSError(f"{folder} cannot be read")
    return stored


def _name(connection: duckdb.DuckDBPyConnection, first: int, end: int) -> str:
    """Return the name of the part of the documents of `signatures` from rowid `first` to `end`."""
    (found,) = connection.execute(
        "SELECT bit_xor(hash(rowid, doc_id, text_key)) FROM signatures WHERE rowid >= ? AND rowid < ?",
        [first, end],
    ).fetchone() or (None,)
    return f"{_FORMAT}-{first:010}-{end:010}-{found or 0:016x}"


def _signatures(connection: duckdb.DuckDBPyConnection, first: int, end: int) -> pl.DataFrame:
    query = "SELECT * FROM signatures WHERE rowid >= ? AND rowid < ?"
    return conform(connection.execute(query, [first, end]).pl(), SIGNATURES)
