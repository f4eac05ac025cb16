"""Connections that send nothing, or send it slowly, keep nobody out."""

import asyncio
import socket
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from urllib.parse import urlsplit

import httpx
import pytest

from copydesk.flows.ui.connections import MOST, Connections
from copydesk.warehouse.schema import connect, migrate
from tests.flows.ui.ui_server import Server, serving


class Wire:
    """A transport that notes that it was aborted."""

    def __init__(self) -> None:
        self.aborted = False

    def abort(self) -> None:
        self.aborted = True


def open_all(connections: Connections, n: int) -> list[Wire]:
    wires = [Wire() for _ in range(n)]
    for port, wire in enumerate(wires):
        connections.opened(("127.0.0.1", port), wire)  # type: ignore[arg-type]
    return wires


def run_alone[T](main: Coroutine[object, object, T]) -> T:
    """Run `main` in a thread of its own: tests of the browser leave a running loop in theirs."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, main).result()


def test_of_too_many_the_one_that_waited_longest_is_closed() -> None:
    async def run() -> list[bool]:
        connections = Connections(most=3)
        wires = open_all(connections, 3)
        connections.answer(("127.0.0.1", 0))
        wires += [Wire(), Wire()]
        connections.opened(("127.0.0.1", 8), wires[3])  # type: ignore[arg-type]
        connections.wait(("127.0.0.1", 0))
        connections.opened(("127.0.0.1", 9), wires[4])  # type: ignore[arg-type]
        return [wire.aborted for wire in wires]

    assert run_alone(run()) == [False, True, True, False, False]


def test_a_new_one_is_closed_where_all_others_are_being_answered() -> None:
    async def run() -> list[bool]:
        connections = Connections(most=2)
        wires = open_all(connections, 2)
        for port in range(2):
            connections.answer(("127.0.0.1", port))
        wires.append(Wire())
        connections.opened(("127.0.0.1", 9), wires[2])  # type: ignore[arg-type]
        return [wire.aborted for wire in wires]

    assert run_alone(run()) == [False, False, True]


def test_one_that_sends_nothing_in_time_is_closed() -> None:
    async def run() -> bool:
        (wire,) = open_all(Connections(seconds=0.05), 1)
        async with asyncio.timeout(30):
            while not wire.aborted:
                await asyncio.sleep(0.01)
        return wire.aborted

    assert run_alone(run())


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("ui") / "home"
    home.mkdir()
    with connect(home / "copydesk.duckdb") as connection:
        migrate(connection)
    with serving(home) as started:
        yield started


def connection_to(server: Server) -> socket.socket:
    address = urlsplit(server.address)
    return socket.create_connection((address.hostname, address.port), timeout=30)


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
        b"POST /quarantine/retry HTTP/1.1\r\nHost: HERE\r\nOrigin: http://HERE\r\nContent-Length: 9\r\n\r\na",
    ],
    ids=["nothing", "half a header", "half a body"],
)
def test_idle_connections_keep_nobody_out(server: Server, sent: bytes) -> None:
    with ExitStack() as stack:
        for _ in range(2 * MOST):
            wire = stack.enter_context(connection_to(server))
            with suppress(OSError):
                wire.sendall(sent.replace(b"HERE", urlsplit(server.address).netloc.encode()))
        assert get_in_time(server).status_code == 200


def get_in_time(server: Server) -> httpx.Response:
    """Ask for the first page, again where the connection was closed, for as long as a body may take to arrive."""
    for _ in range(30):
        try:
            return server.get("/")
        except httpx.TransportError:
            time.sleep(1)
    return server.get("/")


def test_half_a_header_ends_in_time(server: Server) -> None:
    with connection_to(server) as wire:
        wire.sendall(b"GET / HTTP/1.1\r\nHost: ")
        with suppress(ConnectionResetError):
            assert wire.recv(100) == b""


def test_half_a_body_ends_in_time(server: Server) -> None:
    here = urlsplit(server.address).netloc
    with connection_to(server) as wire:
        head = f"POST /quarantine/retry HTTP/1.1\r\nHost: {here}\r\nOrigin: http://{here}\r\nContent-Length: 9\r\n\r\na"
        wire.sendall(head.encode())
        with suppress(ConnectionResetError):
            assert wire.recv(100) == b""


def test_what_is_cut_off_is_no_fault(server: Server) -> None:
    """The last of the module: nothing was printed about connections that ended early."""
    server.process.terminate()
    _, said = server.process.communicate(timeout=20)
    assert "Traceback" not in said
