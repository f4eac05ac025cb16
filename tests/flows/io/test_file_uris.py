"""URIs of local files: printable, and each leads back to its path."""

import os
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from copydesk.flows.io.file_uris import is_local, to_path, to_uri


@given(st.binary(min_size=1).filter(lambda name: b"\0" not in name))
@example(b"%")
@example(b"%%0a\n")
@example(b"%4\x80")
@example(b"\xf0\x9f%F0")
def test_every_name_comes_back(name: bytes) -> None:
    path = os.fsdecode(b"/in/" + name)
    uri = to_uri(path)
    assert to_path(uri) == path
    assert unquote_to_bytes(uri.removeprefix("file://")) == os.fsencode(path)
    uri.encode()


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("a b.txt", "a b.txt"),
        ("Käse 100%.txt", "Käse 100%.txt"),
        ("a%20b.txt", "a%2520b.txt"),
        ("a::b?[c]#d.txt", "a::b?[c]#d.txt"),
        ("line\nfeed\x1b\x9b.txt", "line%0Afeed%1B%C2%9B.txt"),
        ("txt.\u202efdp", "txt.%E2%80%AEfdp"),
        ("caf\udce9.txt", "caf%E9.txt"),
    ],
)
def test_only_what_cannot_be_printed_is_encoded(name: str, written: str) -> None:
    assert to_uri(f"/in/{name}") == f"file:///in/{written}"


def test_paths_are_made_absolute() -> None:
    assert to_path("a/../b") == f"{Path.cwd()}/b"
    assert to_path("~/a") == str(Path("~/a").expanduser())
    assert to_path("local:///a%20b") == "/a b"
    assert is_local("a::b.txt")
    assert is_local("file:///a")
    assert not is_local("s3://bucket/a")
