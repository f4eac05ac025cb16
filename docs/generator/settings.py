"""docs/reference/settings.md: every setting with its environment variable, type and default."""

from pathlib import Path
from typing import Any

from copydesk.flows.settings import Settings
from copydesk.flows.shipped import ROOT

_HEAD = [
    "# Settings",
    "",
    "Written by `make docs` from `flows/settings.py`. A setting can be given as a flag (where the",
    "[command](cli.md) has one), as an environment variable, or in `copydesk.toml`; a flag overrides the",
    "environment, the environment overrides `copydesk.toml`, and all override the defaults.",
    "",
    "One `copydesk.toml` is read: the one in the home, else the one in the working directory; `copydesk status`",
    "says which. Relative paths in it count from its folder, all others from the working directory.",
    "",
    "| setting | environment variable | type | default | meaning |",
    "|---|---|---|---|---|",
]


def settings_page() -> str:
    """Return the page: one row per setting."""
    rows = [
        f"| `{name}` | `COPYDESK_{name.upper()}` | {_type(field.annotation)} | {_default(field.default)} "
        f"| {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join([*_HEAD, *rows, ""])


def _type(annotation: Any) -> str:
    names = {Path: "path", str: "text", float: "number", int: "whole number", bool: "true or false"}
    kinds = [kind for kind in names if annotation is kind or kind in getattr(annotation, "__args__", ())]
    return names[kinds[0]]


def _default(default: Any) -> str:
    if default is None:
        return "none"
    if isinstance(default, Path) and default.is_relative_to(ROOT):
        return f"built-in `{default.relative_to(ROOT)}`"
    return f"`{default}`"
