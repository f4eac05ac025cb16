"""The local runner: one call after the other, in this process, with or without progress, without the terminal."""

import subprocess
import sys

import pytest

from copydesk.flows.run.local_runner import LocalRunner
from copydesk.flows.staging.folder import Summary


class Log:
    """Progress that is kept."""

    def __init__(self) -> None:
        self.lines: list[object] = []

    def expect(self, stage: str, n_steps: int) -> None:
        self.lines.append((stage, n_steps))

    def advance(self, stage: str) -> None:
        self.lines.append(stage)

    def done(self, summary: Summary) -> None:
        self.lines.append(summary)


def test_a_call_returns_what_the_function_returns() -> None:
    log = Log()
    assert LocalRunner(log).call("add", lambda one, other: one + other, 1, other=2) == 3
    assert log.lines == [("add", 1)]


def test_a_map_calls_for_every_item_and_counts() -> None:
    log, seen = Log(), []
    LocalRunner(log).map("sum", lambda one, other: seen.append(one + other), [(1, 2), (3, 4)])
    assert seen == [3, 7]
    assert log.lines == [("sum", 2), "sum", "sum"]


def test_what_a_function_raises_is_raised() -> None:
    def fail(_: int) -> None:
        raise ZeroDivisionError

    runner = LocalRunner()
    with pytest.raises(ZeroDivisionError):
        runner.call("fail", fail, 1)
    with pytest.raises(ZeroDivisionError):
        runner.map("fail", fail, [(1,)])


def test_a_stage_that_is_done_is_shown() -> None:
    log, summary = Log(), Summary("clean", 1, 1, 0, 0.0)
    LocalRunner(log).stage_done(summary)
    LocalRunner().stage_done(summary)
    assert log.lines == [summary]


def test_the_engine_imports_no_presentation_and_no_prefect() -> None:
    code = (
        "import sys; from copydesk.flows.run.pipeline import run_pipeline; "
        "from copydesk.flows.run.local_runner import LocalRunner; "
        "shown = ('rich', 'typer', 'jinja2', 'prefect', 'great_expectations', 'spacy', 'altair'); "
        "ours = ('copydesk.flows.report', 'copydesk.flows.proof', 'copydesk.flows.ui', 'copydesk.flows.web'); "
        "print(sorted({name for name in sys.modules if name in shown or name.startswith(ours)}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
