"""A run that was killed: resumed by the same command alone, else recorded as killed."""

import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from copydesk.flows.errors import UsageError
from copydesk.flows.run.local_runner import LocalRunner
from copydesk.flows.run.pipeline import run_pipeline
from copydesk.flows.settings import read_settings
from copydesk.flows.staging.folder import Summary
from tests.conftest import ARTICLES, COPYDESK, dump, load, rows
from tests.damage import flip
from tests.flows.conftest import kill_process_after

pytestmark = pytest.mark.usefixtures("stub_tagger")


class Killed(Exception):
    """What ends a run in its middle."""


class KilledAfter(LocalRunner):
    """Runs stages in this process and dies when one of them is done."""

    def __init__(self, stage: str) -> None:
        super().__init__()
        self._stage = stage

    def stage_done(self, summary: Summary) -> None:
        if summary.stage == self._stage:
            raise Killed


def kill_after(stage: str, home: Path, *inputs: Path, **flags: Any) -> None:
    with pytest.raises(Killed):
        run_pipeline([str(path) for path in inputs], read_settings(home=home, **flags), KilledAfter(stage))


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory, stub_tagger: None, empty_suites: Path) -> Path:
    """Return a folder with one article, an alias file and a home in which its run was killed after clean."""
    base = tmp_path_factory.mktemp("killed")
    (base / "a.txt").write_text(
        "Harbour board meets\n\n" + "The board met on Tuesday to talk of the pier. " * 9
    )
    (base / "aliases.csv").write_text("alias,name\nBoard,Harbour Board\n")
    shutil.copytree(empty_suites, base / "suites")
    kill_after("clean", base / "home", base / "a.txt", aliases=base / "aliases.csv", suites=base / "suites")
    return base


@pytest.fixture
def base(killed: Path, tmp_path: Path) -> Path:
    """Return a copy of it."""
    return shutil.copytree(killed, tmp_path / "base")


def start_again(base: Path, killed: Path, **flags: Any) -> bool:
    """Give the same command with other settings; return whether it resumed the killed run."""
    given = {"aliases": base / "aliases.csv", "suites": base / "suites"} | flags
    return load(base / "home", killed / "a.txt", **given).resumed


def test_the_same_command_resumes_a_killed_run(base: Path, killed: Path) -> None:
    assert start_again(base, killed)
    assert rows(base / "home", "SELECT state FROM runs") == [("completed",)]


def _other_aliases(base: Path) -> dict[str, Any]:
    (base / "aliases.csv").write_text("alias,name\nBoard,Town Board\n")
    return {}


@pytest.mark.parametrize(
    "change", [_other_aliases, lambda _: {"max_record_mb": 7.0}], ids=["contents of aliases", "max_record_mb"]
)
def test_a_killed_run_is_not_resumed_under_other_settings(
    base: Path, killed: Path, change: Callable[[Path], dict[str, Any]]
) -> None:
    changed = change(base)
    assert not start_again(base, killed, **changed)
    assert sorted(rows(base / "home", "SELECT state FROM runs")) == [("completed",), ("killed",)]
    assert list((base / "home" / "staging").glob("*")) == []
    kept = rows(
        base / "home",
        "SELECT (settings->>'$.max_record_mb')::DOUBLE, settings->>'$.line_model.name', "
        "length(settings->>'$.aliases.digest'), length(settings->>'$.code'), state FROM runs ORDER BY state",
    )
    assert kept == [
        (changed.get("max_record_mb", 200.0), "line_model", 16, 16, "completed"),
        (200.0, "line_model", 16, 16, "killed"),  # those it was killed with
    ]


@pytest.mark.parametrize("name", ["line_model", "glue", "agencies"])
def test_a_killed_run_does_not_hide_that_a_file_is_missing(base: Path, killed: Path, name: str) -> None:
    with pytest.raises(UsageError, match="nonexistent"):
        start_again(base, killed, **{name: "/nonexistent"})


