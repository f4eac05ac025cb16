"""What a served Prefect API lets a caller run: the deployment as serve made it, and nothing else."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import rows
from tests.flows.orchestration.test_schedule import AUTH, serving, state_of

pytestmark = pytest.mark.server


@pytest.mark.nightly
def test_nothing_but_the_deployment_as_it_was_made_is_run(
    tmp_path: Path, home: Path, article: Callable[..., str]
) -> None:
    """Even who holds the secret, or asks a server without one, cannot choose command, environment or inputs."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(article())
    command = f"touch {tmp_path}/ran"
    with serving(home, tmp_path / "in") as (_, url), httpx.Client(base_url=url, auth=AUTH) as client:
        (deployment,) = client.post("/deployments/filter", json={}).json()
        address = f"/deployments/{deployment['id']}"

        def start(**changes: Any) -> str:
            asked = {"state": {"type": "SCHEDULED"}} | changes
            return str(client.post(f"{address}/create_flow_run", json=asked).json()["id"])

        def refused(why: str, **changes: Any) -> None:
            state, message = state_of(url, start(**changes), "CRASHED", "COMPLETED", "FAILED")
            assert (state, why in message) == ("CRASHED", True), message

        refused("the run has job variables", job_variables={"command": command})
        refused("the run has other parameters", parameters={"inputs": ["/etc"]})
        assert state_of(url, start(), "COMPLETED", "CRASHED", "FAILED")[0] == "COMPLETED"
        steps = [{"prefect.deployments.steps.run_shell_script": {"script": command}}]
        assert client.patch(address, json={"pull_steps": steps}).is_success
        refused("the deployment was changed")
        template = {"job_configuration": {"command": command}, "variables": {"properties": {}}}
        assert client.patch("/work_pools/copydesk", json={"base_job_template": template}).is_success
        refused("the work pool was changed")
    assert not (tmp_path / "ran").exists()
    assert rows(home, "SELECT count(*) FROM raw_documents") == [(1,)]
