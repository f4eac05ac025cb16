"""What the machine refuses a real process: one line that is true, exit code 2, and no traceback."""

import resource
import signal
import stat
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from tests.conftest import COPYDESK, rows


def run_limited(home: Path, *arguments: str, limits: dict[int, int]) -> subprocess.CompletedProcess[str]:
    def confine() -> None:
        for limit, value in limits.items():
            resource.setrlimit(limit, (value, value))

    command = [str(COPYDESK), "--home", str(home), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=confine)


@pytest.mark.parametrize(
    "n_bytes",
    [
        10_000,
        pytest.param(300_000, marks=pytest.mark.nightly),
        pytest.param(2_000_000, marks=pytest.mark.nightly),
        3_200_000,
    ],
)
def test_a_limit_on_files_says_what_was_published(
    tmp_path: Path, home: Path, article: Callable[..., str], n_bytes: int
) -> None:
    (tmp_path / "a.txt").write_text(article())
    arguments = ("run", "--direct", str(tmp_path / "a.txt"))
    done = run_limited(home, *arguments, limits={resource.RLIMIT_FSIZE: n_bytes})
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert "internal error" not in done.stderr
    line = done.stderr.splitlines()[-1]
    assert "a file would become larger" in line
    if n_bytes == 10_000:
        assert "nothing was published" in line
        return
    is_published = rows(home, "SELECT count(*) FROM documents") == [(1,)]
    assert ("is published (1 loaded)" if is_published else "nothing was published") in line
    again = run_limited(home, *arguments, limits={})
    assert again.returncode == 0, again.stderr
    assert rows(home, "SELECT count(*) FROM documents") == [(1,)]


def test_standard_output_that_is_full_or_closed_is_named(loaded: Path) -> None:
    for redirection, code, said in (
        (">/dev/full", 2, "standard output cannot be written: No space left on device"),
        (">&-", 2, "standard output is closed"),
        ("2>&-", 0, ""),
        ("2>/dev/full", 0, ""),
        ("| head -0", 0, ""),
    ):
        command = (
            f"set -o pipefail; {COPYDESK} --home {loaded} sql 'FROM range(99999)' --format csv {redirection}"
        )
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
        assert done.returncode == code, redirection
        assert said in done.stderr
        assert done.stderr.count("\n") == (1 if said else 0), done.stderr


def test_every_file_of_a_home_is_private_whatever_the_umask(
    tmp_path: Path, home: Path, article: Callable[..., str]
) -> None:
    (tmp_path / "a.txt").write_text(article())
    command = f"umask 0; TMPDIR={tmp_path}/tmp {COPYDESK} --home {home} run --direct {tmp_path}/a.txt"
    (tmp_path / "tmp").mkdir()
    subprocess.run(["bash", "-c", command], check=True, capture_output=True)
    for path in (home, *home.rglob("*"), *(tmp_path / "tmp").rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    assert (home / "reports" / "index.html").is_file()
    assert list((tmp_path / "tmp").iterdir()) == []


@contextmanager
def running(home: Path, file: Path) -> Iterator[tuple[subprocess.Popen[str], IO[str]]]:
    """Start a run in a process of its own; yield it and its standard error once it has finished a stage."""
    command = [str(COPYDESK), "--home", str(home), "run", "--direct", str(file)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("ingest: 1 of 1 records go on")
        yield process, process.stderr


def test_ctrl_c_is_answered_at_once_and_the_run_goes_on_later(
    tmp_path: Path, home: Path, article: Callable[..., str]
) -> None:
    (tmp_path / "a.txt").write_text(article())
    with running(home, tmp_path / "a.txt") as (process, said):
        process.send_signal(signal.SIGINT)
        assert "ending after this batch" in said.readline()
        assert process.poll() is None
        assert said.readlines()[-1] == (
            "copydesk: interrupted; run the same command again to continue where it stopped\n"
        )
        assert process.wait() == 130
    done = run_limited(home, "run", "--direct", str(tmp_path / "a.txt"), limits={})
    assert done.returncode == 0, done.stderr
    assert "(resumed)" in done.stdout
    assert rows(home, "SELECT n_loaded FROM runs") == [(1,)]


@pytest.mark.nightly
def test_a_second_ctrl_c_ends_it_now(tmp_path: Path, home: Path, article: Callable[..., str]) -> None:
    (tmp_path / "a.txt").write_text(article())
    with running(home, tmp_path / "a.txt") as (process, said):
        process.send_signal(signal.SIGINT)
        assert "ending after this batch" in said.readline()
        process.send_signal(signal.SIGINT)
        assert "copydesk: ended" in said.read()
        assert process.wait() == 130
