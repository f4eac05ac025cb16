"""What runs steps and shows progress: every kind has the functions that the engine calls."""

import inspect

import pytest

from copydesk.flows.run.local_runner import LocalRunner
from copydesk.flows.run.progress import Display
from copydesk.flows.run.runner import NoProgress, Progress, Runner
from copydesk.flows.staging.folder import Summary


def functions_of(kind: type) -> dict[str, list[str]]:
    """Return the public functions of a class with the names of their parameters."""
    found = inspect.getmembers(kind, inspect.isfunction)
    return {
        name: list(inspect.signature(each).parameters) for name, each in found if not name.startswith("_")
    }


@pytest.mark.parametrize(
    ("protocol", "kind"), [(Runner, LocalRunner), (Progress, NoProgress), (Progress, Display)]
)
def test_a_kind_has_the_functions_of_its_protocol(protocol: type, kind: type) -> None:
    wanted, found = functions_of(protocol), functions_of(kind)
    assert {name: found.get(name) for name in wanted} == wanted


def test_a_runner_without_a_display_shows_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    runner = LocalRunner()
    done: list[int] = []
    runner.map("clean", done.append, [(1,), (2,)])
    assert runner.call("gate clean", max, 3, 4) == 4
    runner.stage_done(Summary("clean", 2, 2, 0, 0.1))
    assert sorted(done) == [1, 2]
    assert capfd.readouterr() == ("", "")
