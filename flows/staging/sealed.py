"""Sealed files: beside each file lies its seal, a hash of its bytes; a file that does not match it is not believed.

The seal is written first. A process that is killed between the two leaves a file with the seal of another content or a
seal without a file: both are as good as no file.
"""

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from hashlib import blake2b, file_digest
from pathlib import Path

_SEAL = ".seal"


def write_sealed(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` write a file under another name, flush it to the disk, seal it and rename it to `path`.

    Folders are made. Raises OSError, with the old file in place, when the disk does not take it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        write(aside)
        with aside.open("rb") as file:
            os.fsync(file.fileno())
        seal = aside.with_name(f"{aside.name}.tmp")
        seal.write_text(_hash(aside), encoding="ascii")
        seal.replace(_seal_of(path))
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def is_sound(path: Path) -> bool:
    """Return whether a file can be read and matches its seal."""
    try:
        return _seal_of(path).read_text(encoding="ascii") == _hash(path)
    except (OSError, ValueError):
        return False


def remove(path: Path) -> None:
    """Remove a file with its seal, or a folder, as far as the file system lets us."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    for file in (path, _seal_of(path)):
        with suppress(OSError):
            file.unlink()


def _seal_of(path: Path) -> Path:
    return path.with_name(path.name + _SEAL)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, lambda: blake2b(digest_size=16)).hexdigest()
