"""The command line as a user meets it: what it prints, and its exit codes."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from copydesk.flows.cli.main import app
from copydesk.flows.io.warehouse import run_lock
from copydesk.flows.settings import read_settings
from tests.conftest import COPYDESK, copydesk


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["run", "--direct", "/no/such/path"], "No such file"),
        (["run", "--direct", "--rules", "/no/rules.toml", "."], "rules"),
        (["run", "--direct", "--model", "no_such_model", "."], "model"),
        (["run", "--direct", "--batch-mb", "0", "."], "batch_mb"),
        (["--home", "/proc/nope", "run", "--direct", "."], "home"),
        (["--home", "/tmp/copydesk-nothing-here", "status"], "copydesk run"),
        (["--home", "/tmp/copydesk-nothing-here", "sql", "SELECT 1"], "copydesk run"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_2(
    tmp_path: Path, home: Path, article: Callable[..., str], arguments: list[str], word: str
) -> None:
    (tmp_path / "a.txt").write_text(article())
    done = copydesk(home, *arguments)
    assert done.returncode == 2, done.stderr
    *stages, line = done.stderr.splitlines()
    assert word in line
    assert all(stage.startswith(("ingest: ", "clean: ", "dedupe: ")) for stage in stages), done.stderr


def test_another_run_is_exit_3(tmp_path: Path, home: Path) -> None:
    with run_lock(read_settings(home=home)):
        done = copydesk(home, "run", "--direct", str(tmp_path))
    assert done.returncode == 3
    assert "another run holds" in done.stderr


def test_settings_come_from_flags_then_environment_then_file(tmp_path: Path, home: Path) -> None:
    (tmp_path / "copydesk.toml").write_text('batch_mb = "many"\n')
    assert "batch_mb" in copydesk(home, "status").stderr
    (tmp_path / "copydesk.toml").write_text(f'home = "{tmp_path}/from-file"\n')
    command = [str(COPYDESK), "status"]
    said = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path).stderr
    assert "from-file" in said
    environment = {"COPYDESK_HOME": str(tmp_path / "from-environment"), "PATH": "/usr/bin"}
    said = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment
    ).stderr
    assert "from-environment" in said


def test_every_command_has_help_with_an_example() -> None:
    commands = [
        *("run", "sql", "show", "demo", "ui", "report", "audit", "status", "serve"),
        *(f"quarantine {name}" for name in ("list", "retry", "export")),
        *(f"entities {name}" for name in ("list", "merge", "split")),
    ]
    top = subprocess.run([COPYDESK, "--help"], capture_output=True, text=True, check=True).stdout
    for command in commands:
        words = command.split()
        assert words[0] in top
        said = CliRunner().invoke(app, [*words, "--help"])
        assert said.exit_code == 0
        assert f"Example: copydesk {command}" in " ".join(said.output.split())


def test_a_closed_pipe_is_no_fault(loaded: Path) -> None:
    command = f"{COPYDESK} --home {loaded} sql 'SELECT * FROM range(200000)' --format csv | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stdout == "range\n"
    assert "Traceback" not in done.stderr
    assert "fault" not in done.stderr
