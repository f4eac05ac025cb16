"""What reaches a terminal, a real one (pty): nothing of a document that a terminal obeys, in whatever command."""

import os
import pty
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest

from copydesk.flows.console import short
from tests.conftest import rows, tamper, write_article

#: Each is a text that does something to a terminal, or to the order of a line, when it is printed raw.
PAYLOADS = [
    "\x1b]52;c;cm0gLXJm\x07", "\x1b]52;p;cm0gLXJm\x1b\\", "\x9d52;c;cm0=\x9c", "\x1b]8;;http://e.test\x1b\\x\x1b]8;;\x1b\\",
    "\x9d8;;http://e.test\x07x\x9d8;;\x07", "\x1b]0;title\x07", "\x1b]2;title\x1b\\", "\x1b]4;1;rgb:00/00/00\x07",
    "\x1b]10;?\x07", "\x1b]11;#000000\x07", "\x1b]50;font\x07", "\x1b]7;file://e/\x07", "\x1b]9;note\x07",
    "\x1b]777;notify;a;b\x07", "\x1b]1337;File=inline=1:AAAA\x07", "\x1b]133;A\x07", "\x1b[2J", "\x1b[H", "\x1b[1;1H",
    "\x1b[3J", "\x1b[K", "\x1b[1A", "\x1b[1000D", "\x1b[31m", "\x1b[8m", "\x1b[5m", "\x1b[7m", "\x1b[0m", "\x9b31m",
    "\x9b2J", "\x1b[?1049h", "\x1b[?1000h", "\x1b[?2004h", "\x1b[?25l", "\x1b[6n", "\x1b[c", "\x1b[>c", "\x1b[5n",
    "\x1b[21t", "\x1b[8;1;1t", "\x1b[4i", "\x1b[5i", "\x1bc", "\x1b#8", "\x1b(0", "\x1b)0", "\x1b7", "\x1b8", "\x1bD",
    "\x1bM", "\x1bP$q\"p\x1b\\", "\x1bPq#0;2;0;0;0\x1b\\", "\x90q\x9c", "\x1b_Ga=T;AAAA\x1b\\", "\x1b^pm\x1b\\",
    "\x1bXsos\x1b\\", "\x07", "\x08\x08\x08", "\x0b", "\x0c", "over\rwritten", "\x0e", "\x0f", "\x05", "\x7f", "\x84",
    "\x85", "\x8d", "\u202eevil\u202c", "\u202d", "\u2066x\u2069", "\u2067x\u2069", "\u2028", "\u2029", "\ufeff",
    "\u200b", "\U000e0041", "\x1b\x1b[31m", "\x1b]52;c;unended", "\x1b[", "\x1b",
]  # fmt: skip
#: What our own output may do: colours and weights, the lines and the cursor of progress bars.
OURS = re.compile(r"\x1b\[(?:[0-9;]*m|\?25[lh]|[12]K|[0-9]*A)")
HIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff\u200b\U000e0041]"
)


class Terminal:
    """A pseudo-terminal and all that was written to it."""

    def __init__(self) -> None:
        self._master, self.slave = pty.openpty()
        self._parts: list[bytes] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        while True:
            try:
                part = os.read(self._master, 65536)
            except OSError:  # the other end is closed
                return
            self._parts.append(part)

    def close(self) -> str:
        self._reader.join()
        os.close(self._master)
        return b"".join(self._parts).decode().replace("\r\n", "\n")


def run_in_terminal(home: Path, *arguments: str) -> str:
    """Run the command line in this process, its standard streams a terminal; return what the terminal got."""
    from copydesk.flows.cli.main import main

    terminal = Terminal()
    with (
        os.fdopen(terminal.slave, "w", encoding="utf-8") as stream,
        patch.object(sys, "argv", ["copydesk", "--home", str(home), *arguments]),
        patch.object(sys, "stdout", stream),
        patch.object(sys, "stderr", stream),
        pytest.raises(SystemExit),
    ):
        main()
    return terminal.close()


