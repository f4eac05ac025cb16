"""A process that runs the pipeline with one fault of the disk: `python -m tests.flows.run.fault_process`.

It imports everything once and forks for each fault that it reads from stdin, a JSON array a line: home, input, kind,
n, error, stays, part (see faults.c). It answers each with a line: {"ended": how the run ended, "seen": calls that
could have failed}.
"""

import ctypes
import json
import os
import sys
from typing import Any

from copydesk.expectations.results import warm_up
from copydesk.flows.errors import CopydeskError
from copydesk.flows.report import write  # noqa: F401 - imported before forking
from copydesk.flows.run.local_runner import LocalRunner
from copydesk.flows.run.pipeline import start
from copydesk.flows.settings import read_settings

KINDS = ("open", "write", "fsync", "rename")


def run(
    library: str, home: str, given: str, kind: str, n: int, error: int, stays: bool, part: str
) -> dict[str, Any]:
    """Run once in this process, with the fault armed; return how it ended."""
    shim = ctypes.CDLL(library)
    shim.count.restype = ctypes.c_long
    shim.arm(KINDS.index(kind) if kind else -1, ctypes.c_long(n), error, int(stays), part.encode())
    ended = "done"
    try:
        start([given], read_settings(home=home), LocalRunner())
    except CopydeskError as expected:
        ended = f"{expected.code}: {expected}"
    except Exception as other:
        ended = f"{type(other).__name__}: {other}"
    return {"ended": ended, "seen": shim.count()}


def main() -> None:
    """Answer the lines of stdin."""
    warm_up()
    for line in sys.stdin:
        reader, writer = os.pipe()
        if (child := os.fork()) == 0:
            os.close(reader)
            os.write(writer, json.dumps(run(os.environ["LD_PRELOAD"], *json.loads(line))).encode())
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as pipe:
            answer = pipe.read()
        os.waitpid(child, 0)
        sys.stdout.write((answer or json.dumps({"ended": "killed", "seen": 0})) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
