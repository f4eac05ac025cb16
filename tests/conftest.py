"""What many tests share: a home, a way to run, and a dump of a warehouse that two runs can be compared by."""

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import duckdb
import pytest

from copydesk.flows.io.resources import load_cleaning_resources, load_gazetteer
from copydesk.flows.run.local_runner import LocalRunner
from copydesk.flows.run.pipeline import RunResult, run_pipeline
from copydesk.flows.settings import Settings, read_settings
from copydesk.flows.shipped import ROOT
from copydesk.transforms.clean.stage import CleaningResources
from copydesk.transforms.entities.gazetteer import Gazetteer

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser import Tab

ARTICLES = ROOT / "seeds" / "articles"
COPYDESK = Path(sys.executable).with_name("copydesk")
#: What session-wide homes are made with, whatever a module of tests sets in the environment.
SHIPPED = {name: Settings.model_fields[name].default for name in ("model", "suites")}
#: Columns that tell the time of a run; everything else must be the same in two runs over the same input.
CLOCK = {"started_at", "finished_at", "applied_at", "seconds"}
_WHERE = {"run_digests": "WHERE table_name NOT IN ('runs', 'stages')"}


def load(home: Path, *inputs: Path | str, **flags: Any) -> RunResult:
    """Run the pipeline in this process."""
    return run_pipeline([str(given) for given in inputs], read_settings(home=home, **flags), LocalRunner())


def copydesk(
    home: Path, *arguments: str, timeout: float = 180, apart: bool = False, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command line, in this process where that tells the same: a start costs seconds of imports.

    A run through Prefect, a server, and what is to run `apart` get a process of their own.
    """
    through_prefect = {"run", "retry"} & set(arguments) and "--direct" not in arguments
    if apart or through_prefect or {"serve", "ui"} & set(arguments[:1]):
        return subprocess.run(
            [str(COPYDESK), "--home", str(home), *arguments],
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
            env=os.environ | environment,
            cwd=home.parent,
        )
    return in_this_process(home, arguments, environment)


def in_this_process(
    home: Path, arguments: tuple[str, ...], environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run the command line in this process."""
    from copydesk.flows.cli.main import main

    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2)]
    code: object = 0
    with (
        patch.dict(os.environ, environment),
        patch.object(sys, "argv", ["copydesk", "--home", str(home), *arguments]),
        chdir(home.parent),
        redirect_stdout(streams[0]),
        redirect_stderr(streams[1]),
    ):
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
    texts = []
    for stream in streams:
        stream.flush()
        texts.append(stream.buffer.getvalue().decode())  # type: ignore[attr-defined]
    return subprocess.CompletedProcess(list(arguments), int(str(code)), *texts)


def rows(home: Path, sql: str) -> list[tuple[Any, ...]]:
    """Query a warehouse."""
    with duckdb.connect(home / "copydesk.duckdb", read_only=True) as connection:
        return connection.execute(sql).fetchall()


def tamper(home: Path, sql: str) -> None:
    """Change a warehouse by hand."""
    with duckdb.connect(home / "copydesk.duckdb") as connection:
        connection.execute(sql)


def dump(home: Path) -> dict[str, list[str]]:
    """Return every table's rows, sorted, without the columns that tell the time, and without the digests of their
    tables.
    """
    tables = {}
    with duckdb.connect(home / "copydesk.duckdb", read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for (table,) in connection.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall():
            columns = [row[0] for row in connection.execute(f"DESCRIBE {table}").fetchall()]
            chosen = ", ".join(f'"{column}"' for column in columns if column not in CLOCK)
            tables[table] = sorted(
                map(
                    repr,
                    connection.execute(f"SELECT {chosen} FROM {table} {_WHERE.get(table, '')}").fetchall(),
                )
            )
    return tables


PROSE = (
    "The harbour board met on Tuesday evening to hear why the north pier had been closed since March, "
    "and its chair, {name}, told residents that the repairs would cost {cost} million and last {weeks} weeks.",
    "Engineers found rot in {beams} of the beams that carry the walkway, said {name}, who asked the county "
    "for help and promised that no fishing boat would lose its berth while the work went on in the basin.",
    "Shopkeepers near the pier, some of whom have lost half of their trade since spring, said they wanted a "
    "date for the reopening and a sign on the coast road that tells visitors the town is open all the same.",
)


def write_article(seed: int = 0, extra: str = "") -> str:
    """Return a small article; another seed gives another one of the same length, told with other facts."""
    facts = {
        "name": f"Dana Whitlock{'abcdefghij'[seed % 10]}",
        "cost": 3 + seed,
        "weeks": 11 + seed,
        "beams": 40 + seed,
    }
    title = f"Harbour board asks for {3 + seed} million to mend pier {seed}"
    return "\n\n".join([title, *(line.format(**facts) for line in PROSE), *([extra] if extra else [])])


@pytest.fixture
def article() -> Callable[..., str]:
    """Return a maker of small articles that differ in their facts."""
    return write_article


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home that does not exist yet."""
    return tmp_path / "home"


@pytest.fixture(scope="session")
def resources(tmp_path_factory: pytest.TempPathFactory) -> CleaningResources:
    """Return the resources of the clean stage, trained weights included; loading takes half a second."""
    return load_cleaning_resources(read_settings(home=tmp_path_factory.mktemp("resources")))


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    """Return all that is known of names."""
    return load_gazetteer(read_settings().entities)


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home into which the sample articles were loaded; for reading only."""
    path = tmp_path_factory.mktemp("sample") / "home"
    load(path, ARTICLES, **SHIPPED)
    return path


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """Return a headless Chromium; .ci/run installs it where it is missing."""
    from tests.browser import CHROMIUM, chromium

    if not Path(CHROMIUM).exists():
        pytest.skip("no chromium; install Debian's: apt-get install chromium")
    with chromium() as started:
        yield started


@pytest.fixture
def tab(browser: "Browser") -> Iterator["Tab"]:
    """Return a tab 1280 pixels wide, in light colours, with the network cut off."""
    from tests.browser import open_tab

    with open_tab(browser) as opened:
        yield opened
