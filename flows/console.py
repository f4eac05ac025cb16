"""The console that commands print to."""

import os
from pathlib import Path

from rich.console import Console

out = Console()
if not out.is_terminal:
    out.width = 120  # a file or a pipe has no width of its own


def short(path: Path) -> str:
    """Return `path` as seen from here."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)
