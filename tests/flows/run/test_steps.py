"""The steps: batches that are done are not done again, the steps of every stage come in order."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from copydesk.flows.run.local_runner import LocalRunner
from copydesk.flows.run.pipeline import run_pipeline
from copydesk.flows.settings import Settings, read_settings
from tests.conftest import write_article

pytestmark = pytest.mark.usefixtures("stub_tagger", "open_gates")
STEPS = [
    *("ingest", "sift", "gate ingest", "accept"),
    *("lines", "template", "clean", "gate clean"),
    *("sign", "index", "candidates", "dedupe", "gate dedupe"),
    *("tag", "describe", "stories", "entities", "gate tag"),
    "load",
]


class Killed(Exception):
    """What ends a run in its middle."""


class Log(LocalRunner):
    """Keeps which steps were run, with the number of their items; dies after one item of the step `dies_in`."""

    def __init__(self, dies_in: str | None = None) -> None:
        super().__init__()
        self.steps: list[tuple[str, int]] = []
        self._dies_in = dies_in

    def call[**P, R](self, name: str, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        self.steps.append((name, 1))
        return super().call(name, function, *args, **kwargs)

    def map[*Ts](self, name: str, function: Callable[[*Ts], None], items: Sequence[tuple[*Ts]]) -> None:
        self.steps.append((name, len(items)))
        dies = name == self._dies_in
        super().map(name, function, items[:1] if dies else items)
        if dies:
            raise Killed


@pytest.fixture
def inputs(tmp_path: Path) -> list[str]:
    paths = [tmp_path / f"{number}.txt" for number in range(6)]
    for number, path in enumerate(paths):
        path.write_text(write_article(number))
    return list(map(str, paths))


@pytest.fixture
def settings(home: Path) -> Settings:
    return read_settings(home=home, batch_mb=0.0015)


def test_a_run_resumed_within_a_stage_does_only_the_batches_that_are_missing(
    settings: Settings, inputs: list[str]
) -> None:
    killed = Log(dies_in="clean")
    with pytest.raises(Killed):
        run_pipeline(inputs, settings, killed)
    assert [name for name, _ in killed.steps] == STEPS[: STEPS.index("clean") + 1]
    n_batches = dict(killed.steps)["ingest"]
    assert n_batches > 2
    resumed = Log()
    assert run_pipeline(inputs, settings, resumed).resumed
    assert [name for name, _ in resumed.steps] == ["lines", *STEPS[STEPS.index("clean") :]]
    assert dict(resumed.steps) | {"sign": 0, "tag": 0, "describe": 0} == dict.fromkeys(STEPS[6:], 1) | {
        "lines": 0,
        "clean": n_batches - 1,
        "sign": 0,
        "tag": 0,
        "describe": 0,
    }
    assert dict(resumed.steps)["sign"] == n_batches + 1  # and the loaded documents without a signature
    assert dict(resumed.steps)["tag"] == n_batches + 1  # and the loaded documents that are articles again
