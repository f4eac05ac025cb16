"""A real `copydesk ui`, as a process of its own, for tests."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.conftest import COPYDESK


@dataclass
class Server:
    """A server that runs: its address, its process, and a client that asks it."""

    address: str
    process: subprocess.Popen[str]
    client: httpx.Client

    def get(self, path: str, **parameters: str) -> httpx.Response:
        """Ask for a page."""
        return self.client.get(path, params=parameters or None)


@contextmanager
def serving(home: Path, *flags: str, **environment: str) -> Iterator[Server]:
    """Serve `home` on a free port until the block ends."""
    process = subprocess.Popen(
        [str(COPYDESK), "--home", str(home), "ui", "--port", "0", *flags],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
        cwd=home.parent,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert "http://127.0.0.1:" in line, (line, process.poll())
    address = line.split()[1].rstrip("/")
    with httpx.Client(base_url=address, timeout=30, trust_env=False) as client:
        try:
            yield Server(address, process, client)
        finally:
            process.terminate()
            process.communicate(timeout=20)
