"""The console that commands print to, and the one place where what goes to a terminal is escaped.

A terminal obeys control characters: a text that is printed raw may set the clipboard (OSC 52), make links (OSC 8) or
reorder a line. In :func:`guarded_streams` nothing but the styles of our own output reaches a terminal unescaped; files
and pipes get every character as it is.
"""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console, ConsoleOptions, ConsoleRenderable, RenderHook, RenderResult
from rich.segment import Segment

from copydesk.transforms.text.printable import escape_invisible


class _Escaped:
    """A renderable whose text is escaped after it is laid out; its styles and cursor movements stay."""

    def __init__(self, renderable: ConsoleRenderable) -> None:
        self._renderable = renderable

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self._renderable, options):
            yield segment if segment.control else Segment(escape_invisible(segment.text), segment.style)


class _Escaping(RenderHook):
    def __init__(self, console: Console) -> None:
        self._console = console

    def process_renderables(self, renderables: list[Any]) -> list[Any]:
        if self._console.is_terminal or self._console.file.isatty():
            return [_Escaped(renderable) for renderable in renderables]
        return renderables


def make_console(**options: Any) -> Console:
    """Return a console for commands: text is neither markup nor emoji codes, and escaped in a terminal.

    `options` are rich's. In a file or a pipe it is 120 columns wide, unless a width is given.
    """
    console = Console(markup=False, emoji=False, highlight=False, **options)
    console.push_render_hook(_Escaping(console))
    if not console.is_terminal and "width" not in options:
        console.width = 120  # a file or a pipe has no width of its own
    return console


out = make_console()


class GuardedStream(io.TextIOBase):
    """A standard stream: escapes what goes to a terminal, and outlives its reader.

    When it cannot be written to, `fault` says why, and what follows goes nowhere: the command goes on to its end. A
    reader that has closed its end, like `head`, is no fault.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.fault: OSError | None = None
        if isinstance(stream, io.TextIOWrapper):  # ASCII or Latin-1, or the name of a file that is no text
            stream.reconfigure(errors="backslashreplace")

    @property
    def rich_proxied_file(self) -> "_StyledStream":
        """What rich's consoles write to: they escape text themselves, and style it."""
        return _StyledStream(self)

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the stream."""
        return self._stream.encoding

    def isatty(self) -> bool:
        """Say whether it is a terminal."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """Return its file descriptor."""
        return self._stream.fileno()

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def write(self, text: str) -> int:
        """Write text, escaped for a terminal."""
        self.write_styled(escape_invisible(text) if self.isatty() else text)
        return len(text)

    def write_styled(self, text: str) -> None:
        """Write text as it is, with its styles."""
        with self._failing():
            self._stream.write(text)

    def write_data(self, text: str) -> None:
        """Write data for programs: in UTF-8 whatever the encoding of the stream, as text to a terminal."""
        if self.isatty() or not isinstance(self._stream, io.TextIOWrapper):
            self.write(text)
        else:
            self.write_bytes(text.encode("utf-8", "backslashreplace"))

    def write_bytes(self, data: bytes) -> None:
        """Write bytes behind the text that was written before."""
        with self._failing():
            self._stream.flush()
            self._stream.buffer.write(data)
            self._stream.buffer.flush()

    def flush(self) -> None:
        """Write what is buffered."""
        with self._failing():
            self._stream.flush()

    @contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if not isinstance(error, BrokenPipeError):
                self.fault = self.fault or error
            with suppress(OSError, ValueError):  # the interpreter flushes what is left at its end
                os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())


class _StyledStream(io.TextIOBase):
    """What a console of rich writes to."""

    def __init__(self, guarded: GuardedStream) -> None:
        self._guarded = guarded
        self.encoding = guarded.encoding
        self.isatty = guarded.isatty  # type: ignore[method-assign]
        self.fileno = guarded.fileno  # type: ignore[method-assign]
        self.flush = guarded.flush  # type: ignore[method-assign]

    def write(self, text: str) -> int:
        self._guarded.write_styled(text)
        return len(text)


@contextmanager
def guarded_streams() -> Iterator[GuardedStream]:
    """Guard sys.stdout and sys.stderr inside the block; yield the guarded standard output.

    A closed sys.stderr is replaced by one that goes nowhere; sys.stdout must be open.
    """
    before = sys.stdout, sys.stderr
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115, open until the process ends
    guarded = GuardedStream(sys.stdout)
    sys.stdout, sys.stderr = guarded, GuardedStream(sys.stderr)
    try:
        yield guarded
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        sys.stdout, sys.stderr = before


def print_data(data: str | bytes) -> None:
    """Print what is for programs (CSV, JSON, Parquet) as it is, text in UTF-8; a terminal gets text escaped."""
    stream = sys.stdout if isinstance(sys.stdout, GuardedStream) else GuardedStream(sys.stdout)
    if isinstance(data, str):
        stream.write_data(data)
    else:
        stream.write_bytes(data)


def short(path: Path) -> str:
    """Return `path` as seen from here."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)
