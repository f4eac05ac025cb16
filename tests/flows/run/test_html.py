"""HTML pages through the whole run: the source is kept, the markup is edits, the article is what is left."""

from pathlib import Path

import pytest

from copydesk.flows.io.warehouse import reading
from copydesk.flows.settings import read_settings
from copydesk.warehouse.audit import audit
from tests.conftest import load, rows

pytestmark = pytest.mark.usefixtures("stub_tagger")

PARAGRAPHS = (
    "The ferry to Gannet Head will sail again on Saturday after a winter in the dry dock, the harbour board said, "
    "and the first crossing will carry the school band and nobody else.",
    "Engineers replaced eleven metres of plate below the waterline and both of the pumps, which had been in the "
    "hull since 1978. The bill came to £412,000, a tenth less than the board had put aside.",
    "“We had a good yard and a dry January,” said Ruth Calloway, who runs the line. “I will not tell you that it was "
    "planned.” Tickets stay at the price of last year &amp; children ride free until Easter.",
    "Islanders had lived with a fishing boat and a timetable written in chalk since November. Piet Osei, who keeps the "
    "shop on the quay, said he had learned to order flour by the week and patience by the sack.",
)
PAGE = """<!DOCTYPE html>
<html lang="en-GB"><head><title>Ferry sails again | Coast Tribune</title>
<meta property="og:title" content="Ferry sails again after a winter in dock">
<meta property="og:site_name" content="Coast Tribune">
<meta property="article:published_time" content="2026-03-05T08:15:00+01:00">
<meta name="author" content="Maggie Trelawn">
<link rel="canonical" href="https://tribune.example/ferry-sails-again">
<style>p { color: #222 }</style><script>var tracker = "<p>not text</p>";</script></head>
<body><a href="#main">Skip to content</a><nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li>
<li><a href="/sport">Sport</a></li><li><a href="/tides">Tides</a></li></ul></nav>
<main id="main"><article><h1>Ferry sails again after a winter in dock</h1>
<p>%s</p><p>%s</p>
<aside><h3>Read more</h3><ul><li><a href="/a">Crab pot thief leaves note of apology</a></li></ul></aside>
<h2>Flour by the week</h2><p>%s</p><p>%s</p></article>
<p><a href="/share">Share on Facebook</a></p></main>
<footer>© 2026 Coast Tribune. All rights reserved. <a href="/privacy">Privacy policy</a></footer></body></html>
"""


def test_a_page_is_loaded_as_its_article(tmp_path: Path) -> None:
    folder = tmp_path / "coast-tribune"
    folder.mkdir()
    source = PAGE % PARAGRAPHS
    (folder / "ferry.html").write_text(source, encoding="utf-8")
    result = load(tmp_path / "home", folder)
    assert (result.n_records, result.n_loaded) == (1, 1)
    assert rows(
        tmp_path / "home",
        "SELECT title, byline, site, url, lang, published_from, published_at = '2026-03-05 07:15:00+00' FROM articles",
    ) == [
        (
            *("Ferry sails again after a winter in dock", "Maggie Trelawn", "Coast Tribune"),
            *("https://tribune.example/ferry-sails-again", "en", "meta", True),
        )
    ]
    [(text,)] = rows(tmp_path / "home", "SELECT text FROM articles")
    first, second, third, fourth = PARAGRAPHS
    body = [first, second, "Flour by the week", third.replace("&amp;", "&"), fourth]
    assert [line for line in text.split("\n") if line] == body
    assert rows(tmp_path / "home", "SELECT raw_text, media_type FROM raw_documents") == [
        (source, "text/html")
    ]
    with reading(read_settings(home=tmp_path / "home")) as warehouse:
        assert audit(warehouse).filter(audit(warehouse)["n_broken"] > 0).is_empty()


def test_a_page_of_menus_goes_to_quarantine(tmp_path: Path) -> None:
    items = "".join(f"<li><a href='/{n}'>Section {n}</a></li>" for n in range(60))
    (tmp_path / "menu.html").write_text(
        f"<html><body><nav><ul>{items}</ul></nav></body></html>", encoding="utf-8"
    )
    result = load(tmp_path / "home", tmp_path / "menu.html")
    assert (result.n_loaded, result.n_quarantined) == (0, 1)
    assert rows(tmp_path / "home", "SELECT stage FROM quarantine") == [("clean",)]
