"""Local paths as URIs that can be printed and lead back to the file, whatever bytes its name has.

A URI is `file://` and the absolute path. Bytes that are not UTF-8, control characters, and characters that are
invisible or reorder text are percent-encoded (RFC 3986), and so is a percent sign before two hexadecimal digits.
Everything else stands as it is, so that the URI of an ordinary name reads as its path.
:func:`urllib.parse.unquote_to_bytes` undoes it.
"""

import os
import re
from urllib.parse import unquote_to_bytes

_LOCAL = ("file://", "local://")
_ENCODED = re.compile(
    r"%(?=[0-9A-Fa-f]{2})|[\x00-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    r"\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


def is_local(given: str) -> bool:
    """Return whether an input or a URI names something on this machine: a path, or a URI with `file://`."""
    return "://" not in given or given.startswith(_LOCAL)


def to_uri(path: str) -> str:
    """Return the URI of an absolute local path, the bytes of which may be of no encoding."""
    text = os.fsencode(path).decode("utf-8", "surrogateescape")
    return "file://" + _ENCODED.sub(_encode, text)


def to_path(given: str) -> str:
    """Return the absolute path that a local input or URI names."""
    for prefix in _LOCAL:
        if given.startswith(prefix):
            return os.fsdecode(unquote_to_bytes(given.removeprefix(prefix)))
    return os.path.abspath(os.path.expanduser(given))  # - a Path normalises neither ".." nor "//"


def _encode(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "surrogateescape"))
