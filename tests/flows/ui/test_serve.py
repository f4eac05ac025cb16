"""What keeps the local UI from being served is one line."""

import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from copydesk.flows.errors import UsageError
from copydesk.flows.settings import read_settings
from copydesk.flows.ui.serve import HOST, serve


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """Keep this process's own handlers of the signals that a server takes."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def test_a_home_without_a_warehouse_is_refused(home: Path) -> None:
    with pytest.raises(UsageError, match=r"no warehouse at .*copydesk run"):
        serve(read_settings(home=home), 0)
    assert not home.exists()


def test_a_port_that_is_taken_is_refused(home: Path) -> None:
    home.mkdir()
    (home / "copydesk.duckdb").touch()
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(
            UsageError, match=rf"cannot listen on port {port}: .*give another --port"
        ) as error:
            serve(read_settings(home=home), port)
    assert "\n" not in str(error.value)
