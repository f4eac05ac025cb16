"""Scheduled runs, against a real server and a real process worker."""

import inspect
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from prefect.client.schemas.schedules import CronSchedule

from benchmarks import ROOT
from copydesk.flows.errors import UsageError
from copydesk.flows.orchestration import server
from copydesk.flows.orchestration.flow import copydesk_flow
from copydesk.flows.orchestration.schedule import ENTRYPOINT, serve
from copydesk.flows.settings import read_settings
from tests.conftest import COPYDESK, copydesk, rows
from tests.flows.orchestration.test_flow import prefect_rows, servers_end

pytestmark = pytest.mark.server

#: What the API of a temporary server asks for; without PREFECT_API_AUTH_STRING it is random.
AUTH = ("tests", "not-secret")


@contextmanager
def serving(
    home: Path, *inputs: Path, cron: str = "0 0 1 1 *"
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start `copydesk serve`; yield its process and the url of its server."""
    log = (home.parent / "serve.log").open("w+")
    process = subprocess.Popen(
        [COPYDESK, "--home", str(home), "serve", "--cron", cron, *map(str, inputs)],
        stdout=log,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"PREFECT_API_AUTH_STRING": ":".join(AUTH)},
    )
    try:
        deadline = time.monotonic() + 90
        while not (found := re.search(r"through (http://\S+/api)(.*)", Path(log.name).read_text())):
            assert process.poll() is None, Path(log.name).read_text()
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield process, found[1]
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
        log.close()


def start_run(url: str) -> str:
    """Ask the server for a run of the deployment now, as its schedule would."""
    (deployment,) = httpx.post(f"{url}/deployments/filter", json={}, auth=AUTH).json()
    run: dict[str, Any] = httpx.post(
        f"{url}/deployments/{deployment['id']}/create_flow_run",
        json={"state": {"type": "SCHEDULED"}},
        auth=AUTH,
    ).json()
    return str(run["id"])


def state_of(url: str, run: str, *awaited: str) -> tuple[str, str]:
    """Return state and message of a run once it is one of `awaited`."""
    deadline = time.monotonic() + 120
    while True:
        state = httpx.get(f"{url}/flow_runs/{run}", auth=AUTH).json()["state"]
        if state["type"] in awaited:
            return state["type"], state["message"] or ""
        assert time.monotonic() < deadline, state
        time.sleep(0.2)


@pytest.mark.nightly
def test_runs_load_what_is_new_one_at_a_time_and_a_killed_one_is_marked(
    tmp_path: Path, home: Path, article: Callable[..., str]
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(article(1))
    with serving(home, folder) as (process, url):
        assert state_of(url, start_run(url), "COMPLETED", "FAILED", "CRASHED")[0] == "COMPLETED"
        (folder / "b.txt").write_text(article(4))
        first, second = start_run(url), start_run(url)
        states = sorted(state_of(url, run, "COMPLETED", "CANCELLED", "FAILED") for run in (first, second))
        assert [state for state, _ in states] == ["CANCELLED", "COMPLETED"]
        assert "concurrency limit" in states[0][1].lower()
        assert rows(home, "SELECT n_known, n_loaded FROM runs ORDER BY started_at") == [(0, 1), (1, 1)]

        (folder / "c.txt").write_text(article(8))
        killed = start_run(url)
        state_of(url, killed, "RUNNING")
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert servers_end(home)
    with serving(home, folder) as (process, url):
        _, message = state_of(url, killed, "CRASHED")
        assert message  # by the next serve, or by the run itself where it noticed first
        assert state_of(url, start_run(url), "COMPLETED", "FAILED", "CRASHED")[0] == "COMPLETED"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    assert rows(home, "SELECT count(*) FROM articles") == [(3,)]
    assert servers_end(home)


@pytest.mark.nightly
def test_a_second_serve_of_the_same_home_is_refused(tmp_path: Path, home: Path) -> None:
    with serving(home, tmp_path):
        done = copydesk(home, "serve", "--cron", "0 0 1 1 *", str(tmp_path))
        assert done.returncode == 3
        assert "another serve" in done.stderr


@pytest.mark.parametrize("cron", ["often", "61 * * * *", "* *", "0 0 * * * *"])
def test_a_bad_schedule_is_refused_before_anything_starts(tmp_path: Path, home: Path, cron: str) -> None:
    with pytest.raises(UsageError, match=re.escape(repr(cron))):
        serve([str(tmp_path)], cron, read_settings(home=home))
    assert not home.exists()


def test_a_folder_that_does_not_exist_is_refused_before_anything_starts(tmp_path: Path, home: Path) -> None:
    with pytest.raises(UsageError, match="nosuchdir: No such file or directory"):
        serve([str(tmp_path / "nosuchdir")], "0 * * * *", read_settings(home=home))
    assert not home.exists()


@pytest.mark.nightly
def test_two_runs_on_a_real_cron(tmp_path: Path, home: Path, article: Callable[..., str]) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(article(1))
    with serving(home, tmp_path / "in", cron="* * * * *"):
        deadline = time.monotonic() + 240
        while len(prefect_rows(home, "SELECT 1 FROM flow_run WHERE state_type = 'COMPLETED'")) < 2:
            assert time.monotonic() < deadline
            time.sleep(1)
    assert rows(home, "SELECT n_known, n_loaded FROM runs ORDER BY started_at LIMIT 2") == [(0, 1), (1, 0)]
    assert (home / "reports" / "index.html").is_file()


def test_prefect_yaml_is_the_deployment_that_serve_makes() -> None:
    (deployment,) = yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]
    assert deployment["entrypoint"] == ENTRYPOINT
    assert set(deployment["parameters"]) < set(inspect.signature(copydesk_flow.fn).parameters)
    assert read_settings(**deployment["parameters"]["settings"]).home == Path("data").absolute()
    assert deployment["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}
    (schedule,) = deployment["schedules"]
    CronSchedule(**schedule)


@pytest.mark.nightly
def test_prefect_takes_its_yaml(tmp_path: Path, home: Path) -> None:
    """`prefect deploy`, against a real server."""
    prefect = COPYDESK.with_name("prefect")
    with server.prefect_server(home) as api:
        server.wait_for(api)
        environment = os.environ | {
            "PREFECT_API_URL": api.url,
            "PREFECT_API_AUTH_STRING": str(api.secret),
            "PREFECT_HOME": str(tmp_path / "prefect"),
            "NO_COLOR": "1",
        }
        (tmp_path / "prefect").mkdir()
        pool = [prefect, "--no-prompt", "work-pool", "create", "copydesk", "--type", "process"]
        subprocess.run(pool, env=environment, check=True, capture_output=True, timeout=120)
        done = subprocess.run(
            [prefect, "--no-prompt", "deploy", "--all"],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        auth = httpx.BasicAuth(*str(api.secret).split(":"))
        (deployment,) = httpx.post(f"{api.url}/deployments/filter", json={}, auth=auth).json()
    assert deployment["entrypoint"] == "flows/orchestration/flow.py:copydesk_flow"
    assert deployment["global_concurrency_limit"]["limit"] == 1
    assert deployment["schedules"][0]["schedule"]["cron"] == "0 * * * *"
