"""`copydesk serve`: what it hands on, and a schedule that is none."""

from pathlib import Path
from typing import Any

import pytest

from copydesk.flows.orchestration import schedule, server
from tests.conftest import in_this_process


def test_inputs_and_schedule_are_handed_on_with_prefects_files_in_the_home(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[Any, ...]] = []
    monkeypatch.setattr(schedule, "serve", lambda *given: calls.append(given))
    monkeypatch.setattr(server, "keep_prefect_at_home", lambda at: calls.append((at,)))
    done = in_this_process(home, ("serve", "--cron", "0 6 * * *", "articles", "more"), {})
    assert done.returncode == 0, done.stderr
    (at,), (inputs, cron, settings) = calls
    assert (at, settings.home, inputs, cron) == (home, home, ["articles", "more"], "0 6 * * *")


@pytest.mark.parametrize(
    ("arguments", "word"), [(("articles",), "--cron"), (("--cron", "0 6 * * *"), "inputs")]
)
def test_inputs_and_schedule_must_be_given(home: Path, arguments: tuple[str, ...], word: str) -> None:
    done = in_this_process(home, ("serve", *arguments), {})
    assert done.returncode == 2
    assert word in done.stderr
