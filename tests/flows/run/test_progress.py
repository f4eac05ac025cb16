"""Progress bars: one per stage, steps of other names have none; without a terminal a line per stage."""

import io
import re

import pytest
from rich.console import Console

from copydesk.flows.run.progress import Display
from copydesk.flows.staging.folder import Summary


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """Let stderr be a terminal; return what is written to it."""
    stream = io.StringIO()
    monkeypatch.setattr(
        "copydesk.flows.run.progress.make_console",
        lambda stderr: Console(file=stream, force_terminal=stderr, width=120, legacy_windows=False),
    )
    return stream


def test_a_stage_has_a_bar_and_other_steps_have_none(shown: io.StringIO) -> None:
    display = Display()
    with display.shown():
        display.expect("clean", 3)
        display.expect("gate clean", 1)
        display.advance("clean")
        display.advance("gate clean")
        display.done(Summary("clean", 5, 4, 1, 0.1))
        display.done(Summary("load", 4, 4, 0, 0.1))
    text = shown.getvalue()
    assert "4 of 5 records go on" in text
    assert "3/3" in text
    assert "load" in text
    assert "gate clean" not in text


def test_without_a_terminal_a_stage_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    display = Display()
    with display.shown():
        display.expect("clean", 3)
        display.done(Summary("clean", 5, 4, 1, 0.1))
    assert capsys.readouterr() == ("", "clean: 4 of 5 records go on, 0.1 s\n")


def test_a_warning_is_one_line(shown: io.StringIO) -> None:
    Display().warn("going on without Prefect: [red] [Errno 111]")
    text = re.sub(r"\x1b\[[0-9]*m", "", shown.getvalue())
    assert text == "copydesk: going on without Prefect: [red] [Errno 111]\n"
