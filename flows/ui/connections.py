"""Connections of the local UI: how many may be open, and how long each may take to send its request.

All clients are on this machine, so an address tells none from another: when too many connections are open, the one that
has waited longest for its request is closed, and whoever asks gets an answer.
"""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import ClientDisconnect
from uvicorn.protocols.http.h11_impl import H11Protocol

from copydesk.flows.ui.guard import App, Message

MOST = 64  # connections; a browser opens six
SECONDS = 10.0  # for the header of a request, for its body, and for each part of an answer to be taken

type Client = tuple[str, int]


class Connections:
    """The open connections of a server, by the address and port of the client."""

    def __init__(self, most: int = MOST, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._most = most
        self._open: dict[Client, asyncio.Transport] = {}
        self._waiting: dict[Client, asyncio.TimerHandle] = {}  # the one that has waited longest first

    def opened(self, client: Client, transport: asyncio.Transport) -> None:
        """Count a connection; close another if they are too many, or this one if all others are being answered."""
        if len(self._open) >= self._most:
            self.abort(next(iter(self._waiting), None))
        self._open[client] = transport
        self.wait(client)
        if len(self._open) > self._most:
            self.abort(client)

    def closed(self, client: Client) -> None:
        """Forget a connection."""
        self.answer(client)
        self._open.pop(client, None)

    def wait(self, client: Client) -> None:
        """Close the connection if it has sent no whole request in time."""
        self.answer(client)
        if client in self._open:
            loop = asyncio.get_running_loop()
            self._waiting[client] = loop.call_later(self.seconds, self.abort, client)

    def answer(self, client: Client) -> None:
        """Let the connection stay: its request is there."""
        if timer := self._waiting.pop(client, None):
            timer.cancel()

    def abort(self, client: Client | None) -> None:
        """Close a connection at once."""
        if client is not None and (transport := self._open.get(client)):
            self.closed(client)
            transport.abort()


def counted(connections: Connections) -> type[asyncio.Protocol]:
    """Return uvicorn's HTTP protocol, its connections counted in `connections`."""

    class Connection(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            connections.opened(transport.get_extra_info("peername"), transport)

        def connection_lost(self, exc: Exception | None) -> None:
            connections.closed(self.transport.get_extra_info("peername"))
            super().connection_lost(exc)

    return Connection


def timed(app: App, connections: Connections) -> App:
    """Wrap `app` so that a request whose body, or an answer whose reader, is too slow ends with its connection."""

    async def serve(
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        client = tuple(scope["client"])
        connections.wait(client)
        if scope["method"] in {"GET", "HEAD"}:
            connections.answer(client)

        async def receive_whole() -> Message:
            message = await receive()
            if not message.get("more_body"):
                connections.answer(client)
            return message

        async def send_in_time(message: Message) -> None:
            async with asyncio.timeout(connections.seconds):
                await send(message)

        try:
            await app(scope, receive_whole, send_in_time)
        except ClientDisconnect:  # whether by the client or by us, nobody is left to be told
            return
        except TimeoutError:
            connections.abort(client)
        else:
            connections.wait(client)

    return serve
