"""Readers: one for each kind of file, keyed by suffix. A reader turns the bytes of a file into records."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from copydesk.transforms.text.encoding import decode, encode, is_binary

_HEAD = 4096  # bytes in which a page names its charset; the HTML Standard looks at 1024, real pages are later
_CLAIM = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE
)
#: The charsets that a page may name, as Python calls them (https://encoding.spec.whatwg.org/#names). No other codec
#: is tried: some are no charsets, some take quadratic time.
_CHARSETS = {
    *(f"windows-{number}" for number in range(1250, 1259)),
    *(f"iso-8859-{number}" for number in (*range(2, 9), 10, 13, 14, 15, 16)),
    *("cp866", "cp874", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic"),
    *("gb18030", "big5hkscs", "euc-jp", "iso-2022-jp", "cp932", "cp949"),
}
#: Other names for them; browsers read some as the larger set.
_MEANT = {
    **dict.fromkeys(("ascii", "us-ascii", "iso-8859-1", "iso8859-1", "latin1"), "windows-1252"),
    **dict.fromkeys(("iso-8859-9", "latin5"), "windows-1254"),
    **dict.fromkeys(("iso-8859-11", "tis-620", "windows-874"), "cp874"),
    **dict.fromkeys(("gb2312", "gbk", "x-gbk", "gb_2312-80"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j"), "cp932"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "windows-949"), "cp949"),
    **{f"cp{number}": f"windows-{number}" for number in range(1250, 1259)},
    "big5": "big5hkscs",
    "ibm866": "cp866",
    "macintosh": "mac-roman",
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


def _decode_as_claimed(data: bytes) -> tuple[str, str] | None:
    claim = _CLAIM.search(data[:_HEAD])
    if claim is None:
        return None
    named = claim[1].decode("ascii", "ignore").lower()
    charset = _MEANT.get(named, named)
    if charset not in _CHARSETS or (charset != "iso-2022-jp" and _is_utf8(data)):  # that one is seven-bit
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
