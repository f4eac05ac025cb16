"""A disk that fails, or a process that dies, at any open, write, fsync and rename: the same command goes on, nothing is
lost, nothing is doubled, and the warehouse is that of an undisturbed home.
"""

import errno
import itertools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from copydesk.flows.io.warehouse import reading
from copydesk.flows.settings import read_settings
from copydesk.warehouse.audit import audit
from tests.conftest import dump, load, write_article
from tests.damage import cut, flip

pytestmark = [pytest.mark.usefixtures("stub_tagger"), pytest.mark.nightly]

KILL = 0
#: Kill points: kind of call, part of the path, which of the calls.
POINTS = {
    "the run is noted": ("rename", "run.json", 1),
    "a batch is read": ("rename", "raw-00000.parquet", 1),
    "the run has its id": ("rename", "identity.json", 1),
    "the warehouse is made": ("rename", "copydesk.duckdb$", 1),
    "a batch is cleaned": ("rename", "clean-00000.parquet", 1),
    "clean is done": ("rename", "clean.json", 1),
    "words are kept": ("write", "words.sqlite", 3),
    "entities are resolved": ("rename", "entities.parquet", 1),
    "the commit begins": ("write", "copydesk.duckdb.wal", 2),
    "the commit is flushed": ("fsync", "copydesk.duckdb.wal", 1),
    "the checkpoint is written": ("write", "copydesk.duckdb$", 3),
    "load is done": ("rename", "load.json", 1),
    "the report is written": ("rename", "index.html", 1),
    "staging is removed": ("rename", ".discarded-", 1),
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the compiled shim."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("no C compiler, or no Linux")
    made = tmp_path_factory.mktemp("shim") / "faults.so"
    source = Path(__file__).with_name("faults.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", made, source, "-ldl"], check=True)
    return made


@pytest.fixture(scope="module")
def run_with(library: Path, stub_tagger: None) -> Iterator[Callable[..., dict[str, Any]]]:
    """Return a function that runs the pipeline in a process with one fault."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.flows.run.fault_process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"LD_PRELOAD": str(library)},
    )
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        lines = process.stdout

        def run(
            home: Path, given: Path, kind: str, n: int, error: int, part: str, *, stays: bool = False
        ) -> Any:
            process.stdin.write(json.dumps([str(home), str(given), kind, n, error, stays, part]) + "\n")
            process.stdin.flush()
            return json.loads(lines.readline())

        yield run
        process.stdin.close()


@pytest.fixture(scope="module", params=[0, 3, 6], ids="seed{}".format)
def inputs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with `articles`, twelve records (copies and an empty file among them), and `undisturbed`."""
    base = tmp_path_factory.mktemp("inputs")
    (base / "articles").mkdir()
    for number in range(9):
        text = write_article((request.param + number) % 10)
        (base / "articles" / f"{number}.txt").write_text(text)
        if number < 2:
            (base / "articles" / f"copy-{number}.txt").write_text(text)
    (base / "articles" / "empty.txt").touch()
    load(base / "undisturbed", base / "articles")
    return base


def assert_heals(base: Path, home: Path) -> None:
    """Assert that the same command, given again, ends in the warehouse of an undisturbed home."""
    load(home, base / "articles")
    assert dump(home) == dump(base / "undisturbed")
    with reading(read_settings(home=home)) as warehouse:
        assert [name for name, n_broken, _ in audit(warehouse).iter_rows() if n_broken] == []
    assert list((home / "staging").glob("*")) == []


@pytest.mark.parametrize("point", POINTS)
def test_a_run_killed_at_a_named_point_goes_on(
    inputs: Path, home: Path, run_with: Callable[..., dict[str, Any]], point: str
) -> None:
    kind, part, n = POINTS[point]
    assert run_with(home, inputs / "articles", kind, n, KILL, part)["ended"] == "killed"
    assert_heals(inputs, home)


@pytest.mark.parametrize("damage", [Path.unlink, cut, flip])
def test_a_run_whose_write_ahead_log_is_lost_is_published_again(
    inputs: Path, home: Path, run_with: Callable[..., dict[str, Any]], damage: Callable[[Path], None]
) -> None:
    kind, part, n = POINTS["the checkpoint is written"]
    assert run_with(home, inputs / "articles", kind, n, KILL, part)["ended"] == "killed"
    log = home / "copydesk.duckdb.wal"
    assert log.stat().st_size > 10_000
    damage(log)
    assert_heals(inputs, home)


@pytest.mark.parametrize("error", [errno.EIO, errno.ENOSPC], ids=errno.errorcode.get)
@pytest.mark.parametrize("kind", ["open", "write", "fsync", "rename"])
def test_a_disk_that_fails_at_any_call_loses_and_doubles_nothing(
    inputs: Path, tmp_path: Path, run_with: Callable[..., dict[str, Any]], kind: str, error: int
) -> None:
    """Every call of a run over twelve records; COPYDESK_FAULTS_STEP=N tries every N-th."""
    step = int(os.environ.get("COPYDESK_FAULTS_STEP", "1"))
    for n in itertools.count(1, step):
        home = tmp_path / f"home-{n}"
        answer = run_with(home, inputs / "articles", kind, n, error, str(home), stays=error == errno.ENOSPC)
        if answer["ended"] == "done" and answer["seen"] < n:
            break
        assert_heals(inputs, home)
        shutil.rmtree(home)
