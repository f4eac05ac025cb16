"""Retries of quarantined records: `copydesk quarantine retry`, as a child process, one at a time."""

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from copydesk.flows.settings import Settings

#: Bytes shown of the end of a child's output.
_SHOWN = 32_000
#: The copydesk command of this environment.
_COMMAND = Path(sys.executable).with_name("copydesk")
MEANINGS = {
    0: "Done.",
    1: "A gate stopped it; the warehouse is unchanged.",
    2: "It could not be done; its last line says what was published.",
    3: "Another run holds the warehouse. Try again when it has ended.",
}


@dataclass
class Retry:
    """One call of the command."""

    number: int
    doc_ids: tuple[str, ...]
    process: subprocess.Popen[bytes]
    log: IO[bytes]
    began: float = field(default_factory=time.monotonic)
    seconds: float | None = None

    @property
    def code(self) -> int | None:
        """Its exit code; None while it runs."""
        code = self.process.poll()
        if code is not None and self.seconds is None:
            self.seconds = time.monotonic() - self.began
        return code

    def output(self) -> str:
        """Return its output so far, cut to the last part if it is long."""
        path = Path(self.log.name)
        data = path.read_bytes()[-_SHOWN:]
        return data.decode("utf-8", "replace")


class Retries:
    """The retries of this server. On exit, a running retry is stopped; the next retry resumes it."""

    def __init__(self, settings: Settings) -> None:
        self._home = settings.home
        self._all: list[Retry] = []
        self._lock = threading.Lock()

    def start(self, doc_ids: Sequence[str]) -> tuple[Retry, bool]:
        """Start one for `doc_ids`, or return the one that runs; say whether it is new."""
        with self._lock:
            if self._all and self._all[-1].code is None:
                return self._all[-1], False
            log = tempfile.NamedTemporaryFile(prefix="copydesk-retry-", suffix=".log")  # noqa: SIM115, closed by stop
            process = subprocess.Popen(
                [_COMMAND, "--home", self._home, "quarantine", "retry", *doc_ids, "--direct"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for us; we end it
            )
            self._all.append(Retry(len(self._all) + 1, tuple(doc_ids), process, log))
            return self._all[-1], True

    def find(self, number: int) -> Retry | None:
        """Return one by its number, from 1."""
        return self._all[number - 1] if 0 < number <= len(self._all) else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for retry in self._all:
            if retry.code is None:
                retry.process.terminate()
                with suppress(subprocess.TimeoutExpired):
                    retry.process.wait(timeout=2)
                retry.process.kill()
                retry.process.wait()
            retry.log.close()
