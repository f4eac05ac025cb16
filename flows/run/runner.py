"""How steps are executed and how a run reports its progress: the interfaces that the engine needs."""

from collections.abc import Callable, Sequence
from typing import Protocol

from copydesk.flows.staging.folder import Summary


class Runner(Protocol):
    """Executes the steps of a run: in this process (LocalRunner), or as Prefect tasks (PrefectRunner)."""

    def call[**P, R](self, name: str, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run one function and return its result."""

    def map[*Ts](self, name: str, function: Callable[[*Ts], None], items: Sequence[tuple[*Ts]]) -> None:
        """Run one function over many argument tuples, in any order; raise what any of them raised."""

    def stage_done(self, summary: Summary) -> None:
        """Take note of a finished stage."""


class Progress(Protocol):
    """Shows how far a run has come."""

    def expect(self, stage: str, n_steps: int) -> None:
        """Announce the steps of a stage."""

    def advance(self, stage: str) -> None:
        """Count one step."""

    def done(self, summary: Summary) -> None:
        """Show that a stage is done."""


class NoProgress:
    """Shows nothing."""

    def expect(self, stage: str, n_steps: int) -> None:
        """Ignore the steps of a stage."""

    def advance(self, stage: str) -> None:
        """Ignore one step."""

    def done(self, summary: Summary) -> None:
        """Ignore a finished stage."""
