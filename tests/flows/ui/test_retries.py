"""Retries: one child process at a time, its output and its end."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from copydesk.flows.settings import read_settings
from copydesk.flows.ui import retries as module
from copydesk.flows.ui.retries import Retries, Retry

type Command = Callable[[str], None]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Return a way to say what `copydesk` does: the lines of a shell script."""

    def write(script: str) -> None:
        path = tmp_path / "copydesk"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        monkeypatch.setattr(module, "_COMMAND", path)

    return write


@pytest.fixture
def retries(home: Path) -> Retries:
    return Retries(read_settings(home=home))


def end_of(retry: Retry) -> int:
    for _ in range(1000):
        if retry.code is not None:
            return retry.code
        time.sleep(0.01)
    pytest.fail("it did not end")


def test_it_calls_the_command_with_the_records(retries: Retries, command: Command, home: Path) -> None:
    command('echo "$@"; exit 3')
    with retries:
        retry, is_new = retries.start(["aa", "bb"])
        assert (is_new, retry.number, retry.doc_ids) == (True, 1, ("aa", "bb"))
        assert end_of(retry) == 3
        assert retry.output() == f"--home {home} quarantine retry aa bb --direct\n"
        assert retry.seconds is not None
        assert retry.seconds >= 0


def test_one_runs_at_a_time(retries: Retries, command: Command) -> None:
    command("read line < /dev/null; sleep 60")
    with retries:
        first, _ = retries.start(["aa"])
        assert retries.start(["bb"]) == (first, False)
        first.process.kill()
        assert end_of(first) == -9
        command("exit 0")
        second, is_new = retries.start(["bb"])
        assert (second.number, is_new) == (2, True)
        assert (retries.find(1), retries.find(2)) == (first, second)
        assert retries.find(0) is retries.find(3) is None
        end_of(second)


def test_both_streams_are_shown_and_of_long_output_the_end(retries: Retries, command: Command) -> None:
    command("head -c 100000 /dev/zero | tr '\\0' x; echo; printf 'caf\\351\\n'; echo last >&2")
    with retries:
        retry, _ = retries.start(["aa"])
        end_of(retry)
        shown = retry.output()
    assert shown.endswith("xxx\ncaf\ufffd\nlast\n")
    assert len(shown.encode("utf-8", "replace")) <= module._SHOWN + 2


def test_its_end_ends_what_runs_however_stubborn_and_forgets_the_output(
    retries: Retries, command: Command
) -> None:
    command("trap '' TERM; while :; do sleep 0.05; done")
    with retries:
        retry, _ = retries.start(["aa"])
        log = Path(retry.log.name)
        assert log.exists()
        time.sleep(0.2)
    assert retry.code == -9
    assert not log.exists()
