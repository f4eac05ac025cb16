"""A temporary Prefect API server that lives no longer than the process that needs it.

``temporary_server`` starts a child and returns at once; the caller imports and reads while
the child (``server_child.py``) boots, 4 to 6 s of imports, then asks for the url. Everything
the server writes lies in ``home/prefect``: the database, its log, results. Only
``client_settings`` imports Prefect in the caller's process.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from copydesk.flows.settings import Settings

USUAL = "http://127.0.0.1:4200/api"
_CHILD = Path(__file__).with_name("server_child.py")
#: Services that one run does not need; the task run recorder stays: without it task runs are lost.
_OFF = (
    "SCHEDULER",
    "LATE_RUNS",
    "CANCELLATION_CLEANUP",
    "PAUSE_EXPIRATIONS",
    "FOREMAN",
    "REPOSSESSOR",
    "EVENT_PERSISTER",
    "EVENT_LOGGER",
    "TRIGGERS",
)


class ServerFailed(RuntimeError):
    """The server exited or did not answer in time; the message is one line with the reason."""


def keep_prefect_at_home(settings: Settings) -> None:
    """Let Prefect, which is not imported yet, keep its files in our home; a user's own Prefect set-up wins."""
    if "PREFECT_HOME" not in os.environ and not (Path.home() / ".prefect").exists():
        folder = settings.home / "prefect"
        with suppress(OSError):  # an unwritable home is told by the run itself, better
            folder.mkdir(parents=True, exist_ok=True)
        os.environ["PREFECT_HOME"] = str(folder)
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("DO_NOT_TRACK", "1")


def reachable(url: str, timeout: float = 1.0) -> bool:
    """Say whether a Prefect API answers at ``url`` (``http://host:port/api``); never raises."""
    try:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{url}/health", timeout=timeout) as answer:
            return bool(answer.status == 200)
    except (OSError, ValueError):
        return False


def running() -> str | None:
    """Return the url of a server that runs on this machine at Prefect's usual port, or None."""
    return USUAL if reachable(USUAL, timeout=0.3) else None


@contextmanager
def temporary_server(
    home: Path, timeout: float = 60, *, services: bool = False
) -> Iterator[Callable[[], str | None]]:
    """Start a server without blocking; yield ``ready``, and stop the server on exit.

    ``ready()`` returns the url once the API answers, None until then, and raises ServerFailed when it has not
    within ``timeout`` seconds of the start or the child exited. Never calling it is fine.
    ``services`` also runs the scheduler and the other loops (for ``serve``).
    """
    began, parent = time.monotonic(), str(os.getpid())
    folder = (home / "prefect").resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with socket.socket() as sock, (folder / "server.log").open("wb") as log:
            sock.bind(("127.0.0.1", 0))  # the child listens: no race for the port
            url = f"http://127.0.0.1:{sock.getsockname()[1]}/api"
            child = subprocess.Popen(
                [sys.executable, "-P", str(_CHILD), parent, str(sock.fileno()), str(int(services))],
                env=_environment(folder, services),
                cwd=folder,  # no stray prefect.toml, pyproject.toml or .env is read
                pass_fds=[sock.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches us first, and we stop the child last
            )
    except OSError as error:
        reason = f"the Prefect server could not start: {error}"

        def failed() -> str | None:
            raise ServerFailed(reason)

        yield failed
        return

    def ready() -> str | None:
        if reachable(url):
            return url
        late = time.monotonic() - began > timeout
        if late or child.poll() is not None:
            how = f"not up after {timeout:g} s" if late else f"exited ({child.returncode})"
            raise ServerFailed(f"Prefect server {how}; see {folder / 'server.log'}")
        return None

    try:
        yield ready
    finally:
        if child.poll() is None and "prefect.events.worker" in sys.modules:
            _drain(timeout=3)
        child.terminate()
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=5)
        child.kill()
        child.wait()


@contextmanager
def server_for_run(home: Path) -> Iterator[tuple[Callable[[], str | None], int]]:
    """Yield ``ready`` and the retries that a request deserves, for the server that a run reports to.

    That is the one that PREFECT_API_URL names, else one that runs on this machine, else a temporary one, which
    starts now. Nothing here imports Prefect: the server starts while the caller does.
    """
    url = os.environ.get("PREFECT_API_URL") or running()
    if url:
        yield lambda: url, 3
    else:
        with temporary_server(home) as ready:
            yield ready, 0


def wait_for(ready: Callable[[], str | None]) -> str:
    """Return the url of a starting server when it answers. Raises ServerFailed as `ready` does."""
    while (url := ready()) is None:
        time.sleep(0.05)
    return url


@contextmanager
def client_settings(url: str, home: Path, retries: int = 0) -> Iterator[None]:
    """Put Prefect settings for flow runs against ``url`` in force inside the ``with`` block.

    JSON results below ``home/prefect/storage``, no caching (its keys may pickle), no heartbeat
    (its thread delays the end of every flow by 1 s), no ephemeral server. ``retries`` is per
    request: with 0 a request to a dead server raises ``httpx.ConnectError`` after 1.5 s, with 1
    after 5 s, and the flow makes two before it gives up. Use 3 for a server that is not ours.
    """
    from prefect.events.clients import PrefectEventsClient
    from prefect.events.worker import EventsWorker
    from prefect.settings import temporary_settings

    settings = {
        "api.url": url,
        "api.request_timeout": 30,
        "client.max_retries": retries,
        "client.csrf_support_enabled": False,
        "flows.heartbeat_frequency": None,
        "logging.to_api.enabled": True,
        "results.default_serializer": "json",
        "results.local_storage_path": (home / "prefect" / "storage").resolve(),
        "server.analytics_enabled": False,
        "server.ephemeral.enabled": False,
        "tasks.disable_caching": True,
        "telemetry.enable_resource_metrics": False,
    }
    # by default each unsent event is tried 11 times, 7 s, and the process waits for it at exit
    EventsWorker.set_client_override(PrefectEventsClient, api_url=url, reconnection_attempts=1)
    try:
        with temporary_settings(settings):
            yield
    finally:
        EventsWorker.set_client_override(None)


def _drain(timeout: float) -> None:
    """Send what the client still queues: task run states (as events) and log lines."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    end = time.monotonic() + timeout
    for worker in (EventsWorker, APILogWorker):
        worker.drain_all(timeout=max(0.0, end - time.monotonic()), at_exit=False)


def _environment(folder: Path, services: bool) -> dict[str, str]:
    """Return the child's environment: ours without any Prefect setting, plus the server's."""
    ours = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    ours.pop("PYTHONDONTWRITEBYTECODE", None)
    ours |= {"PREFECT_HOME": str(folder)}
    ours |= {"PREFECT_SERVER_ANALYTICS_ENABLED": "false", "PREFECT_SERVER_UI_ENABLED": "false"}
    ours |= {"PREFECT_API_BLOCKS_REGISTER_ON_START": "false"}
    ours |= {"PREFECT_MEMOIZE_BLOCK_AUTO_REGISTRATION": "false"}
    # one write a second for all task run states, and a last one at the end, not one per state:
    # by default the server drops the last states when it stops
    ours |= {"PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "500"}
    ours |= {"PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1"}
    if not services:
        ours |= {f"PREFECT_SERVER_SERVICES_{name}_ENABLED": "false" for name in _OFF}
        ours |= {"PREFECT_SERVER_EVENTS_STREAM_OUT_ENABLED": "false"}
    return ours
