"""Running the stages here and now, without Prefect."""

from collections.abc import Callable
from typing import Any

from copydesk.flows.run.progress import Display
from copydesk.flows.staging import Summary


class LocalRunner:
    """Calls each function in this process, one after the other."""

    def __init__(self, display: Display) -> None:
        self._display = display

    def call(self, name: str, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call `function`."""
        self._display.expect(name, 1)
        return function(*arguments)

    def map(self, name: str, function: Callable[..., Any], items: list[tuple[Any, ...]]) -> None:
        """Call `function` for each item."""
        self._display.expect(name, len(items))
        for item in items:
            function(*item)
            self._display.advance(name)

    def stage_done(self, summary: Summary) -> None:
        """Show that a stage is done."""
        self._display.done(summary)
