"""Expected failures: each is one line for the user and an exit code."""

from collections.abc import Iterator
from contextlib import contextmanager


class CopydeskError(Exception):
    """Base class of expected failures; the message is one line that says what to do."""

    code = 1


class GateFailed(CopydeskError):
    """A critical expectation or the audit failed."""

    code = 1


class UsageError(CopydeskError):
    """Wrong usage or unreadable input."""

    code = 2


class MachineFailed(CopydeskError):
    """The machine refused: a full disk, a read-only home, no memory left, an output that cannot be written."""

    code = 2


class Interrupted(CopydeskError):
    """Interrupted (Ctrl-C); the same command continues where it stopped."""

    code = 130


class MissingExtra(CopydeskError, ModuleNotFoundError):
    """What was asked for needs a package that only an extra installs."""

    code = 2


@contextmanager
def needing(extra: str, what: str) -> Iterator[None]:
    """Import inside this block what only `extra` installs; `what` is the function or command that needs it.

    Raises MissingExtra, which names the extra, for a package that is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing in ("", "copydesk") or isinstance(error, MissingExtra):
            raise
        install = f"pip install 'copydesk[{extra}]'"
        raise MissingExtra(
            f"{what} needs {missing}, which is not installed: {install}", name=error.name
        ) from error


class Busy(CopydeskError):
    """Another process holds the home or the warehouse."""

    code = 3
