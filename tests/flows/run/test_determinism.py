"""The result of a run does not depend on the order of files, on batches, on workers or on the hash seed."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from copydesk.flows.run.local_runner import LocalRunner
from copydesk.flows.run.pipeline import run_pipeline
from copydesk.flows.settings import read_settings
from tests.conftest import dump, load, rows

pytestmark = pytest.mark.usefixtures("stub_tagger", "open_gates")


class Threads(LocalRunner):
    """Runs batches side by side, the last one first."""

    def __init__(self, n_workers: int) -> None:
        super().__init__()
        self._n_workers = n_workers

    def map[*Ts](self, name: str, function: Callable[[*Ts], None], items: Sequence[tuple[*Ts]]) -> None:
        with ThreadPoolExecutor(self._n_workers) as workers:
            list(workers.map(lambda item: function(*item), reversed(items)))


#: Runs the pipeline with another hash seed: home, megabytes per batch, workers, inputs.
_APART = """
import sys
from copydesk.flows.run.pipeline import run_pipeline
from copydesk.flows.run.local_runner import LocalRunner
from copydesk.flows.run.pipeline import run_pipeline
from copydesk.flows.settings import read_settings
from tests.flows.run.test_determinism import Threads
home, batch_mb, workers, *inputs = sys.argv[1:]
run_pipeline(inputs, read_settings(home=home, batch_mb=float(batch_mb)), Threads(int(workers)))
"""


@pytest.fixture
def files(tmp_path: Path, article: Callable[..., str]) -> list[Path]:
    """Return six articles, two of them nearly the same."""
    paths = [tmp_path / "in" / f"{seed}.txt" for seed in range(6)]
    paths[0].parent.mkdir()
    for seed, path in enumerate(paths):
        path.write_text(article(seed % 5, extra="A line of its own." if seed == 5 else ""))
    return paths


def content(home: Path) -> dict[str, list[str]]:
    """Return the tables that must not depend on how a run was cut up, without the run's id."""
    run_id = str(rows(home, "SELECT run_id FROM runs")[0][0])
    names = (
        "raw_documents",
        "documents",
        "edits",
        "duplicates",
        "mentions",
        "entities",
        "signatures",
        "story_documents",
    )
    return {
        name: [row.replace(run_id, "") for row in found]
        for name, found in dump(home).items()
        if name in names
    }


def test_order_batches_and_workers_do_not_matter(tmp_path: Path, files: list[Path]) -> None:
    load(tmp_path / "one", *files)
    settings = read_settings(home=tmp_path / "other", batch_mb=0.001)
    run_pipeline([str(path) for path in reversed(files)], settings, Threads(3))
    assert content(tmp_path / "one") == content(tmp_path / "other")
    assert len(content(tmp_path / "one")["mentions"]) >= 5


@pytest.mark.nightly
def test_the_hash_seed_does_not_matter(tmp_path: Path, files: list[Path]) -> None:
    load(tmp_path / "home", *files)
    for seed, batch_mb, workers in (("0", "32", "1"), ("1", "32", "4"), ("4711", "0.001", "4")):
        home = tmp_path / seed / "home"
        inputs = [str(path) for path in (files if seed == "0" else reversed(files))]
        command = [sys.executable, "-c", _APART, str(home), batch_mb, workers, *inputs]
        subprocess.run(command, check=True, env=os.environ | {"PYTHONHASHSEED": seed}, cwd=Path.cwd())
        assert content(home) == content(tmp_path / "home")
        if batch_mb == "32":
            assert dump(home) == dump(tmp_path / "home")
