"""The crash log: the traceback of an internal error, in the home, readable by the user alone."""

import os
import tempfile
from pathlib import Path

from copydesk.flows.errors import CopydeskError
from copydesk.flows.settings import Settings, read_settings


def crash_log_path(settings: Settings) -> Path:
    """Return the path of the crash log of a home."""
    return settings.home / "logs" / "crash.log"


def write_crash_log(arguments: list[str], text: str) -> Path:
    """Write `text` to the crash log of the home that a command line names, and return its path.

    The folder has mode 0700 and the file 0600. If the home cannot be written, a new folder for temporary files with
    the same modes holds the log.
    """
    try:
        return _write(crash_log_path(read_settings(home=_home_of(arguments))), text)
    except (CopydeskError, OSError):
        return _write(Path(tempfile.mkdtemp(prefix="copydesk-")) / "crash.log", text)


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)  # one that others may read, or a link to another file
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as log:
        log.write(text)
    return path


def _home_of(arguments: list[str]) -> str | None:
    """Return the value of --home, wherever it is in a command line."""
    for name, value in zip(arguments, [*arguments[1:], None], strict=False):
        if name == "--home":
            return value
        if name.startswith("--home="):
            return name.removeprefix("--home=")
    return None
