"""Files that appear whole or not at all."""

from pathlib import Path

import pytest

from copydesk.flows.io.files import write_whole


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
