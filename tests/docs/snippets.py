"""The fenced blocks of the documentation, and what the comments above them say."""

import re
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
_BLOCK = re.compile(
    r"(?P<notes>(?:^<!-- [^\n]+ -->\n)*)"
    r'^```(?P<language>\w+)(?: title="(?P<title>[^"]+)")?\n(?P<text>.*?)^```$',
    re.MULTILINE | re.DOTALL,
)
_NOTE = re.compile(r"<!-- (?P<name>not run|in|output): ?(?P<value>.*?) -->")


@dataclass(frozen=True)
class Block:
    """One fenced block: `notes` are the comments above it (not run: why; in: folder; output: of the block before)."""

    page: Path
    line: int
    language: str
    title: str | None
    text: str
    notes: dict[str, str]

    @property
    def name(self) -> str:
        """Where the block is, for the name of a test."""
        return f"{self.page.relative_to(REPOSITORY)}:{self.line}"


def pages() -> list[Path]:
    """Return every page of the documentation that people read as such: the README, and all but the decisions."""
    docs = [path for path in sorted((REPOSITORY / "docs").rglob("*.md")) if path.parent.name != "adr"]
    return [REPOSITORY / "README.md", *docs]


def blocks(page: Path) -> list[Block]:
    """Return the blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(
            page,
            text.count("\n", 0, found.start("language")) + 1,
            found["language"],
            found["title"],
            found["text"],
            {note["name"]: note["value"] for note in _NOTE.finditer(found["notes"])},
        )
        for found in _BLOCK.finditer(text)
    ]


def all_blocks(language: str) -> list[Block]:
    """Return the blocks in `language` of all pages that are to be run."""
    found = [block for page in pages() for block in blocks(page)]
    return [block for block in found if block.language == language and "not run" not in block.notes]
