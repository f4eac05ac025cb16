"""Pages: one set of templates and one look (flows/pages), escaping on: reports, proof sheets, the browser."""

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from copydesk.flows.settings import VERSION

FOLDER = Path(__file__).with_name("templates")


def render(template: str, **values: Any) -> str:
    """Render one template of flows/pages. Raises jinja2.UndefinedError for a value that it lacks."""
    return _environment().get_template(template).render(version=VERSION, **values)


def script() -> str:
    """Return the only script of any page: the report's, which sorts and filters tables."""
    return (FOLDER / "report.js").read_text(encoding="utf-8")


def script_hash() -> str:
    """Return the hash by which a Content-Security-Policy lets that script run, and no other."""
    return base64.b64encode(hashlib.sha256(script().encode()).digest()).decode()


def write_whole(path: Path, text: str) -> Path:
    """Write a page so that a reader sees the old one or the new one, never half of it; return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".tmp")
    aside.write_text(text, encoding="utf-8")
    return aside.replace(path)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