def quoted(text: str) -> str:
    return f"decode(unhex('{text.encode().hex()}'))"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home in which every text that a command prints holds every payload."""
    from tests.conftest import load

    base = tmp_path_factory.mktemp("hostile")
    (base / "in").mkdir()
    all_of_them = " ".join(PAYLOADS).replace("\r", "\x1b[31m")
    (base / "in" / "a.txt").write_text(write_article(1) + f"\n\nHe said {PAYLOADS[0]} and {PAYLOADS[29]}.\n")
    (base / "in" / "empty.txt").touch()
    load(base / "home", base / "in")
    assert rows(base / "home", "SELECT count(*) FROM documents") == [(1,)]
    text = quoted(all_of_them)
    for table, columns in {
        "documents": ("title", "byline", "uri", "source", "text"),
        "quarantine": ("uri", "detail", "expectation", "stage"),
        "entities": ("name", "country_code"),
        "raw_documents": ("uri",),
        "quality_results": ("observed",),
        "edits": ("rule", "replacement"),
    }.items():
        for column in columns:
            tamper(base / "home", f"UPDATE {table} SET {column} = {text} || {column}")
    return base / "home"


def assert_nothing_raw(seen: str) -> None:
    assert seen.strip()
    assert HIDDEN.findall(OURS.sub("", seen)) == []
    assert "\x1b[31m\x1b[8m" not in seen  # ours are closed before the next


COMMANDS: list[tuple[str, ...]] = [
    *(
        ("sql", "SELECT title, uri, source, text FROM documents", "--format", form)
        for form in ("csv", "json", "table")
    ),
    ("sql", "SELECT title::INTEGER FROM documents"),
    ("sql", "SELECT error(text) FROM documents"),
    ("sql", "SELECT payload, detail, uri FROM quarantine", "--format", "csv"),
    ("quarantine", "list"),
    ("entities", "list"),
    ("status",),
    ("audit",),
    ("show", "a.txt"),
    ("show", "a.txt", "--full"),
    ("show", "a.txt", "--diff"),
    ("show", "empty.txt"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_that_prints_texts_prints_none_of_them_raw(hostile: Path, command: tuple[str, ...]) -> None:
    assert_nothing_raw(run_in_terminal(hostile, *command))


@pytest.mark.parametrize("form", ["csv", "json", "table"])
def test_no_payload_of_a_query_reaches_a_terminal(hostile: Path, form: str) -> None:
    query = f"SELECT unnest([{', '.join(map(quoted, PAYLOADS))}]) AS x"
    seen = run_in_terminal(hostile, "sql", query, "--format", form)
    assert [payload for payload in PAYLOADS if payload in seen] == []
    assert_nothing_raw(seen)


@pytest.mark.parametrize(
    "command",
    [
        ("show", "{}"),
        ("run", "--direct", "/no/such/{}"),
        ("run", "--direct", "--rules", "{}", "/no"),
        ("--{}",),
        ("{}",),
        ("status", "{}"),
        ("sql", "SELECT {}"),
        ("sql", 'SELECT "{}" FROM documents'),
        ("sql", "SELECT 1", "--format", "{}"),
        ("quarantine", "list", "--stage", "{}"),
        ("quarantine", "list", "{}"),
        ("entities", "list", "{}"),
        ("run", "--batch-mb", "{}", "."),
    ],
    ids=" ".join,
)
def test_what_was_typed_is_not_printed_raw(hostile: Path, command: tuple[str, ...]) -> None:
    typed = "".join(each for each in PAYLOADS if "/" not in each)
    assert_nothing_raw(run_in_terminal(hostile, *(word.format(typed) for word in command)))


def test_markup_in_a_path_is_text(tmp_path: Path) -> None:
    home = tmp_path / "[link=http:example.test]x[/link]"
    seen = run_in_terminal(home, "status")
    assert "[link=http:example.test]x" in seen
    assert "\x1b]8" not in seen


def test_a_pipe_gets_every_character(hostile: Path) -> None:
    from tests.conftest import copydesk

    payload = "\x1b]52;c;x\x07\u202e\x9b31m"
    done = copydesk(hostile, "sql", f"SELECT {quoted(payload)} AS x", "--format", "csv")
    assert done.stdout == f"x\n{payload}\n"


@contextmanager
def standard_output(encoding: str, path: Path) -> Iterator[None]:
    with path.open("w", encoding=encoding) as stream, patch.object(sys, "stdout", stream):
        yield


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_any_encoding_of_standard_output_will_do(hostile: Path, tmp_path: Path, encoding: str) -> None:
    from copydesk.flows.cli.main import main

    for number, (words, expected) in enumerate(
        {
            ("status",): "copydesk.duckdb",
            ("sql", "SELECT 'Żółć →' AS x"): "x",
            ("sql", "SELECT 'Żółć →' AS x", "--format", "csv"): "Żółć →",
            ("sql", "SELECT 'Żółć →' AS x", "--format", "json"): "Żółć →",
        }.items()
    ):
        path = tmp_path / str(number)
        with (
            standard_output(encoding, path),
            patch.object(sys, "argv", ["copydesk", "--home", str(hostile), *words]),
            pytest.raises(SystemExit) as end,
        ):
            main()
        assert end.value.code == 0
        text = path.read_bytes()
        assert expected.encode() in text


def test_a_path_below_the_working_directory_is_relative(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert short(tmp_path / "data" / "copydesk.duckdb") == "data/copydesk.duckdb"
    assert short(tmp_path) == "."


def test_any_other_path_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert short(tmp_path / "other.txt") == str(tmp_path / "other.txt")
    assert short(tmp_path / "here-too") == str(tmp_path / "here-too")
