"""Scheduled runs: a deployment with a cron schedule and the process worker that runs it.

Everything lives in this one process (and a temporary server when PREFECT_API_URL is unset), so
it all ends with it. Flow runs are child processes of the worker.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import threading
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from flows import server

POOL = "copydesk"
_PID = "COPYDESK_SERVE_PID"


def serve(
    cron: str,
    *,
    home: Path,
    root: Path,
    entrypoint: str,
    name: str = "scheduled",
    parameters: dict[str, Any] | None = None,
) -> None:
    """Run the flow at ``entrypoint`` ("file.py:function" below ``root``) on ``cron`` until stopped.

    Returns within seconds of SIGTERM or SIGINT; the run in progress is then stopped and reported
    as crashed. Uses PREFECT_API_URL or starts a server for as long as it lives. Raises
    ServerFailed when no server answers, ValueError for a bad cron, RuntimeError when another
    ``serve`` uses ``home``.
    """
    with ExitStack() as stack:
        home.mkdir(parents=True, exist_ok=True)
        lock = stack.enter_context((home / "serve.lock").open("w"))
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RuntimeError(f"another serve is running with {home}") from None
        url = os.environ.get("PREFECT_API_URL", "")
        if not url:
            url = stack.enter_context(server.temporary_server(home, services=True))()
        elif not server.reachable(url, timeout=10):
            raise server.ServerFailed(f"no Prefect server answers at {url}")
        stack.enter_context(server.client_settings(url, home, retries=3))
        os.environ[_PID] = str(os.getpid())  # inherited by the runs
        asyncio.run(_serve(cron, root, entrypoint, name, parameters or {}))


def end_with_serve() -> None:
    """Call first in the flow: a run that ``serve`` started ends when ``serve`` is killed.

    Without it the run works on, unseen, beside the next one. Does nothing in other processes.
    """
    parent = os.environ.get(_PID)

    def watch() -> None:
        while os.getppid() == int(parent or 0):
            time.sleep(0.5)
        os._exit(1)

    if parent and int(parent) == os.getppid():
        threading.Thread(target=watch, daemon=True).start()


async def _serve(cron: str, root: Path, entrypoint: str, name: str, parameters: dict[str, Any]) -> None:
    """Deploy, clear what an earlier life left, then work until a signal cancels the worker."""
    from prefect.workers.process import ProcessWorker

    deployment = await deploy(cron, root, entrypoint, name, parameters)
    await mark_abandoned(deployment)
    work = asyncio.create_task(ProcessWorker(work_pool_name=POOL).start())
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, work.cancel)
    print(f"serving {entrypoint} at {cron!r}; stop with Ctrl-C", flush=True)
    try:
        await work
    except asyncio.CancelledError:
        await mark_abandoned(deployment, "stopped with serve")


async def deploy(cron: str, root: Path, entrypoint: str, name: str, parameters: dict[str, Any]) -> UUID:
    """Create or update the work pool and the deployment; return the deployment's id.

    One run at a time: a run that falls due while another is in progress is cancelled by the
    server with a message. The flow is loaded from ``root`` as it is at each run.
    """
    from prefect import Flow
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
    from prefect.exceptions import ObjectAlreadyExists

    async with get_client() as client:
        try:
            await client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))
        except ObjectAlreadyExists:
            pass
    flow: Flow[..., Any] = await Flow.afrom_source(source=str(root.resolve()), entrypoint=entrypoint)
    return await flow.adeploy(
        name,
        work_pool_name=POOL,
        build=False,
        push=False,
        cron=cron,
        parameters=parameters,
        concurrency_limit=ConcurrencyLimitConfig(
            limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW
        ),
        print_next_steps=False,
        ignore_warnings=True,
    )


async def mark_abandoned(deployment: UUID, why: str = "its process died with an earlier serve") -> int:
    """Set runs of ``deployment`` that nobody works on to Crashed, missed ones to Cancelled.

    Returns how many were Running or Pending. Call only while no worker of ours runs.
    """
    from prefect.client.orchestration import get_client
    from prefect.client.schemas import filters
    from prefect.client.schemas.objects import State, StateType
    from prefect.states import Cancelled, Crashed

    ours = filters.DeploymentFilter(id=filters.DeploymentFilterId(any_=[deployment]))

    def of(*types: StateType) -> filters.FlowRunFilter:
        state = filters.FlowRunFilterState(type=filters.FlowRunFilterStateType(any_=list(types)))
        return filters.FlowRunFilter(state=state)

    live = of(StateType.RUNNING, StateType.PENDING, StateType.CANCELLING)
    now = datetime.now(UTC)
    async with get_client() as client:
        dead = await client.read_flow_runs(flow_run_filter=live, deployment_filter=ours)
        for run in dead:
            await client.set_flow_run_state(run.id, Crashed(message=f"Crashed: {why}"), force=True)
        due = of(StateType.SCHEDULED)
        for run in await client.read_flow_runs(flow_run_filter=due, deployment_filter=ours):
            if run.next_scheduled_start_time and run.next_scheduled_start_time < now:
                missed: State[Any] = Cancelled(message="missed: serve was not running")
                await client.set_flow_run_state(run.id, missed, force=True)
    return len(dead)
