"""The work pool and the worker of `copydesk serve`: nothing runs but the deployment that serve made.

A work pool of Prefect's type `process` lets each flow run bring its own command, environment and folder. This one has
a template without variables, and the worker looks at pool, deployment and run again before it starts anything: a server
of the user's own may be changed by others.
"""

from typing import Any
from uuid import UUID

from anyio.abc import TaskStatus
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolCreate, WorkPoolUpdate
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.responses import DeploymentResponse
from prefect.exceptions import ObjectAlreadyExists
from prefect.workers.process import ProcessJobConfiguration, ProcessWorker, ProcessWorkerResult

POOL = "copydesk"
#: The template of the pool: what a run needs, and no variable that a run, a deployment or a pool could set.
TEMPLATE: dict[str, Any] = {
    "job_configuration": {"env": {}, "labels": {}, "stream_output": True},
    "variables": {"type": "object", "properties": {}},
}


class Altered(RuntimeError):
    """The work pool, the deployment or a run is not as `copydesk serve` made it."""


async def make_pool() -> None:
    """Create the work pool, or give an existing one the template."""
    async with get_client() as client:
        try:
            await client.create_work_pool(
                WorkPoolCreate(name=POOL, type="process", base_job_template=TEMPLATE)
            )
        except ObjectAlreadyExists:
            await client.update_work_pool(POOL, WorkPoolUpdate(base_job_template=TEMPLATE))


async def read_deployment(client: PrefectClient, deployment: UUID) -> dict[str, Any]:
    """Return what decides what a run of the deployment executes."""
    found: DeploymentResponse = await client.read_deployment(deployment)
    parts = ("entrypoint", "path", "parameters", "job_variables", "pull_steps", "work_pool_name")
    return {name: getattr(found, name) for name in parts}


class OwnWorker(ProcessWorker):
    """A process worker for one deployment; a run of anything else, or of an altered one, ends as crashed."""

    def __init__(self, deployment: UUID, as_made: dict[str, Any]) -> None:
        super().__init__(work_pool_name=POOL)
        self._deployment = deployment
        self._as_made = as_made

    async def run(
        self,
        flow_run: FlowRun,
        configuration: ProcessJobConfiguration,
        task_status: TaskStatus[int] | None = None,
    ) -> ProcessWorkerResult:
        """Run the deployment in a child process. Raises Altered if anything is not as it was made."""
        await self._check(flow_run)
        return await super().run(flow_run, configuration, task_status)

    async def _check(self, flow_run: FlowRun) -> None:
        async with get_client() as client:
            pool = await client.read_work_pool(POOL)
            deployment = await read_deployment(client, self._deployment)
        checks = {
            "the run is of another deployment": flow_run.deployment_id == self._deployment,
            "the run has job variables": not flow_run.job_variables,
            "the run has other parameters": flow_run.parameters == self._as_made["parameters"],
            "the work pool was changed": pool.base_job_template == TEMPLATE,
            "the deployment was changed": deployment == self._as_made,
        }
        if altered := [what for what, is_as_made in checks.items() if not is_as_made]:
            raise Altered(f"not started: {'; '.join(altered)}; start copydesk serve again to make it anew")
