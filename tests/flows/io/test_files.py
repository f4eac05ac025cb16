"""Files that appear whole or not at all."""

import os
import stat
from pathlib import Path

import pytest

from copydesk.flows.io.files import exported_files, private_files, write_whole


def test_a_file_is_written_with_its_folders_and_nothing_beside_it(tmp_path: Path) -> None:
    path = write_whole(tmp_path / "a" / "b" / "page.html", "é\n")
    assert path.read_bytes() == "é\n".encode()
    assert [file.name for file in path.parent.iterdir()] == ["page.html"]
    write_whole(path, "other")
    assert path.read_text(encoding="utf-8") == "other"


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = write_whole(tmp_path / "page.html", "old")
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "new \ud800")
    assert path.read_text(encoding="utf-8") == "old"


def test_private_files_are_the_users_alone_and_exported_ones_as_the_user_wants(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        with private_files():
            (tmp_path / "folder").mkdir()
            (tmp_path / "file").touch()
            with exported_files():
                (tmp_path / "exported").touch()
            (tmp_path / "after").touch()
        (tmp_path / "outside").touch()
        with exported_files():
            (tmp_path / "outside too").touch()
        assert os.umask(0o027) == 0o027
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    private = {"folder": 0o700, "file": 0o600, "after": 0o600}
    assert modes == private | dict.fromkeys(("exported", "outside", "outside too"), 0o640)
