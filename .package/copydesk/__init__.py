"""A copy desk for scraped news text.

On frames of your own: `clean`, `dedupe`, `find_stories`, `tag`. On files and a home that keeps what was loaded: `run`
and `open`. Importing this module imports nothing else: a function loads what it needs when it is first looked up. Types
are in `__init__.pyi`.
"""

from importlib import import_module
from typing import Any

_PLACES = {
    "api.clean": ("Cleaned", "clean"),
    "api.duplicates": ("dedupe", "find_stories"),
    "api.home": ("Warehouse", "open", "run"),
    "api.tag": ("Tagged", "tag"),
    "errors": ("Busy", "CopydeskError", "GateFailed", "MissingExtra", "UsageError"),
    "run.pipeline": ("RunResult",),
}
_MODULES = {name: f"copydesk.flows.{module}" for module, names in _PLACES.items() for name in names}
__all__ = [*sorted(_MODULES), "__version__"]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    """Import what is looked up."""
    if name == "__version__":
        from importlib.metadata import version

        return version("copydesk")
    if name not in _MODULES:
        raise AttributeError(f"module 'copydesk' has no attribute {name!r}")
    found = getattr(import_module(_MODULES[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return __all__
