"""Temporary servers: who may ask them, where they write, and what ends them."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from copydesk.flows.orchestration import server
from tests.conftest import ARTICLES, copydesk
from tests.flows.orchestration.test_flow import command_of, prefect_rows, servers_end, servers_of

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[server.Server]:
    """Return a temporary server that answers."""
    with server.prefect_server(tmp_path_factory.mktemp("server")) as started:
        server.wait_for(started)
        yield started


def home_of(api: server.Server) -> Path:
    assert api.log
    return api.log.parent.parent


def test_it_answers_on_this_machine_alone_and_keeps_its_files_in_the_home(api: server.Server) -> None:
    assert server.reachable(api.url)
    assert api.url.startswith("http://127.0.0.1:")
    port = int(api.url.split(":")[2].removesuffix("/api"))
    listening = {
        line.split()[1]
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
        if line.split()[3] == "0A" and line.split()[1].endswith(f":{port:04X}")
    }
    assert listening == {f"0100007F:{port:04X}"}
    assert (home_of(api) / "prefect" / "prefect.db").is_file()
    assert prefect_rows(home_of(api), "SELECT count(*) FROM flow_run") == [(0,)]


def test_a_request_needs_the_secret_which_no_command_line_shows(api: server.Server) -> None:
    url, user, password = f"{api.url}/flow_runs/filter", *str(api.secret).split(":")
    assert httpx.post(url, json={}).status_code == 401
    assert httpx.post(url, json={}, auth=(user, "guess")).status_code == 401
    assert httpx.post(url, json={}, auth=(user, password)).json() == []
    assert len(password) >= 32
    processes = servers_of(home_of(api))
    assert len(processes) == 2
    assert not [pid for pid in processes if password in command_of(pid)]


def test_no_page_of_another_origin_may_read_or_ask(api: server.Server) -> None:
    user, password = str(api.secret).split(":")
    for origin in ("https://example.org", "null", "http://localhost:1"):
        asked = {"origin": origin, "access-control-request-method": "POST"}
        assert httpx.options(f"{api.url}/flow_runs/filter", headers=asked).status_code == 400
        answer = httpx.get(f"{api.url}/health", headers=asked)
        assert "access-control-allow-origin" not in answer.headers
        answer = httpx.post(f"{api.url}/flow_runs/filter", json={}, headers=asked, auth=(user, password))
        assert "access-control-allow-origin" not in answer.headers


def test_the_server_is_that_of_the_variable_else_of_the_active_profile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PREFECT_API_URL", "PREFECT_PROFILE", "PREFECT_PROFILES_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    assert server.named_server() is None
    (tmp_path / "profiles.toml").write_text(
        'active = "work"\n[profiles.work]\nPREFECT_API_URL = "http://127.0.0.1:9/api"\n[profiles.empty]\n'
    )
    assert server.named_server() == "http://127.0.0.1:9/api"
    with server.prefect_server(tmp_path) as named:
        assert (named.url, named.process) == ("http://127.0.0.1:9/api", None)
    monkeypatch.setenv("PREFECT_PROFILE", "empty")
    assert server.named_server() is None
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:8/api")
    assert server.named_server() == "http://127.0.0.1:8/api"


@pytest.mark.nightly
def test_a_run_reports_to_the_server_that_is_named(api: server.Server, home: Path) -> None:
    done = copydesk(
        home,
        "run",
        str(ARTICLES / "metro-wire"),
        PREFECT_API_URL=api.url,
        PREFECT_API_AUTH_STRING=str(api.secret),
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert prefect_rows(home_of(api), "SELECT state_type FROM flow_run") == [("COMPLETED",)]
    assert not (home / "prefect" / "prefect.db").exists()


def test_a_server_that_exits_is_an_error_with_its_log(tmp_path: Path) -> None:
    (tmp_path / "prefect").write_text("a file where the folder should be")
    with server.prefect_server(tmp_path) as api, pytest.raises(server.ServerFailed, match=r"server\.log"):
        server.wait_for(api)


@pytest.mark.nightly  # test_flow.py kills a run while its server starts
def test_it_ends_with_a_process_that_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from copydesk.flows.orchestration import server\n"
        "api = server.server_for_run(Path(sys.argv[1])); server.wait_for(api)\n"
        "print('up', flush=True); time.sleep(300)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    assert process.stdout.readline() == b"up\n"
    assert len(servers_of(tmp_path)) == 2
    process.kill()
    process.communicate(timeout=30)
    assert servers_end(tmp_path)
