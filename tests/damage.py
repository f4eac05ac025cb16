"""Ways in which a file is damaged, at a place given as a share of its size."""

from pathlib import Path


def cut(path: Path, part: float = 0.5) -> None:
    """Cut a file off."""
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])


def flip(path: Path, part: float = 0.5, bit: int = 1) -> None:
    """Flip one bit of a byte."""
    content = bytearray(path.read_bytes())
    content[int(len(content) * part)] ^= bit
    path.write_bytes(content)


def zero(path: Path, part: float = 0.5, n_bytes: int = 64) -> None:
    """Overwrite bytes with zeros, up to the end of the file at most."""
    content = bytearray(path.read_bytes())
    place = int(len(content) * part)
    content[place : place + n_bytes] = bytes(len(content[place : place + n_bytes]))
    path.write_bytes(content)
