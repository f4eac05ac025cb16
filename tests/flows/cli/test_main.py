"""The command line as a user meets it: what it prints, and its exit codes."""

import csv
import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from copydesk.flows.io.warehouse import run_lock
from copydesk.flows.settings import read_settings
from tests.conftest import COPYDESK, copydesk, load, rows, tamper


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    (folder / "a.txt").write_text(
        "Pier to reopen in May\n\nBy Dana Whitlock\n\nThe north pier will reopen to the public in May, the harbour "
        "board in Selwick, England, said on Tuesday after a week of talks with its builders.\n\nSource: Metro Wire\n"
    )
    (folder / "empty.txt").touch()
    load(folder / "home", folder)
    return folder / "home"


def test_run_ends_in_one_table_and_says_where_things_lie(
    tmp_path: Path, home: Path, article: Callable[..., str]
) -> None:
    (tmp_path / "a.txt").write_text(article())
    first = copydesk(home, "run", "--direct", str(tmp_path / "a.txt"))
    assert first.returncode == 0, first.stderr
    assert first.stdout.count("┏") == 1
    for word in (
        "loaded",
        "quarantined",
        "duplicates",
        "seconds",
        "home/copydesk.duckdb",
        "index.html",
        "SELECT",
    ):
        assert word in first.stdout
    assert (home / "reports" / "index.html").exists()
    second = copydesk(home, "run", "--direct", str(tmp_path / "a.txt"))
    assert second.returncode == 0
    assert "Nothing new: all 1 records were read by earlier runs. 0 loaded." in second.stdout


def test_the_suggested_queries_run(loaded: Path) -> None:
    from copydesk.flows.cli.summary import QUERIES

    for query in QUERIES:
        assert rows(loaded, query)


def test_sql_in_every_format(loaded: Path) -> None:
    query = "SELECT title, byline, credit, n_words FROM articles"
    expected = ("Pier to reopen in May", "Dana Whitlock", "Metro Wire", 27)
    assert "Pier to reopen" in copydesk(loaded, "sql", query).stdout
    (row,) = json.loads(copydesk(loaded, "sql", query, "--format", "json").stdout)
    assert tuple(row.values()) == expected
    header, line = csv.reader(io.StringIO(copydesk(loaded, "sql", query, "--format", "csv").stdout))
    assert (header[0], line) == ("title", [*expected[:3], "27"])
    command = [COPYDESK, "--home", str(loaded), "sql", query, "--format", "parquet"]
    frame = pl.read_parquet(subprocess.run(command, capture_output=True, check=True).stdout)
    assert frame.rows() == [expected]


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("DELETE FROM documents", "read-only"),
        ("SELECT 1; SELECT 2", "one SQL statement"),
        ("SELECT nope FROM articles", "nope"),
        ("SELEC 1", "syntax"),
        ("SELECT * FROM read_csv('/etc/passwd')", "disabled"),
        ("COPY documents TO '/tmp/copydesk-leak.csv'", "disabled"),
        ("ATTACH '/tmp/copydesk-other.db'", "disabled"),
        ("", "one SQL statement"),
    ],
)
def test_sql_refuses_in_one_line(loaded: Path, query: str, word: str) -> None:
    done = copydesk(loaded, "sql", query)
    assert done.returncode == 2
    assert word in done.stderr
    assert done.stderr.count("\n") == 1


def test_audit_exits_1_when_a_row_was_changed_by_hand(
    tmp_path: Path, home: Path, article: Callable[..., str]
) -> None:
    (tmp_path / "a.txt").write_text(article())
    load(home, tmp_path / "a.txt")
    assert copydesk(home, "audit").returncode == 0
    tamper(home, "UPDATE documents SET text = replace(text, 'Tuesday', 'Monday!')")
    done = copydesk(home, "audit")
    assert done.returncode == 1
    assert "text_follows_from_edits" in done.stderr
    assert done.stderr.count("\n") == 1


def test_status_and_quarantine_list(loaded: Path) -> None:
    status = copydesk(loaded, "status").stdout
    for word in ("completed", "copydesk.duckdb", "duckdb 1.5.5", "documents 1"):
        assert word in status
    listing = copydesk(loaded, "quarantine", "list").stdout
    assert "record_is_not_empty" in listing
    assert "empty.txt" in listing


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
    assert word in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert "Traceback" not in done.stderr


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
    top = subprocess.run([COPYDESK, "--help"], capture_output=True, text=True, check=True).stdout
    for name in ("run", "sql", "audit", "status", "serve", "quarantine"):
        assert name in top
    for words in (
        ["run"],
        ["sql"],
        ["audit"],
        ["status"],
        ["serve"],
        *(["quarantine", name] for name in ("list", "retry", "export")),
    ):
        said = subprocess.run([COPYDESK, *words, "--help"], capture_output=True, text=True, check=True).stdout
        assert "Example: copydesk" in said


def test_a_closed_pipe_is_no_fault(loaded: Path) -> None:
    command = f"{COPYDESK} --home {loaded} sql 'SELECT * FROM range(200000)' --format csv | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stdout == "range\n"
    assert "Traceback" not in done.stderr
    assert "fault" not in done.stderr
