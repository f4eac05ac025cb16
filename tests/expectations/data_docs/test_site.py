"""Data Docs: every value is text, nothing is loaded or run, the last runs are there and every link leads somewhere."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from playwright.sync_api import Browser

from copydesk.expectations.data_docs.sanitise import clean, mask, spell
from copydesk.expectations.data_docs.site import build_site, to_file_name
from copydesk.expectations.results import validate
from copydesk.expectations.suite import Expectation
from tests.browser import PHONE, Tab, open_tab

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "$name ${value} $$",
    "{{7*7}} {% raw %}",
    "\"double\" 'single' `back` &amp; [a](javascript:alert(1))",
    "</td></table><style>*{display:none}</style>",
)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SUITE = [
    Expectation(
        name="long_enough",
        severity="warning",
        type="column_values_to_be_between",
        because=f"too short, {HOSTILE[0]} {HOSTILE[2]}",
        arguments={"column": "n_words", "min_value": 5},
    ),
    Expectation(
        name="known_kind",
        severity="critical",
        type="column_values_to_be_in_set",
        because="no such kind",
        arguments={"column": "kind", "value_set": [HOSTILE[1], "news"]},
    ),
    Expectation(
        name="usual_kind",
        severity="notice",
        type="column_most_common_value_to_be_in_set",
        because="another kind is the most common",
        arguments={"column": "kind", "value_set": ["news"]},
    ),
    Expectation(
        name="not_empty",
        severity="critical",
        type="table_row_count_to_be_between",
        because="nothing was read",
        arguments={"min_value": 1},
    ),
]


def outcome(suite: list[Expectation], rows: list[tuple[str, int, str]]) -> dict[str, Any]:
    """Return what Great Expectations itself says of a real table."""
    frame = pl.DataFrame(
        rows, schema={"doc_id": pl.String, "n_words": pl.Int64, "kind": pl.String}, orient="row"
    )
    with duckdb.connect() as connection:
        connection.register("measures", frame.to_arrow())
        return validate(suite, connection, "measures")


@pytest.fixture(scope="module")
def bad() -> dict[str, Any]:
    """Return a result in which every string of the data is hostile, with more failing rows than a page shows."""
    few = [(text, 1, text) for text in HOSTILE]
    return outcome(SUITE, few + [(f"{number:032x}", 2, "news\u202e\x07") for number in range(50)])


@pytest.fixture(scope="module")
def good() -> dict[str, Any]:
    return outcome(SUITE, [("a", 9, "news")])


def build(folder: Path, number: int, results: dict[str, dict[str, Any]], **options: Any) -> Path:
    return build_site(results, folder, f"{number:016x}", NOON + timedelta(hours=number), **options)


def pages(folder: Path) -> dict[Path, Any]:
    return {path: html.parse(path).getroot() for path in sorted(folder.rglob("*.html"))}


def links(path: Path, page: Any) -> Iterator[Path]:
    """Return the files that a page names."""
    for _, attribute, address, _ in page.iterlinks():
        assert attribute == "href"
        if address != "data:," and not address.startswith("#"):
            yield (path.parent / address.partition("#")[0]).resolve()


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def words(page: Any) -> str:
    return " ".join(" ".join(page.itertext()).split())


def test_every_value_is_text_and_there_once(tmp_path: Path, bad: dict[str, Any]) -> None:
    name = f"clean sources {HOSTILE[0]} {HOSTILE[3]}"
    build(tmp_path, 1, {"clean documents": bad, name: bad})
    for path, page in pages(tmp_path).items():
        elements = [element for element in page.iter() if isinstance(element.tag, str)]
        assert not {"script", "style", "img", "iframe", "button", "input", "form"} & {
            element.tag for element in elements
        }
        assert not [
            name for element in elements for name in element.attrib if name.startswith(("on", "style"))
        ]
        assert name in words(page) or path.name == "clean-documents.html"
    text = words(pages(tmp_path)[tmp_path / f"validations/{1:016x}/clean-documents.html"])
    for value in HOSTILE:
        assert value in text
    assert f"long_enough warning too short, {HOSTILE[0]} {HOSTILE[2]}" in text
    assert "news‹U+202E›‹U+0007›" in text
    assert "&lt;" not in text
    assert not re.search(r"\b49\b", text)


def test_a_page_says_what_failed_and_why(tmp_path: Path, bad: dict[str, Any], good: dict[str, Any]) -> None:
    build(tmp_path, 1, {"ingest documents": good, "clean documents": bad})
    found = pages(tmp_path)
    text = words(found[tmp_path / f"validations/{1:016x}/clean-documents.html"])
    assert "clean documents: 1 critical, 1 warning, 1 notice" in text
    assert "not met known_kind critical no such kind values must belong to this set:" in text
    assert "met not_empty critical nothing was read Must have greater than or equal to 1 rows. 56" in text
    assert "56 unexpected values found. 100% of 56 total rows." in text
    assert "Sampled Unexpected Values Count Shown doc_id" in text
    expected = words(found[tmp_path / "expectations/clean-documents.html"])
    for expectation in SUITE:
        assert f"{expectation.name} {expectation.severity} {expectation.because}" in expected
    index = words(found[tmp_path / "index.html"])
    assert "ingest clean 2026-11-24 13:00:00 UTC 0000000000000001" in index
    assert "documents passed documents 1 critical, 1 warning, 1 notice" in index


def test_what_was_not_checked_is_not_called_bad_data(tmp_path: Path) -> None:
    wrong = [Expectation("x", "warning", "column_values_to_be_unique", "why", arguments={"column": "none"})]
    build(tmp_path, 1, {"clean": outcome(wrong, [("a", 1, "b")]), "tag": outcome([], [("a", 1, "b")])})
    text = words(pages(tmp_path)[tmp_path / f"validations/{1:016x}/clean.html"])
    assert "not checked x warning why" in text
    assert 'The column "none" in BatchData does not exist.' in text
    assert "nothing to check" in words(pages(tmp_path)[tmp_path / "index.html"])


def test_the_last_runs_stay_and_their_pages_are_not_made_again(tmp_path: Path, good: dict[str, Any]) -> None:
    for number in (1, 2, 3):
        build(tmp_path, number, {"clean": good, "tag": good}, keep=3)
    kept = tmp_path / f"validations/{3:016x}/clean.html"
    kept.write_text("as it was")
    for number in (5, 4):  # what ran later stays, whatever the order of building
        build(tmp_path, number, {"clean": good}, keep=3)
    assert sorted(snapshot(tmp_path)) == sorted(
        ["index.html", "site.css", "expectations/clean.html", "expectations/tag.html"]
        + [f"results/{number:016x}.json" for number in (3, 4, 5)]
        + [f"validations/{number:016x}/clean.html" for number in (3, 4, 5)]
        + [f"validations/{3:016x}/tag.html"]
    )
    assert kept.read_text() == "as it was"
    assert re.findall(r"<code>(\w+)</code>", (tmp_path / "index.html").read_text()) == [
        f"{number:016x}" for number in (5, 4, 3)
    ]


def test_a_run_built_again_is_replaced(tmp_path: Path, good: dict[str, Any], bad: dict[str, Any]) -> None:
    build(tmp_path / "again", 1, {"clean": bad, "tag": bad})
    build(tmp_path / "again", 1, {"clean": good})
    build(tmp_path / "once", 1, {"clean": good})
    assert snapshot(tmp_path / "again") == snapshot(tmp_path / "once")


def test_a_build_that_is_cut_short_leaves_the_old_site_and_the_next_mends_it(
    tmp_path: Path, good: dict[str, Any]
) -> None:
    build(tmp_path, 1, {"clean": good})
    before = snapshot(tmp_path)
    obstacle = tmp_path / f"validations/{2:016x}"
    obstacle.write_text("in the way")
    with pytest.raises(OSError, match=obstacle.name):
        build(tmp_path, 2, {"clean": good})
    assert before.items() <= snapshot(tmp_path).items()
    obstacle.unlink()
    (tmp_path / "results/broken.json").write_text('{"run": ')
    (tmp_path / "validations/left.html.tmp").write_text("half a page")
    build(tmp_path, 3, {"clean": good})
    assert sorted(path for path in snapshot(tmp_path) if path.startswith("val")) == [
        f"validations/{number:016x}/clean.html" for number in (1, 2, 3)
    ]
    assert not (tmp_path / "results/broken.json").exists()


def test_the_store_is_small_whatever_fails(tmp_path: Path) -> None:
    rows = [(f"{number:032x}" + "é" * 1_000_000 * (number == 0), 0, "x" * 5000) for number in range(3000)]
    build(tmp_path, 1, {"clean": outcome(SUITE, rows)})
    assert max(map(len, snapshot(tmp_path).values())) < 100_000
    stored = json.loads((tmp_path / f"results/{1:016x}.json").read_text())
    detail = stored["results"]["clean"]["results"][0]["result"]
    assert [len(detail[name]) for name in ("unexpected_list", "unexpected_index_list")] == [20, 20]


@given(st.text())
def test_masked_text_comes_out_as_it_went_in(text: str) -> None:
    [paragraph] = html.fragments_fromstring(clean(f"<p>|{mask(text)}|</p>"))
    assert paragraph.text_content() == re.sub(r"\s+", " ", f"|{spell(text)}|")
    assert not len(paragraph)


def test_only_plain_elements_come_out() -> None:
    page = """<!--x--><script>f()</script><p class="soft" style="color:red" onclick="f()" id="p"
        ><a href="javascript:f()">text</a><img src=x onerror=f()></p><svg onload="f()"><title>g</title></svg>
        <form action=x><button>send</button><input></form><section id="section-2"><h5 id=section-3>head</h5>"""
    plain = '<p class="soft">text</p> send<h2 id="section-3">head</h2>'
    assert " ".join(clean(page).split()) == plain


@given(st.sets(st.text(max_size=90), min_size=2, max_size=8))
def test_names_of_files_are_safe_and_differ(names: set[str]) -> None:
    files = {to_file_name(name) for name in names}
    assert len(files) == len(names)
    assert all(re.fullmatch(r"[a-z0-9_][a-z0-9_-]{0,60}", name) for name in files)


def test_a_site_must_keep_a_run(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="keeps 0 runs"):
        build_site({}, tmp_path, "a", NOON, keep=0)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, good: dict[str, Any], bad: dict[str, Any]) -> Path:
    folder = tmp_path_factory.mktemp("site")
    scopes = ["ingest documents", "ingest sources", "clean documents", "dedupe documents", "load documents"]
    build(folder, 1, dict.fromkeys(scopes, good))
    build(
        folder, 2, dict.fromkeys(scopes, good) | {"clean documents": bad, f"clean sources {HOSTILE[0]}": bad}
    )
    return build(folder, 3, dict.fromkeys(scopes[:3], good))


@pytest.mark.browser
def test_pages_load_nothing_run_nothing_and_lead_somewhere(site: Path, tab: Tab) -> None:
    found = pages(site.parent)
    for path, page in found.items():
        assert set(links(path, page)) <= {*found, site.parent / "site.css"}
        tab.page.goto(path.as_uri())
        assert tab.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(251, 250, 247)"
        assert (tab.asked, tab.errors) == ([], [])
    reached = {site}
    for _ in range(3):
        reached |= {link for path in reached for link in links(path, found[path]) if link.suffix == ".html"}
    assert reached == set(found)


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, (1280, 900)], ids=["phone", "desk"])
def test_pages_are_readable(site: Path, browser: Browser, size: tuple[int, int], *, dark: bool) -> None:
    shown = {
        "index": site,
        "suite": site.parent / "expectations/clean-documents.html",
        "results": site.parent / f"validations/{2:016x}/clean-documents.html",
    }
    with open_tab(browser, size=size, dark=dark) as tab:
        for name, path in shown.items():
            tab.page.goto(path.as_uri())
            paper = "rgb(23, 25, 28)" if dark else "rgb(251, 250, 247)"
            assert tab.page.evaluate("getComputedStyle(document.body).backgroundColor") == paper
            assert not tab.is_too_wide()
            tab.picture(f"data-docs-{name}-{'dark' if dark else 'light'}-{size[0]}")
            assert tab.faults() == []
