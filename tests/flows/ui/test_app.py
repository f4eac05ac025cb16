"""The application: its addresses, and a page for everything that goes wrong."""

from pathlib import Path

import duckdb
import pytest
from starlette.applications import Starlette

from copydesk.flows.errors import Busy, UsageError
from copydesk.flows.settings import read_settings
from copydesk.flows.ui import articles
from copydesk.flows.ui.app import make_app
from copydesk.flows.ui.retries import Retries
from copydesk.flows.ui.view import AGAIN
from tests.flows.ui.asking import ask


@pytest.fixture
def empty_app(home: Path) -> Starlette:
    """Return the application over a home that does not exist."""
    settings = read_settings(home=home)
    return make_app(settings, Retries(settings))


@pytest.mark.parametrize("path", ["/", "/search", "/stories", "/entities", "/quarantine"])
def test_every_list_is_a_page_of_its_own(app: Starlette, path: str) -> None:
    answer = ask(app, path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.text.count("<h1") == 1


@pytest.mark.parametrize(
    ("path", "media_type", "content"),
    [("/static/ui.css", "text/css", "body"), ("/static/icon.svg", "image/svg+xml", "<svg")],
)
def test_static_files_have_their_types(app: Starlette, path: str, media_type: str, content: str) -> None:
    answer = ask(app, path)
    assert answer.headers["content-type"].split(";")[0] == media_type
    assert content in answer.text


def test_an_address_that_is_none_and_a_request_that_is_none_are_pages(app: Starlette) -> None:
    missing = ask(app, "/nowhere")
    assert (missing.status_code, "There is no page at this address." in missing.text) == (404, True)
    refused = ask(app, "/stories", "POST")
    assert (refused.status_code, "This address takes no such request." in refused.text) == (405, True)
    assert set(refused.headers["allow"].split(", ")) == {"GET", "HEAD"}


def test_reports_are_found_below_their_folder_alone(empty_app: Starlette, home: Path) -> None:
    assert ask(empty_app, "/reports").headers["location"] == "/reports/"
    missing = ask(empty_app, "/reports/")
    assert (missing.status_code, "A report is written after every run." in missing.text) == (404, True)
    (home / "reports").mkdir(parents=True)
    (home / "reports" / "index.html").write_text("<title>report</title>")
    (home / "secret.txt").write_text("secret")
    found = ask(empty_app, "/reports/")
    assert (found.status_code, found.text) == (200, "<title>report</title>")
    assert "style-src 'self' 'unsafe-inline'" in found.headers["content-security-policy"]
    assert ask(empty_app, "/reports/%2e%2e/secret.txt").status_code == 404


def test_a_home_without_a_warehouse_is_said_to_have_none(empty_app: Starlette) -> None:
    answer = ask(empty_app, "/")
    assert answer.status_code == 503
    assert "<h1>No warehouse</h1>" in answer.text


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (Busy("another run"), 503, "A run is loading"),
        (UsageError("no <b>warehouse</b>"), 503, "no &lt;b&gt;warehouse&lt;/b&gt;"),
        (duckdb.CatalogException("no table stories\nLINE 1"), 500, "no table stories"),
        (ValueError("odd <script>"), 500, "ValueError: odd &lt;script&gt;"),
    ],
    ids=["busy", "usage", "duckdb", "fault"],
)
def test_what_goes_wrong_is_said_on_a_page(
    app: Starlette, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, words: str
) -> None:
    def fail(connection: duckdb.DuckDBPyConnection) -> None:
        raise error

    monkeypatch.setattr(articles.browse, "home", fail)
    answer = ask(app, "/")
    assert (answer.status_code, words in answer.text) == (status, True)
    assert "LINE 1" not in answer.text
    assert (answer.headers.get("retry-after") == str(AGAIN)) == isinstance(error, Busy)


def test_each_start_has_a_token_of_its_own(home: Path) -> None:
    settings = read_settings(home=home)
    tokens = {make_app(settings, Retries(settings)).state.token for _ in range(3)}
    assert len(tokens) == 3
    assert min(map(len, tokens)) >= 32
