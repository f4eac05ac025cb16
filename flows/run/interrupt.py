"""Ctrl-C during a run: it is answered at once, the batch in progress ends, and a second Ctrl-C ends the process."""

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from copydesk.flows.errors import Interrupted

_ANSWER = "ending after this batch; Ctrl-C again ends at once (nothing is lost, a batch is done again)"
_SHOW_CURSOR = "\x1b[?25h"  # progress bars hide it
_asked = threading.Event()


def go_on() -> None:
    """Raise Interrupted when Ctrl-C has asked for the end; called before each step of a run."""
    if _asked.is_set():
        raise Interrupted("interrupted; run the same command again to continue where it stopped")


@contextmanager
def answering_ctrl_c(say: Callable[[str], None]) -> Iterator[None]:
    """Answer SIGINT inside the block with one line to `say`, and let the next `go_on` end the run.

    A thread answers: the main thread may be in compiled code for seconds. Does nothing outside the main thread.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _asked.clear()
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    threading.Thread(target=_answer, args=(reader, say), daemon=True).start()
    handler = signal.signal(signal.SIGINT, lambda number, frame: None)  # noqa: ARG005, the thread hears of it
    wakeup = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(wakeup)
        signal.signal(signal.SIGINT, handler)
        writer.close()  # ends the thread
        _asked.clear()


def _answer(reader: socket.socket, say: Callable[[str], None]) -> None:
    with reader:
        while numbers := reader.recv(1):
            if numbers[0] != signal.SIGINT:
                continue
            if _asked.is_set():
                sys.stderr.flush()
                os.write(2, f"{_SHOW_CURSOR if os.isatty(2) else ''}\ncopydesk: ended\n".encode())
                os._exit(Interrupted.code)
            _asked.set()
            say(_ANSWER)
