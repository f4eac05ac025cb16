"""A run that was killed: resumed by the same command alone, else recorded as killed."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from copydesk.flows.errors import UsageError
from copydesk.flows.run.local_runner import LocalRunner
from copydesk.flows.run.pipeline import run_pipeline
from copydesk.flows.settings import read_settings
from copydesk.flows.staging.folder import Summary
from tests.conftest import load, rows

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
def killed(tmp_path_factory: pytest.TempPathFactory, stub_tagger: None) -> Path:
    """Return a folder with one article, an alias file and a home in which its run was killed after clean."""
    base = tmp_path_factory.mktemp("killed")
    (base / "a.txt").write_text(
        "Harbour board meets\n\n" + "The board met on Tuesday to talk of the pier. " * 9
    )
    (base / "aliases.csv").write_text("alias,name\nBoard,Harbour Board\n")
    kill_after("clean", base / "home", base / "a.txt", aliases=base / "aliases.csv")
    return base


@pytest.fixture
def base(killed: Path, tmp_path: Path) -> Path:
    """Return a copy of it."""
    return shutil.copytree(killed, tmp_path / "base")


def start_again(base: Path, killed: Path, **flags: Any) -> bool:
    """Give the same command with other settings; return whether it resumed the killed run."""
    given = {"aliases": base / "aliases.csv"} | flags
    return load(base / "home", killed / "a.txt", **given).resumed


def test_the_same_command_resumes_a_killed_run(base: Path, killed: Path) -> None:
    assert start_again(base, killed)
    assert rows(base / "home", "SELECT state FROM runs") == [("completed",)]


def _other_aliases(base: Path) -> dict[str, Any]:
    (base / "aliases.csv").write_text("alias,name\nBoard,Town Board\n")
    return {}


def _other_glue(base: Path) -> dict[str, Any]:
    shutil.copytree(read_settings().glue, base / "unglue")
    with (base / "unglue" / "brands.txt").open("a") as brands:
        brands.write("KopyDesk\n")
    return {"glue": base / "unglue"}


@pytest.mark.parametrize(
    "change", [_other_aliases, _other_glue, lambda _: {"max_record_mb": 7.0}], ids=["aliases", "glue", "size"]
)
def test_a_killed_run_is_not_resumed_under_other_settings(
    base: Path, killed: Path, change: Callable[[Path], dict[str, Any]]
) -> None:
    assert not start_again(base, killed, **change(base))
    assert sorted(rows(base / "home", "SELECT state FROM runs")) == [("completed",), ("killed",)]
    assert list((base / "home" / "staging").glob("*")) == []


@pytest.mark.parametrize("name", ["line_model", "glue", "agencies"])
def test_a_killed_run_does_not_hide_that_a_file_is_missing(base: Path, killed: Path, name: str) -> None:
    with pytest.raises(UsageError, match="nonexistent"):
        start_again(base, killed, **{name: "/nonexistent"})


def test_the_warehouse_keeps_the_settings_that_shaped_a_run(base: Path, killed: Path) -> None:
    load(base / "home", killed / "a.txt", max_record_mb=7.0)
    assert rows(
        base / "home",
        "SELECT settings->>'$.max_record_mb', settings->>'$.line_model.name', length(settings->>'$.line_model.digest') "
        "FROM runs WHERE state = 'completed'",
    ) == [("7.0", "line_model", 16)]
