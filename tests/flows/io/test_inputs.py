"""Which files a run reads."""

import os
from pathlib import Path

import fsspec
import pytest

from copydesk.flows.errors import UsageError
from copydesk.flows.io.inputs import absolute, find_file, list_inputs, open_file, portable, source_of
from copydesk.flows.io.local_files import TooLong


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("a.txt", "sub/b.txt", "sub/deep/c.txt", ".hidden.txt", ".git/d.txt", "sub/.e.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def names(tree: Path, *inputs: str) -> list[str]:
    prefix = f"file://{tree}/"
    return [
        uri.removeprefix(prefix) for uri in list_inputs([str(tree / given) for given in inputs]).files["uri"]
    ]


def test_directories_are_walked_and_hidden_files_passed_over(tree: Path) -> None:
    assert names(tree, ".") == ["a.txt", "sub/b.txt", "sub/deep/c.txt"]


def test_globs_reach_files_and_folders(tree: Path) -> None:
    assert names(tree, "*.txt") == ["a.txt"]
    assert names(tree, "**/*.txt") == ["a.txt", "sub/b.txt", "sub/deep/c.txt"]
    assert names(tree, "s*") == ["sub/b.txt", "sub/deep/c.txt"]


def test_a_file_named_twice_is_listed_once(tree: Path) -> None:
    assert names(tree, "a.txt", ".", "*.txt") == ["a.txt", "sub/b.txt", "sub/deep/c.txt"]


def test_sizes_and_times_come_from_the_file_system(tree: Path) -> None:
    row = list_inputs([str(tree / "a.txt")]).files.row(0, named=True)
    assert row["size"] == 5
    assert abs(row["modified_at"].timestamp() - (tree / "a.txt").stat().st_mtime) < 0.001


def test_any_file_system_of_fsspec() -> None:
    fs = fsspec.filesystem("memory")
    fs.pipe("/press/x.txt", b"hello")
    listing = list_inputs(["memory://press"]).files
    assert listing["uri"].to_list() == ["memory:///press/x.txt"]
    assert open_file("memory:///press/x.txt", 5) == b"hello"
    with pytest.raises(TooLong):
        open_file("memory:///press/x.txt", 4)
    fs.rm("/press", recursive=True)


def _deny(monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    """Let the file system refuse to list `folder`, as it would anyone but root."""
    real = os.scandir

    def scandir(path: str) -> object:
        if path.endswith(folder):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)


def test_a_given_folder_that_cannot_be_listed_stops_the_run(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _deny(monkeypatch, "deep")
    with pytest.raises(UsageError, match="deep: Permission denied"):
        list_inputs([str(tree / "sub" / "deep")])


@pytest.mark.parametrize("given", [".", "**/*.txt", "sub/*"])
def test_a_folder_below_that_cannot_be_listed_is_a_row_with_its_fault(
    tree: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    _deny(monkeypatch, "deep")
    rows = list_inputs([str(tree / given)]).files.select("uri", "fault").rows()
    assert (f"file://{tree}/sub/deep", "unreadable: Permission denied") in rows
    assert (f"file://{tree}/sub/b.txt", None) in rows


ODD = (
    b"a::b.txt",
    b"new\nline.txt",
    b"caf\xe9.txt",
    b"-rf.txt",
    b"100%41.txt",
    b"q?[x].txt",
    b"x" * 251 + b".txt",
)


def test_files_of_any_name_are_listed_read_and_found_again(tmp_path: Path) -> None:
    for name in ODD:
        (tmp_path / os.fsdecode(name)).write_bytes(name)
    uris = list_inputs([str(tmp_path)]).files["uri"].to_list()
    assert all(uri.isprintable() for uri in uris)
    assert sorted(open_file(uri, 300) for uri in uris) == sorted(ODD)
    assert list_inputs(uris).files["uri"].to_list() == uris
    assert [find_file(uri)["size"] for uri in uris] == [len(open_file(uri, 300)) for uri in uris]
    globbed = list_inputs([f"{tmp_path}/*.txt", f"{tmp_path}/**/*\udce9.txt"])
    assert globbed.files["uri"].to_list() == uris


def test_an_input_that_is_no_text_is_sent_as_its_uri(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert portable("caf\udce9.txt") == f"file://{tmp_path}/caf%E9.txt"
    assert portable("a b.txt") == "a b.txt"
    with pytest.raises(UsageError, match=r"cannot read caf‹U\+DCE9›.txt: No such file"):
        list_inputs(["caf\udce9.txt"])


@pytest.fixture
def linked(tree: Path) -> Path:
    """Return a folder with links within it, out of it, back to it, and to nothing."""
    (tree / "elsewhere").mkdir()
    (tree / "elsewhere" / "secret.txt").write_text("secret")
    folder = tree / "sub"
    for name, target in {
        "again.txt": "b.txt",
        "out.txt": "../elsewhere/secret.txt",
        "outside": "../elsewhere",
        "loop": ".",
        "deep/up": "..",
        "nothing.txt": "gone.txt",
        "self.txt": "self.txt",
    }.items():
        (folder / name).symlink_to(target)
    return folder


def test_links_out_of_the_folder_and_back_into_it_are_named(linked: Path) -> None:
    found = list_inputs([str(linked)])
    names = [uri.removeprefix(f"file://{linked}/") for uri in found.files["uri"]]
    files = ["again.txt", "b.txt", "deep/c.txt", "nothing.txt", "out.txt", "outside/secret.txt", "self.txt"]
    assert names == files
    assert found.files["fault"].null_count() == 7
    elsewhere = linked.parent / "elsewhere"
    assert found.links == (
        f"{linked}/deep/up leads to a folder that is read already",
        f"{linked}/loop leads to a folder that is read already",
        f"{linked}/out.txt leads out of the given folder, to {elsewhere}/secret.txt",
        f"{linked}/outside leads out of the given folder, to {elsewhere}",
    )


@pytest.mark.parametrize("given", ["", "*", "**/*", "out*"])
def test_links_out_of_the_folder_can_be_refused(linked: Path, given: str) -> None:
    rows = list_inputs([str(linked / given)], follow=False).files.select("uri", "fault").rows()
    faults = {
        uri.removeprefix(f"file://{linked}/"): fault for uri, fault in rows if "out of" in (fault or "")
    }
    assert set(faults) == {"out.txt", "outside"}
    assert faults["outside"].startswith("unreadable: a link out of the given folder, to ")
    assert find_file(f"file://{linked}/out.txt", follow=False)["fault"] is not None
    assert find_file(f"file://{linked}/b.txt", follow=False)["fault"] is None


def test_a_given_link_is_followed_and_one_to_a_file_elsewhere_is_named(linked: Path) -> None:
    assert list_inputs([str(linked / "outside")]).links == ()
    assert len(list_inputs([str(linked / "out.txt")]).links) == 1


def test_folders_that_link_to_each_other_are_read_once(tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "a.txt").write_text("a")
        for other in range(12):
            (tmp_path / str(number) / f"to-{other}").symlink_to(tmp_path / str(other))
    assert len(list_inputs([str(tmp_path)]).files) == 12


def test_the_outlet_is_the_folder() -> None:
    assert source_of("file:///data/northern-post/a.txt") == "northern-post"
    assert source_of("a.txt") == ""


def test_absolute_leaves_urls_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert absolute("in") == str(tmp_path / "in")
    assert absolute("s3://bucket/in") == "s3://bucket/in"
