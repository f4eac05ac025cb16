"""The line length of Markdown: prose is wrapped, so that a diff shows what changed."""

import re
from collections.abc import Iterator
from pathlib import Path

#: Written at 100 columns or at the end of a sentence; this much is forgiven.
LONGEST = 120
_GENERATED = "Written by `make docs`"
_FENCE = re.compile(r"^\s*(?:```|~~~)")
#: Lines that cannot be wrapped: table rows, images, and lines that are one link or one address.
_UNWRAPPABLE = re.compile(r"^\s*(?:\||!\[|\[[^\]]+\]:|<!--|\S+$)")


def long_lines(root: Path) -> list[str]:
    """Return `file:line` for each line of prose under `root` that is longer than LONGEST; code and tables may be."""
    return [
        f"{path.relative_to(root)}:{number}"
        for path in _pages(root)
        for number, line in _prose(path.read_text(encoding="utf-8"))
        if len(line) > LONGEST and not _UNWRAPPABLE.match(line)
    ]


def _pages(root: Path) -> list[Path]:
    named = [root / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "seeds/README.md")]
    docs = sorted((root / "docs").rglob("*.md"))
    pages = [*named, root / "seeds/line_model/CARD.md", *docs]
    return [page for page in pages if page.exists() and _GENERATED not in page.read_text(encoding="utf-8")]


def _prose(text: str) -> Iterator[tuple[int, str]]:
    """Yield the numbered lines of `text` outside fenced code."""
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        if _FENCE.match(line):
            inside = not inside
        elif not inside:
            yield number, line
