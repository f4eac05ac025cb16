"""Readers: one for each kind of file, keyed by suffix. A reader turns the bytes of a file into records."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from transforms.decode import decode, is_binary


@dataclass(frozen=True)
class Record:
    """One record of a file: its bytes' place, and its text or the fault that left it without."""

    start: int
    end: int
    data: bytes
    text: str | None
    charset: str | None
    fault: str | None = None


def read_text(data: bytes) -> Iterator[Record]:
    """Read a plain text file: the file is one record."""
    found = None if is_binary(data) else decode(data)
    text, charset = found if found is not None else (None, None)
    yield Record(0, len(data), data, text, charset, None if found else "not text in any known encoding")


#: Suffix -> (media type, reader). A new format is a reader and a line here; see CONTRIBUTING.md.
READERS: dict[str, tuple[str, Callable[[bytes], Iterator[Record]]]] = {
    ".txt": ("text/plain", read_text),
    ".text": ("text/plain", read_text),
}


def reader_of(uri: str) -> tuple[str, Callable[[bytes], Iterator[Record]] | None]:
    """Return media type and reader for `uri`, by its suffix; no reader where the format is unknown."""
    return READERS.get(PurePosixPath(uri).suffix.lower(), ("application/octet-stream", None))
