"""The run as a Prefect flow, against real servers: reported, and never lost."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from copydesk.flows.orchestration import flow
from copydesk.flows.run.local_runner import LocalRunner
from copydesk.flows.run.pipeline import start
from copydesk.flows.run.progress import Display
from copydesk.flows.settings import read_settings
from copydesk.flows.staging.folder import Summary
from tests.conftest import ARTICLES, COPYDESK, copydesk, dump, load, rows

pytestmark = [pytest.mark.server, pytest.mark.usefixtures("stub_tagger")]
#: Six of the samples, two of them copies.
SOME = ARTICLES / "metro-wire"


def prefect_rows(home: Path, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(home / "prefect" / "prefect.db") as connection:
        return connection.execute(sql).fetchall()


def servers_of(home: Path) -> list[int]:
    """Return the ids of running processes that belong to a temporary server of `home`: it and its watcher."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                environment = (folder / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            ours = f"PREFECT_HOME={home / 'prefect'}".encode() in environment
            if ours and any(entry.startswith(b"PREFECT_SERVER_API_AUTH_STRING=") for entry in environment):
                found.append(int(folder.name))
    return found


def command_of(pid: int) -> str:
    """Return the command line of a process."""
    return Path(f"/proc/{pid}/cmdline").read_bytes().decode().replace("\0", " ")


def servers_end(home: Path) -> bool:
    """Say whether no process of a temporary server of `home` is left, after some seconds at most."""
    for _ in range(150):
        if not servers_of(home):
            return True
        time.sleep(0.1)
    return False


def test_a_run_is_a_flow_run_with_tasks_tables_and_json_results(home: Path) -> None:
    done = copydesk(home, "run", str(SOME))
    assert done.returncode == 0, done.stderr
    assert "without Prefect" not in done.stderr
    assert prefect_rows(home, "SELECT state_type FROM flow_run") == [("COMPLETED",)]
    tasks = {
        name
        for (name,) in prefect_rows(home, "SELECT DISTINCT name FROM task_run WHERE state_type = 'COMPLETED'")
    }
    assert tasks == {
        "ingest", "sift", "gate ingest", "accept", "lines", "template",
        "clean", "gate clean",
        "sign", "index", "candidates", "dedupe", "gate dedupe", "tag", "describe", "stories", "entities", "gate tag",
        "load",
    }  # fmt: skip
    artifacts = dict(prefect_rows(home, "SELECT key, type FROM artifact WHERE key IS NOT NULL"))
    assert artifacts == dict.fromkeys(
        (f"copydesk-{stage}" for stage in ("ingest", "clean", "dedupe", "tag", "load")), "table"
    )
    stored = [file for file in (home / "prefect" / "storage").rglob("*") if file.is_file()]
    assert stored
    ((n_loaded,),) = rows(home, "SELECT count(*) FROM documents")
    for file in stored:  # plain JSON: counts and ids, never text, no pickle
        assert json.loads(file.read_text())["n_loaded"] == n_loaded > 3
    assert servers_of(home) == []


@pytest.mark.nightly
def test_a_retry_is_a_flow_run_too(tmp_path: Path, home: Path, article: Callable[..., str]) -> None:
    (tmp_path / "a.txt").write_text(article())
    (tmp_path / "empty.txt").touch()
    load(home, tmp_path / "a.txt", tmp_path / "empty.txt")
    done = copydesk(home, "quarantine", "retry", "--stage", "ingest")
    assert done.returncode == 0, done.stderr
    assert "without Prefect" not in done.stderr
    assert "Retried: 0 passed, 1 in quarantine again." in done.stdout
    assert prefect_rows(home, "SELECT state_type FROM flow_run") == [("COMPLETED",)]
    ((parameters,),) = prefect_rows(home, "SELECT parameters FROM flow_run")
    assert json.loads(str(parameters))["retry"] == {"documents": [], "stage": "ingest", "expectation": None}
    assert rows(home, "SELECT state FROM quarantine ORDER BY rowid") == [("retried",), ("rejected",)]


@pytest.mark.nightly
def test_both_ways_of_running_give_the_same_warehouse(tmp_path: Path) -> None:
    assert copydesk(tmp_path / "flow", "run", str(SOME)).returncode == 0
    load(tmp_path / "direct", SOME)
    assert dump(tmp_path / "flow") == dump(tmp_path / "direct")


@pytest.mark.nightly
def test_a_server_that_cannot_start_degrades_to_a_direct_run(
    tmp_path: Path, home: Path, article: Callable[..., str]
) -> None:
    (tmp_path / "a.txt").write_text(article())
    (home / "prefect").mkdir(parents=True)
    (home / "prefect" / "prefect.db").write_bytes(b"this is no database" * 1000)
    done = copydesk(home, "run", str(tmp_path / "a.txt"))
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("going on without Prefect") == 1
    assert rows(home, "SELECT count(*) FROM articles") == [(1,)]


