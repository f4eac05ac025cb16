"""Which files a run reads."""

from pathlib import Path

import fsspec
import pytest

from copydesk.flows.errors import UsageError
from copydesk.flows.io.inputs import absolute, list_files, open_file, source_of


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("a.txt", "sub/b.txt", "sub/deep/c.txt", ".hidden.txt", ".git/d.txt", "sub/.e.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def names(tree: Path, *inputs: str) -> list[str]:
    prefix = f"file://{tree}/"
    return [uri.removeprefix(prefix) for uri in list_files([str(tree / given) for given in inputs])["uri"]]


def test_directories_are_walked_and_hidden_files_passed_over(tree: Path) -> None:
    assert names(tree, ".") == ["a.txt", "sub/b.txt", "sub/deep/c.txt"]


def test_globs_reach_files_and_folders(tree: Path) -> None:
    assert names(tree, "*.txt") == ["a.txt"]
    assert names(tree, "**/*.txt") == ["a.txt", "sub/b.txt", "sub/deep/c.txt"]
    assert names(tree, "s*") == ["sub/b.txt", "sub/deep/c.txt"]


def test_a_file_named_twice_is_listed_once(tree: Path) -> None:
    assert names(tree, "a.txt", ".", "*.txt") == ["a.txt", "sub/b.txt", "sub/deep/c.txt"]


def test_sizes_and_times_come_from_the_file_system(tree: Path) -> None:
    row = list_files([str(tree / "a.txt")]).row(0, named=True)
    assert row["size"] == 5
    assert abs(row["modified_at"].timestamp() - (tree / "a.txt").stat().st_mtime) < 0.001


def test_any_file_system_of_fsspec() -> None:
    fs = fsspec.filesystem("memory")
    fs.pipe("/press/x.txt", b"hello")
    listing = list_files(["memory://press"])
    assert listing["uri"].to_list() == ["memory:///press/x.txt"]
    assert open_file("memory:///press/x.txt") == b"hello"
    fs.rm("/press", recursive=True)


def test_a_folder_that_cannot_be_listed_is_named(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    real = os.scandir

    def scandir(path: str) -> object:
        if str(path).rstrip("/").endswith("deep"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(UsageError, match="Permission denied"):
        list_files([str(tree)])


def test_the_outlet_is_the_folder() -> None:
    assert source_of("file:///data/northern-post/a.txt") == "northern-post"
    assert source_of("a.txt") == ""


def test_absolute_leaves_urls_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert absolute("in") == str(tmp_path / "in")
    assert absolute("s3://bucket/in") == "s3://bucket/in"
