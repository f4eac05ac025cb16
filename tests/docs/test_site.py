"""The site builds without a warning and needs no network."""

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.docs.snippets import REPOSITORY

if TYPE_CHECKING:
    from tests.browser import Tab

#: What a page loads by itself, as opposed to what a reader may click.
_LOADED = re.compile(
    r"""<(?:script|img|iframe|source|link(?=[^>]*rel="?(?:stylesheet|icon|preload|preconnect)))[^>]*?"""
    r"""(?:src|href)=["']?((?:https?:)?//[^"' >]+)|url\(["']?((?:https?:)?//[^"')]+)"""
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site. A broken link or anchor, or a page that is in no menu, is a warning, and so an error."""
    path = tmp_path_factory.mktemp("site")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(path)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    return path


def test_no_page_loads_anything_from_the_network(site: Path) -> None:
    files = [*site.rglob("*.html"), *site.rglob("*.css")]
    loaded = {file.name: _LOADED.findall(file.read_text(encoding="utf-8")) for file in files}
    assert {name: found for name, found in loaded.items() if found} == {}
    assert len(files) > 40


def test_the_pattern_knows_what_loads() -> None:
    assert _LOADED.search('<link rel="stylesheet" href="https://fonts.example/a.css">')
    assert _LOADED.search("<script src=//cdn.example/a.js></script>")
    assert _LOADED.search('@font-face{src:url("https://fonts.example/a.woff")}')
    assert not _LOADED.search('<a href="https://example.org/">')


@pytest.fixture
def address(site: Path) -> Iterator[str]:
    """Serve the site on this machine: the search of a page that is opened as a file does not work."""

    class Silent(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.browser
@pytest.mark.parametrize("page", ["index", "tutorial/first-run", "reference/cli", "explanation/benchmarks"])
def test_a_page_opens_without_a_network(page: str, address: str, tab: "Tab") -> None:
    tab.page.goto(f"{address}/{page}.html")
    tab.page.wait_for_load_state("networkidle")
    if page == "index":
        tab.picture("docs-index")  # of a long page this takes seconds
    assert (tab.asked, tab.errors, tab.is_too_wide()) == ([], [], False)
    assert tab.page.locator("h1").count() == 1


@pytest.mark.browser
def test_the_search_finds_a_word_without_a_network(address: str, tab: "Tab") -> None:
    tab.page.goto(f"{address}/index.html")
    tab.page.keyboard.press("/")
    tab.page.keyboard.type("quarantine")
    tab.page.locator(".md-search-result__item").first.wait_for()
    assert tab.asked == []
