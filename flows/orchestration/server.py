"""The Prefect API that flow runs report to: the user's server, or a temporary `prefect server start`.

A temporary server keeps everything in ``home/prefect`` (database, log, results) and ends with the process that
started it, however that ends. Only ``client_settings`` imports Prefect: the server starts beside the imports.
"""

import atexit
import logging
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

USUAL = "http://127.0.0.1:4200/api"
#: A shell that becomes the server, in a folder without a stray prefect.toml or .env. Its standard input is a pipe
#: from our process; the pipe ends when we do, and then the process group is stopped. Takes a Python and a port.
_LAUNCH = """
mkdir -p "$PREFECT_HOME" && cd "$PREFECT_HOME" && exec 3<&0 </dev/null >server.log 2>&1 || exit
{ trap '' TERM; read -r _; kill 0; sleep 5; kill -9 0; } <&3 &
exec "$1" -P -m prefect server start --host 127.0.0.1 --port "$2" 3<&-
"""
_SETTINGS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_ENABLED": "false",
    "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
    "PREFECT_SERVER_API_KEEPALIVE_TIMEOUT": "3600",  # a stage may pass between two requests, not 5 s
    # by default each task run state is written by itself, and a server that is stopped drops those that wait
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "500",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
}


class ServerFailed(RuntimeError):
    """The server exited or did not answer in time; the message is one line with the reason."""


@dataclass(frozen=True)
class Server:
    """A Prefect API at `url`; `process`, `secret` and `log` where this process started it."""

    url: str
    process: subprocess.Popen[bytes] | None = None
    secret: str | None = field(default=None, repr=False)
    log: Path | None = None


def keep_prefect_at_home(home: Path) -> None:
    """Let Prefect, not imported yet, keep its files in `home`; a Prefect set-up that the user has wins."""
    if "PREFECT_HOME" not in os.environ and not (Path.home() / ".prefect").exists():
        with suppress(OSError):  # the run says better what is wrong with the home
            (home / "prefect").mkdir(parents=True, exist_ok=True)
        os.environ["PREFECT_HOME"] = str(home / "prefect")
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("DO_NOT_TRACK", "1")


def reachable(url: str, timeout: float = 1.0) -> bool:
    """Say whether a Prefect API answers at `url` (``http://host:port/api``); never raises."""
    try:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{url}/health", timeout=timeout) as answer:
            return bool(answer.status == 200)
    except (OSError, ValueError):
        return False


def named_server() -> str | None:
    """Return the url of the server that PREFECT_API_URL names, else the user's active Prefect profile, if any.

    The profile is read without Prefect, whose import takes seconds.
    """
    if url := os.environ.get("PREFECT_API_URL"):
        return url
    home = Path(os.environ.get("PREFECT_HOME") or Path.home() / ".prefect").expanduser()
    file = Path(os.environ.get("PREFECT_PROFILES_PATH") or home / "profiles.toml").expanduser()
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    profile = content.get("profiles", {}).get(os.environ.get("PREFECT_PROFILE") or content.get("active"), {})
    url = profile.get("PREFECT_API_URL") or profile.get("api", {}).get("url")
    return str(url) if url else None


@contextmanager
def prefect_server(home: Path) -> Iterator[Server]:
    """Give the server that PREFECT_API_URL or the active Prefect profile names, else one at Prefect's usual port here,
    else a temporary one.

    A temporary server starts now (wait_for waits) and stops on exit. Its API asks for the user's
    PREFECT_API_AUTH_STRING, else for a random secret.
    """
    if url := named_server() or (USUAL if reachable(USUAL, timeout=0.3) else None):
        yield Server(url)
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = (home / "prefect").resolve()
    secret = os.environ.get("PREFECT_API_AUTH_STRING") or f"copydesk:{secrets.token_urlsafe(32)}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    environment |= _SETTINGS | {
        "PREFECT_HOME": str(folder),
        "PREFECT_SERVER_API_AUTH_STRING": secret,
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": f"http://127.0.0.1:{port}",  # by default any web page
    }
    with subprocess.Popen(
        ["/bin/sh", "-c", _LAUNCH, "sh", sys.executable, str(port)],
        env=environment,
        stdin=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C reaches us alone, and we stop the server last
    ) as process:
        try:
            yield Server(f"http://127.0.0.1:{port}/api", process, secret, folder / "server.log")
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=5)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def server_for_run(home: Path) -> Server:
    """Return prefect_server's for a run: it stops when this process exits, after Prefect has sent what it queues.

    From here on Prefect is silent on the terminal, where the progress bars are.
    """
    for handler in ("CONSOLE", "DEBUG"):
        os.environ.setdefault(f"PREFECT_LOGGING_HANDLERS_{handler}_LEVEL", "CRITICAL")
    logging.raiseExceptions = False  # log lines that cannot be sent
    stack = ExitStack()
    atexit.register(stack.close)  # before Prefect is imported: exit handlers run in reverse order
    return stack.enter_context(prefect_server(home))


def wait_for(server: Server, timeout: float = 60) -> None:
    """Return when a server that this process started answers. Raises ServerFailed if it does not in `timeout` s."""
    end = time.monotonic() + timeout
    while server.process and not reachable(server.url):
        code = server.process.poll()
        if code is not None or time.monotonic() > end:
            how = f"is not up after {timeout:g} s" if code is None else f"exited with {code}"
            raise ServerFailed(f"the Prefect server {how}; see {server.log}")
        time.sleep(0.05)


@contextmanager
def client_settings(server: Server, home: Path, retries: int = 3) -> Iterator[None]:
    """Put Prefect settings for flow runs against `server` in force inside the ``with`` block.

    Results below ``home/prefect/storage``; no heartbeat, whose thread delays the end of every flow by 1 s.
    `retries` is per request, after 2, 4 and 8 s.
    """
    from prefect.events.clients import PrefectEventsClient
    from prefect.events.worker import EventsWorker
    from prefect.settings import temporary_settings

    settings: dict[str, Any] = {
        "api.url": server.url,
        "client.max_retries": retries,
        "flows.heartbeat_frequency": None,
        "results.local_storage_path": (home / "prefect" / "storage").resolve(),
    }
    if server.secret:
        settings["api.auth_string"] = server.secret
    # by default each event is tried 11 times, 7 s, and the process waits for it at exit
    EventsWorker.set_client_override(PrefectEventsClient, reconnection_attempts=1)
    try:
        with temporary_settings(settings):
            yield
    finally:
        EventsWorker.set_client_override(None)
