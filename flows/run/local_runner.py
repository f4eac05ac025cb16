"""Running the steps in this process, without Prefect."""

from collections.abc import Callable, Sequence

from copydesk.flows.run.interrupt import go_on
from copydesk.flows.run.runner import NoProgress, Progress
from copydesk.flows.staging.folder import Summary


class LocalRunner:
    """Calls each function in this process, one after the other."""

    def __init__(self, progress: Progress | None = None) -> None:
        self._progress = progress or NoProgress()

    def call[**P, R](self, name: str, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Call `function`."""
        self._progress.expect(name, 1)
        go_on()
        return function(*args, **kwargs)

    def map[*Ts](self, name: str, function: Callable[[*Ts], None], items: Sequence[tuple[*Ts]]) -> None:
        """Call `function` for each item."""
        self._progress.expect(name, len(items))
        for item in items:
            go_on()
            function(*item)
            self._progress.advance(name)

    def stage_done(self, summary: Summary) -> None:
        """Show that a stage is done."""
        self._progress.done(summary)
