"""Progress bars in the terminal, one per stage; elsewhere a line per stage."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from copydesk.flows.console import make_console
from copydesk.flows.staging.folder import Summary
from copydesk.flows.staging.frames import STAGES

_ABOUT = {
    "ingest": "reading records",
    "clean": "marking boilerplate",
    "dedupe": "comparing texts",
    "tag": "naming people and places",
    "load": "publishing",
}


class Display:
    """A progress bar per stage, counting batches; one line per stage unless stderr is a terminal."""

    def __init__(self) -> None:
        self._progress = Progress(
            SpinnerColumn(finished_text="[green]✓"),
            TextColumn("[bold]{task.fields[stage]:<7}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("[dim]{task.description}"),
            console=make_console(stderr=True),
            redirect_stdout=False,  # they are guarded already
            redirect_stderr=False,
        )
        self._progress.disable = not self._progress.console.is_terminal
        self._bars: dict[str, TaskID] = {}

    @contextmanager
    def shown(self) -> Iterator["Display"]:
        """Show the bars while the block runs."""
        with self._progress:
            yield self

    def expect(self, stage: str, n_steps: int) -> None:
        """Start the bar of `stage`; other steps have no bar."""
        if stage in STAGES and stage not in self._bars:
            self._bars[stage] = self._progress.add_task(_ABOUT[stage], total=max(n_steps, 1), stage=stage)

    def advance(self, stage: str) -> None:
        """Count one batch of `stage`."""
        if stage in self._bars:
            self._progress.advance(self._bars[stage])

    def done(self, summary: Summary) -> None:
        """Fill the bar of a stage; without a terminal, print its line."""
        if self._progress.disable:
            about = f"{summary.n_out} of {summary.n_in} records go on, {summary.seconds:.1f} s"
            self._progress.console.print(f"{summary.stage}: {about}", soft_wrap=True)
            return
        self.expect(summary.stage, 1)
        bar = self._bars[summary.stage]
        total = self._progress.tasks[self._bars[summary.stage]].total
        self._progress.update(
            bar, completed=total, description=f"{summary.n_out} of {summary.n_in} records go on"
        )

    def warn(self, line: str) -> None:
        """Print one line of warning above the bars."""
        self._progress.console.print(Text.assemble(("copydesk:", "yellow"), f" {line}"), soft_wrap=True)
