"""Sealed files: whole and as written, or not believed."""

from pathlib import Path

import pytest

from copydesk.flows.staging.sealed import is_sound, remove, write_sealed


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "folder" / "frame.parquet"
    write_sealed(path, lambda aside: aside.write_bytes(b"content of a frame"))
    return path


def test_a_file_is_written_whole_with_its_seal_and_nothing_else(file: Path) -> None:
    assert file.read_bytes() == b"content of a frame"
    assert is_sound(file)
    assert sorted(path.name for path in file.parent.iterdir()) == ["frame.parquet", "frame.parquet.seal"]


@pytest.mark.parametrize("content", [b"", b"content", b"content of b frame", b"content of a frame\0"])
def test_an_altered_file_is_not_sound(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    assert not is_sound(file)


@pytest.mark.parametrize("seal", [b"", b"0" * 32, b"\xff\xfe"])
def test_an_altered_seal_makes_its_file_unsound(file: Path, seal: bytes) -> None:
    file.with_name("frame.parquet.seal").write_bytes(seal)
    assert not is_sound(file)


def test_a_missing_file_or_seal_is_not_sound(file: Path) -> None:
    kept = file.read_bytes()
    file.unlink()
    assert not is_sound(file)
    file.write_bytes(kept)
    assert is_sound(file)
    file.with_name("frame.parquet.seal").unlink()
    assert not is_sound(file)


def test_a_file_that_cannot_be_written_leaves_the_old_one_sound(file: Path) -> None:
    def fail(aside: Path) -> None:
        aside.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write_sealed(file, fail)
    assert is_sound(file)
    assert sorted(path.name for path in file.parent.iterdir()) == ["frame.parquet", "frame.parquet.seal"]


def test_remove_takes_files_seals_and_folders_away(file: Path) -> None:
    remove(file)
    assert list(file.parent.iterdir()) == []
    remove(file.parent)
    assert not file.parent.exists()
    remove(file.parent)
