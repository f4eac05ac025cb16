"""Rendering: values are text, a missing one is an error, one script is known by its hash."""

import base64
import hashlib

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from copydesk.flows.settings import VERSION
from copydesk.flows.web.render import FOLDER, render, script, script_hash

FAILED = {"section": "", "refresh": 0, "path": "/x", "happened": None}


def failed(**values: object) -> str:
    return render("ui/failed.html.j2", **FAILED | {"title": "Not found", "detail": ""} | values)


def test_values_are_text_and_never_markup() -> None:
    page = failed(title="<script>alert(1)</script>", detail="a & b 'c' \"d\"")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "a &amp; b &#39;c&#39; &#34;d&#34;" in page


def test_every_page_says_which_version_made_it() -> None:
    assert VERSION in failed()


def test_a_value_that_is_missing_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="title"):
        render("ui/failed.html.j2", **FAILED, detail="")
    with pytest.raises(TemplateNotFound, match="nothing"):
        render("nothing.html.j2")


def test_the_hash_is_that_of_the_script_as_it_is_written() -> None:
    assert script() == (FOLDER / "report.js").read_text(encoding="utf-8")
    assert base64.b64decode(script_hash()) == hashlib.sha256(script().encode()).digest()


def test_pages_of_the_ui_have_no_script() -> None:
    assert [path.name for path in (FOLDER / "ui").iterdir() if "<script" in path.read_text("utf-8")] == []
