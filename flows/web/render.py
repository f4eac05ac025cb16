"""Render pages from one set of templates (flows/web/templates), with escaping: report, proof sheets, local UI."""

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from copydesk.flows.settings import VERSION

FOLDER = Path(__file__).with_name("templates")


def render(template: str, **values: Any) -> str:
    """Render a template. Raises jinja2.UndefinedError for a missing value."""
    return _environment().get_template(template).render(version=VERSION, **values)


def script() -> str:
    """Return the only script of all pages: it sorts and filters the tables of the report."""
    return (FOLDER / "report.js").read_text(encoding="utf-8")


def script_hash() -> str:
    """Return the hash that allows this script, and no other, in a Content-Security-Policy."""
    return base64.b64encode(hashlib.sha256(script().encode()).digest()).decode()


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
