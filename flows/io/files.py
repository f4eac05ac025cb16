"""Files that appear whole or not at all."""

from pathlib import Path


def write_whole(path: Path, text: str) -> Path:
    """Write a text file atomically, with its folders; return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".tmp")
    aside.write_text(text, encoding="utf-8")
    return aside.replace(path)
