"""Extras: what an installation of the core alone does not have."""

from collections.abc import Iterator
from contextlib import contextmanager

from copydesk.flows.errors import MissingExtra


@contextmanager
def needing(extra: str, what: str) -> Iterator[None]:
    """Import inside this block what only `extra` installs; `what` is the function or command that needs it.

    Raises MissingExtra, which names the extra, for a package that is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing in ("", "copydesk"):
            raise
        raise MissingExtra(
            f"{what} needs {missing}, which is not installed: pip install 'copydesk[{extra}]'",
            name=error.name,
        ) from error
