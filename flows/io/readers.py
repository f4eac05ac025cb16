"""Readers: one for each kind of file, keyed by suffix. A reader turns the bytes of a file into records."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

import webencodings

from copydesk.transforms.text.encoding import decode, encode, is_binary

_HEAD = 4096  # bytes in which a page names its charset; the HTML Standard looks at 1024, real pages are later
_CLAIM = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE
)
#: Charsets that no label may choose: UTF-8 is tried first, UTF-16 is found by its bytes, the others are no text.
_PASSED_OVER = {"utf-8", "utf-16le", "utf-16be", "replacement", "x-user-defined"}
#: Charsets of the WHATWG Encoding Standard that Python's codecs name otherwise, or hold only in a larger set.
_CODECS = {
    "big5": "big5hkscs",
    "euc-kr": "cp949",
    "gbk": "gb18030",
    "ibm866": "cp866",
    "iso-8859-8-i": "iso-8859-8",
    "macintosh": "mac-roman",
    "shift_jis": "cp932",
    "windows-874": "cp874",
    "x-mac-cyrillic": "mac-cyrillic",
}


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


def read_page(data: bytes) -> Iterator[Record]:
    """Read an HTML file: the file is one record, its text the source with all markup.

    Bytes that are valid UTF-8 are read so, whatever the page claims; next comes the charset that it names in
    `<meta>` or `<?xml ?>`, then the guess for plain text.
    """
    found = None if is_binary(data) else _decode_as_claimed(data) or decode(data)
    text, charset = found if found is not None else (None, None)
    yield Record(0, len(data), data, text, charset, None if found else "not text in any known encoding")


def charset_of(label: str) -> str | None:
    """Return the name of the Python codec for the charset that a page calls `label`; None where it is not to be used.

    Labels are those of the WHATWG Encoding Standard (https://encoding.spec.whatwg.org/#names-and-labels), as browsers
    read them, and the names of the codecs returned. No other codec of Python is tried: some are no charsets, some
    take quadratic time.
    """
    found = webencodings.lookup(label)
    if found is None:
        return label.lower() if label.lower() in _CODECS.values() else None
    return None if found.name in _PASSED_OVER else _CODECS.get(found.name, found.name)


def _decode_as_claimed(data: bytes) -> tuple[str, str] | None:
    claim = _CLAIM.search(data[:_HEAD])
    if claim is None:
        return None
    charset = charset_of(claim[1].decode("ascii", "ignore"))
    if charset is None or (charset != "iso-2022-jp" and _is_utf8(data)):  # that one is seven-bit
        return None
    try:
        text = data.decode(charset)
    except UnicodeDecodeError:
        return None
    return (text, charset) if encode(text, charset) == data else None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


#: Suffix -> (media type, reader). A new format is a reader and a line here; see CONTRIBUTING.md.
READERS: dict[str, tuple[str, Callable[[bytes], Iterator[Record]]]] = {
    ".txt": ("text/plain", read_text),
    ".text": ("text/plain", read_text),
    ".html": ("text/html", read_page),
    ".htm": ("text/html", read_page),
    ".xhtml": ("text/html", read_page),
}


def reader_of(uri: str) -> tuple[str, Callable[[bytes], Iterator[Record]] | None]:
    """Return media type and reader for `uri`, by its suffix; no reader where the format is unknown."""
    return READERS.get(PurePosixPath(uri).suffix.lower(), ("application/octet-stream", None))
