"""Serve the local UI until a signal ends it."""

import signal
import socket
import threading
import webbrowser
from types import FrameType
from typing import NoReturn

import uvicorn

from copydesk.flows.console import out
from copydesk.flows.errors import UsageError
from copydesk.flows.settings import Settings
from copydesk.flows.ui.app import make_app
from copydesk.flows.ui.connections import Connections, counted, timed
from copydesk.flows.ui.guard import guarded
from copydesk.flows.ui.retries import Retries

#: The only address served: there is no password.
HOST = "127.0.0.1"


def serve(settings: Settings, port: int, *, opened: bool = False) -> None:
    """Serve the warehouse of `settings` at `port` (0 picks a free one) until SIGINT or SIGTERM.

    Prints the address, and opens it in a browser if `opened`. Ends with exit code 0. Raises UsageError if there is
    no warehouse or the port is in use.
    """
    if not settings.warehouse.exists():
        raise UsageError(f"no warehouse at {settings.warehouse}; load one with: copydesk run INPUT...")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    with _listen(port) as listener, Retries(settings) as retries:
        port = listener.getsockname()[1]
        address = f"http://{HOST}:{port}/"
        connections = Connections()
        app = timed(guarded(make_app(settings, retries), port), connections)
        config = uvicorn.Config(
            app, log_config=None, access_log=False, lifespan="off", ws="none", server_header=False,
            proxy_headers=False, timeout_graceful_shutdown=1, http=counted(connections),
        )  # fmt: skip
        out.print(f"browse  {address}  (Ctrl-C ends it)", highlight=False, soft_wrap=True)
        if opened:
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        uvicorn.Server(config).run(sockets=[listener])


def _end(number: int, frame: FrameType | None) -> NoReturn:
    """End the process as asked: uvicorn raises the signal again when it has closed its connections."""
    del number, frame
    raise SystemExit(0)


def _listen(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(64)
    except OSError as error:
        listener.close()
        raise UsageError(
            f"cannot listen on port {port}: {error.strerror}; give another --port, or 0 for any that is free"
        ) from error
    return listener
