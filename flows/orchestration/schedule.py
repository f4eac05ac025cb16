"""Scheduled runs: a deployment with a cron schedule, and the process worker that carries it out.

The worker lives in the process of `copydesk serve` (with a temporary server, where none is named), so
everything ends with it. Each flow run is a child process of the worker.
"""

import asyncio
import contextlib
import os
import signal
import threading
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from filelock import FileLock, Timeout

from copydesk.flows.errors import Busy, UsageError
from copydesk.flows.io.inputs import absolute, check_exists
from copydesk.flows.orchestration import server
from copydesk.flows.settings import Settings
from copydesk.flows.shipped import ROOT

ENTRYPOINT = "flows/orchestration/flow.py:copydesk_flow"
_PID = "COPYDESK_SERVE_PID"


def serve(inputs: list[str], cron: str, settings: Settings) -> None:
    """Run the flow over `inputs` on `cron` until SIGTERM or SIGINT, one run at a time.

    A run that is in progress then is stopped and marked as crashed. Uses the server that PREFECT_API_URL names or
    that runs on this machine, else starts one for as long as it lives. Raises UsageError for a bad cron or a
    server that does not answer, Busy when another serve uses the home.
    """
    _check_cron(cron)
    for given in inputs:
        check_exists(given)
    parameters = {
        "inputs": [absolute(given) for given in inputs],
        "settings": settings.model_dump(mode="json"),
    }
    with ExitStack() as stack:
        settings.home.mkdir(parents=True, exist_ok=True)
        try:
            stack.enter_context(FileLock(settings.home / "serve.lock", mode=0o600, blocking=False))
        except Timeout as error:
            raise Busy(f"another serve uses {settings.home}; stop it, or give another --home") from error
        api = stack.enter_context(server.prefect_server(settings.home))
        if not api.process and not server.reachable(api.url, timeout=10):
            raise UsageError(f"no Prefect server answers at {api.url}; start it, or unset PREFECT_API_URL")
        try:
            server.wait_for(api)
        except server.ServerFailed as error:
            raise UsageError(str(error)) from error
        stack.enter_context(server.client_settings(api, settings.home))
        os.environ[_PID] = str(os.getpid())  # inherited by the runs
        asyncio.run(_serve(cron, parameters, api.url))


def end_with_serve() -> None:
    """End this process when the `serve` that started it is killed; called first in the flow.

    Without it the run works on, unseen, beside the next one. Does nothing in other processes.
    """
    parent = os.environ.get(_PID)

    def watch() -> None:
        while os.getppid() == int(parent or 0):
            time.sleep(0.5)
        os._exit(1)

    if parent and int(parent) == os.getppid():
        threading.Thread(target=watch, daemon=True).start()


def _check_cron(cron: str) -> None:
    refused = UsageError(f"--cron {cron!r} is no schedule; five fields, as in '0 * * * *' for every hour")
    if len(cron.split()) != 5:  # Prefect takes a sixth field for seconds
        raise refused
    from prefect.client.schemas.schedules import CronSchedule

    try:
        CronSchedule(cron=cron)
    except ValueError as error:
        raise refused from error


async def _serve(cron: str, parameters: dict[str, Any], url: str) -> None:
    """Deploy, clear what an earlier life left, then work until a signal cancels the worker."""
    from prefect.client.orchestration import get_client

    from copydesk.flows.orchestration.worker import OwnWorker, read_deployment

    deployment = await deploy(cron, ROOT, ENTRYPOINT, parameters)
    n_dead = await mark_abandoned(deployment)
    async with get_client() as client:
        as_made = await read_deployment(client, deployment)
    worker = asyncio.create_task(OwnWorker(deployment, as_made).start())
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, worker.cancel)
    abandoned = f"; {n_dead} run(s) killed earlier are marked as crashed" if n_dead else ""
    print(f"serving {cron!r} through {url}{abandoned}; stop with Ctrl-C", flush=True)  # noqa: T201
    try:
        await worker
    except asyncio.CancelledError:
        await mark_abandoned(deployment, "stopped with serve")


async def deploy(cron: str, root: Path, entrypoint: str, parameters: dict[str, Any]) -> UUID:
    """Create or update the work pool and the deployment; return the deployment's id.

    A run that falls due while another is in progress is cancelled by the server, with a message: the next one
    reads what it would have read. The flow is loaded from `root` as it is at each run.
    """
    from prefect import Flow
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy

    from copydesk.flows.orchestration.worker import POOL, make_pool

    await make_pool()
    flow: Flow[..., Any] = await Flow.afrom_source(source=str(root), entrypoint=entrypoint)
    with contextlib.redirect_stdout(None):  # Prefect's own table
        return await flow.adeploy(
            "scheduled",
            work_pool_name=POOL,
            build=False,
            push=False,
            cron=cron,
            parameters=parameters,
            job_variables={},
            concurrency_limit=ConcurrencyLimitConfig(
                limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW
            ),
            print_next_steps=False,
            ignore_warnings=True,
        )


async def mark_abandoned(deployment: UUID, why: str = "killed with an earlier serve") -> int:
    """Set runs of `deployment` that nobody works on to Crashed, and missed ones to Cancelled.

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
