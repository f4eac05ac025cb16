"""The near-duplicate index in sorted files beside the warehouse: a batch finds its buckets without reading all of it.

A log-structured inverted index. A segment has the documents of `signatures` between two rowids: their postings as
64-bit numbers, and themselves as an Arrow file; both are memory-mapped. The files are a cache of `signatures`: they
may be deleted at any time and are written again. The name of a segment has a hash of its documents, and a segment
whose documents differ from those of the warehouse is deleted. So is one whose files do not have the checksum that was
written with them: :func:`write_index` reads all files for that (zlib.crc32 of 200 MB in memory: 0.03 CPU-seconds).
"""

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from zlib import crc32

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa

from copydesk.transforms.arrays import Hashes
from copydesk.transforms.contract import SIGNATURES, conform
from copydesk.transforms.dedupe.index_lookup import Segment, merge_segments, to_segment

#: Part of every name: raise it when the files change.
_FORMAT = 2
_DOCUMENTS, _POSTINGS, _CHECKSUM = "documents.arrow", "entries", "checksum"
#: Closes the postings: no document has such a number.
_LAST = np.uint64(2**64 - 1)
_NO_END = 1 << 62
#: Documents that are sorted at a time: bounds the memory.
_STEP = 200_000
#: Bytes that are read at a time for a checksum.
_BLOCK = 1 << 20
#: A segment is merged with the later ones unless it has at least that many times as many documents. So there are few
#: segments (at most seven for a million documents in runs of ten thousand), and each posting is written as many times.
_TIMES = 2


@dataclass(frozen=True)
class _StoredSegment:
    """A segment in a folder: its documents have the rowids from `first` to `end`."""

    folder: Path
    first: int
    end: int
    content: Segment


def open_index(connection: duckdb.DuckDBPyConnection, folder: Path) -> list[Segment]:
    """Return the segments that :func:`write_index` wrote to `folder` in this run, and one of the documents in none."""
    segments = _stored(folder)
    return [
        *(segment.content for segment in segments),
        to_segment(_signatures(connection, _end(segments), _NO_END)),
    ]


def write_index(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Bring the files of `folder` up to date with the warehouse.

    Only one process at a time may call this. Raises OSError when a file cannot be written.
    """
    if folder.exists() and not folder.is_dir():
        folder.unlink()
    folder.mkdir(exist_ok=True)
    for path in folder.glob(f"{_FORMAT}-*"):
        if not _is_sound(path):
            shutil.rmtree(path, ignore_errors=True)
    segments: list[_StoredSegment] = []
    for segment in _stored(folder):
        if segment.folder.name != _name(connection, segment.first, segment.end):
            break
        segments.append(segment)
    (last,) = connection.execute("SELECT coalesce(max(rowid) + 1, 0) FROM signatures").fetchone() or (0,)
    for begin in range(_end(segments), last, _STEP):
        first, end = begin, min(begin + _STEP, last)
        joined = [to_segment(_signatures(connection, first, end))]
        while segments and len(segments[-1].content.documents) < _TIMES * sum(
            len(segment.documents) for segment in joined
        ):
            first = segments[-1].first
            joined.insert(0, segments.pop().content)
        segments.append(_store(folder / _name(connection, first, end), *merge_segments(joined)))
    for path in set(folder.iterdir()) - {segment.folder for segment in segments}:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()


def _stored(folder: Path) -> list[_StoredSegment]:
    """Return the segments that follow each other from the first document on.

    After a killed run a merged segment may be there together with those that it was made from: the longest is returned.
    """
    found: list[_StoredSegment] = []
    whole = filter(None, map(_read, folder.glob(f"{_FORMAT}-*-*-*")))
    for segment in sorted(whole, key=lambda segment: (segment.first, -segment.end)):
        if segment.first == _end(found):
            found.append(segment)
    return found


def _end(segments: list[_StoredSegment]) -> int:
    return segments[-1].end if segments else 0


def _read(folder: Path) -> _StoredSegment | None:
    """Return the segment in `folder`, None if it is incomplete."""
    _, first, end, _ = folder.name.split("-")
    try:
        with pa.memory_map(str(folder / _DOCUMENTS)) as file:
            documents = pl.DataFrame(pa.ipc.open_file(file).read_all())
        postings = np.asarray(np.memmap(folder / _POSTINGS, "<u8", "r"))
    except (OSError, ValueError):
        return None
    if postings[-1] != _LAST:
        return None
    return _StoredSegment(folder, int(first), int(end), Segment(documents, postings[:-1]))


def _store(folder: Path, documents: pl.DataFrame, postings: Iterable[Hashes]) -> _StoredSegment:
    """Write a segment aside, then rename it: under its final name a segment is always complete."""
    unfinished = folder.with_name("unfinished")
    for path in (unfinished, folder):
        shutil.rmtree(path, ignore_errors=True)
    unfinished.mkdir()
    with (unfinished / _DOCUMENTS).open("wb") as file:
        documents.write_ipc(file, compression="uncompressed", record_batch_size=max(1, len(documents)))
        os.fsync(file.fileno())
    with (unfinished / _POSTINGS).open("wb") as file:
        for stretch in chain(postings, [np.array([_LAST])]):
            file.write(stretch.data)
        file.flush()
        os.fsync(file.fileno())
    (unfinished / _CHECKSUM).write_text(_checksum(unfinished), encoding="ascii")
    stored = _read(unfinished.rename(folder))
    if stored is None:
        raise OSError(f"{folder} cannot be read")
    return stored


def _is_sound(folder: Path) -> bool:
    """Return whether the files of a segment have the checksum that was written with them."""
    try:
        return (folder / _CHECKSUM).read_text(encoding="ascii") == _checksum(folder)
    except (OSError, ValueError):
        return False


def _checksum(folder: Path) -> str:
    """Return the checksum of the files of a segment."""
    total = 0
    for name in (_DOCUMENTS, _POSTINGS):
        with (folder / name).open("rb") as file:
            while block := file.read(_BLOCK):
                total = crc32(block, total)
    return f"{total:08x}"


def _name(connection: duckdb.DuckDBPyConnection, first: int, end: int) -> str:
    """Return the name of the segment of the documents of `signatures` from rowid `first` to `end`."""
    (found,) = connection.execute(
        "SELECT bit_xor(hash(rowid, doc_id, text_key)) FROM signatures WHERE rowid >= ? AND rowid < ?",
        [first, end],
    ).fetchone() or (None,)
    return f"{_FORMAT}-{first:010}-{end:010}-{found or 0:016x}"


def _signatures(connection: duckdb.DuckDBPyConnection, first: int, end: int) -> pl.DataFrame:
    query = "SELECT * FROM signatures WHERE rowid >= ? AND rowid < ?"
    return conform(connection.execute(query, [first, end]).pl(), SIGNATURES)
