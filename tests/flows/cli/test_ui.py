"""`copydesk ui`: what it hands on, and ports that are none."""

from pathlib import Path
from typing import Any

import pytest

from copydesk.flows.ui import serve as module
from tests.conftest import in_this_process


@pytest.mark.parametrize(
    ("flags", "port", "opened"), [((), 8642, False), (("--port", "0", "--open"), 0, True)]
)
def test_port_and_browser_are_handed_on(
    home: Path, monkeypatch: pytest.MonkeyPatch, flags: tuple[str, ...], port: int, opened: bool
) -> None:
    calls: list[Any] = []
    monkeypatch.setattr(
        module, "serve", lambda settings, port, *, opened: calls.append((settings, port, opened))
    )
    done = in_this_process(home, ("ui", *flags), {})
    assert done.returncode == 0, done.stderr
    ((settings, *others),) = calls
    assert (settings.home, others) == (home, [port, opened])


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_a_port_that_is_none_is_refused(home: Path, port: str) -> None:
    done = in_this_process(home, ("ui", "--port", port), {})
    assert done.returncode == 2
    assert "--port" in done.stderr


def test_a_home_without_a_warehouse_is_one_line(home: Path) -> None:
    done = in_this_process(home, ("ui", "--port", "0"), {})
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "no warehouse at" in done.stderr