def test_a_run_killed_and_not_resumed_is_marked(base: Path, killed: Path, tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text((killed / "a.txt").read_text().replace("pier", "quay"))
    result = load(base / "home", tmp_path / "b.txt", suites=base / "suites")
    assert (result.resumed, result.n_loaded) == (False, 1)
    assert sorted(rows(base / "home", "SELECT state FROM runs")) == [("completed",), ("killed",)]
    assert list((base / "home" / "staging").glob("*")) == []


def test_a_run_killed_after_it_was_published_is_reported_and_not_run_again(killed: Path, home: Path) -> None:
    kill_after("load", home, killed / "a.txt", suites=killed / "suites")
    before = dump(home)
    result = load(home, killed / "a.txt", suites=killed / "suites")
    assert (result.resumed, result.n_loaded, result.n_known) == (True, 1, 0)
    assert result.run_id == rows(home, "SELECT run_id FROM runs")[0][0]
    assert dump(home) == before
    assert list((home / "staging").glob("*")) == []
    again = load(home, killed / "a.txt", suites=killed / "suites")
    assert (again.resumed, again.n_loaded, again.n_known) == (False, 0, 1)


def test_a_run_killed_after_it_was_published_does_not_stand_for_another_request(
    killed: Path, home: Path
) -> None:
    kill_after("load", home, killed / "a.txt", suites=killed / "suites")
    result = load(home, killed / "a.txt", suites=killed / "suites", max_record_mb=7.0)
    assert (result.resumed, result.n_loaded, result.n_known) == (False, 0, 1)
    assert rows(home, "SELECT state FROM runs") == [("completed",), ("completed",)]


def test_a_run_killed_while_it_writes_its_report_leaves_no_empty_run(base: Path, killed: Path) -> None:
    def die(_: object) -> None:
        raise Killed

    settings = read_settings(home=base / "home", aliases=base / "aliases.csv", suites=base / "suites")
    given = ([str(killed / "a.txt")], settings)
    with pytest.raises(Killed):
        run_pipeline(*given, LocalRunner(), die)
    reported: list[object] = []
    result = run_pipeline(*given, LocalRunner(), reported.append)
    assert (result.resumed, result.n_loaded, result.n_known, len(reported)) == (True, 1, 0, 1)
    assert [summary.stage for summary in result.summaries] == ["ingest", "clean", "dedupe", "tag", "load"]
    assert rows(base / "home", "SELECT state FROM runs") == [("completed",)]
    assert list((base / "home" / "staging").glob("*")) == []


@pytest.mark.parametrize("name", ["identity.json", "clean/clean-00000.parquet"])
def test_a_killed_run_with_a_damaged_file_is_done_again_from_its_stage(
    name: str, base: Path, killed: Path
) -> None:
    (file,) = (base / "home" / "staging").glob(f"*/{name}")
    flip(file, bit=4)
    assert start_again(base, killed) is (name != "identity.json")
    assert rows(base / "home", "SELECT state, n_loaded FROM runs") == [("completed", 1)]


#: Six of the samples, two of them copies.
SOME = ARTICLES / "metro-wire"


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, stub_tagger: None) -> dict[str, list[str]]:
    """Return the warehouse that SOME end in."""
    home = tmp_path_factory.mktemp("undisturbed") / "home"
    load(home, SOME)
    return dump(home)


@pytest.mark.parametrize(
    "stage",
    [
        "load",
        *(pytest.param(name, marks=pytest.mark.nightly) for name in ("ingest", "clean", "dedupe", "tag")),
    ],
)
def test_a_killed_run_started_again_ends_in_the_same_warehouse(
    stage: str, home: Path, undisturbed: dict[str, list[str]]
) -> None:
    kill_process_after(home, stage, "run", "--direct", str(SOME))
    result = load(home, SOME)
    assert result.resumed
    assert dump(home) == undisturbed


@pytest.mark.nightly
@pytest.mark.parametrize("tenths", range(20, 100, 5))
def test_a_run_killed_at_any_time_ends_in_the_same_warehouse(
    tenths: int, home: Path, undisturbed: dict[str, list[str]]
) -> None:
    process = subprocess.Popen(
        [COPYDESK, "--home", str(home), "run", "--direct", str(SOME)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(tenths / 10)
    process.send_signal(signal.SIGKILL)
    process.wait()
    load(home, SOME)
    found = dump(home)
    for table in ("documents", "raw_documents", "edits", "duplicates", "mentions", "entities", "quarantine"):
        assert found[table] == undisturbed[table]