@pytest.mark.nightly
def test_a_server_that_does_not_answer_degrades_to_a_direct_run(
    tmp_path: Path, home: Path, article: Callable[..., str]
) -> None:
    (tmp_path / "a.txt").write_text(article())
    done = copydesk(home, "run", str(tmp_path / "a.txt"), PREFECT_API_URL="http://127.0.0.1:9/api")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("going on without Prefect") == 1
    assert rows(home, "SELECT count(*) FROM articles") == [(1,)]


class Lost(LocalRunner):
    """Loses its server when a stage is done."""

    def __init__(self, stage: str) -> None:
        super().__init__()
        self._stage = stage

    def stage_done(self, summary: Summary) -> None:
        if summary.stage == self._stage:
            raise ConnectionError("the server\nis gone")


@pytest.mark.parametrize("stage", ["ingest", None], ids=["after ingest", "when all is done"])
def test_a_run_that_loses_its_server_goes_on_without_it(
    tmp_path: Path,
    home: Path,
    article: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    stage: str | None,
) -> None:
    """The flow is replaced by what it does until its server is lost."""
    warned: list[str] = []
    done: list[str] = []
    display = Display()
    monkeypatch.setattr(display, "warn", warned.append)
    monkeypatch.setattr(display, "done", lambda summary: done.append(summary.stage))

    def lose(inputs: list[str], settings: dict[str, Any], retry: None) -> None:
        caller = flow._caller.get()
        assert caller is not None
        caller.result = start(
            inputs, read_settings(**settings), Lost(stage) if stage else LocalRunner(display)
        )
        raise ConnectionError("the server\nis gone")

    monkeypatch.setattr(flow, "copydesk_flow", lose)
    monkeypatch.setattr(flow.server, "wait_for", lambda api: None)
    monkeypatch.setattr(flow.server, "client_settings", lambda *given, **others: nullcontext())
    (tmp_path / "a.txt").write_text(article())
    api = flow.server.Server("http://127.0.0.1:9/api")
    result = flow.run_with_prefect([str(tmp_path / "a.txt")], read_settings(home=home), display, api)
    assert result is not None
    assert (result.n_loaded, result.resumed) == (1, stage is not None)
    assert warned == ["going on without Prefect: the server"]
    assert done == ["ingest", "clean", "dedupe", "tag", "load"]
    assert rows(home, "SELECT state, n_loaded FROM runs") == [("completed", 1)]


@pytest.mark.nightly
def test_a_server_killed_in_mid_run_loses_nothing(home: Path) -> None:
    process = subprocess.Popen(
        [COPYDESK, "--home", str(home), "run", str(SOME)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 120
    while not list((home / "staging").glob("*/ingest.json")):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    (server,) = [pid for pid in servers_of(home) if not command_of(pid).startswith("/bin/sh ")]
    os.kill(server, signal.SIGKILL)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert err.startswith("copydesk: going on without Prefect: ")
    assert err.count("\n") == 1
    assert "loaded" in out
    assert rows(home, "SELECT state, n_loaded > 3 FROM runs") == [("completed", True)]
    assert servers_end(home)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_no_process_is_left_behind(home: Path, number: signal.Signals) -> None:
    process = subprocess.Popen(
        [COPYDESK, "--home", str(home), "run", str(SOME)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while not servers_of(home):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(number)
    process.wait(timeout=30)
    assert servers_end(home)


@pytest.mark.nightly
def test_a_gate_that_stops_the_run_is_exit_1_through_prefect_too(
    tmp_path: Path, home: Path, article: Callable[..., str]
) -> None:
    shutil.copytree(read_settings().suites, tmp_path / "suites")
    with (tmp_path / "suites" / "clean.yaml").open("a") as suite:
        suite.write(
            "\n- {name: long_reads_only, severity: critical, expect: column_values_to_be_between,"
            " column: n_words, min_value: 5000, because: we print long reads}\n"
        )
    (tmp_path / "a.txt").write_text(article())
    done = copydesk(home, "run", str(tmp_path / "a.txt"), COPYDESK_SUITES=str(tmp_path / "suites"))
    assert done.returncode == 1
    assert "long_reads_only" in done.stderr
    assert "Traceback" not in done.stderr
    assert prefect_rows(home, "SELECT state_type FROM flow_run") == [("FAILED",)]
    assert prefect_rows(home, "SELECT run_count FROM task_run WHERE name = 'gate clean'") == [(1,)]
