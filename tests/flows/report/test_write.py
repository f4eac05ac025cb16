"""The report: one page that loads nothing, with everything in it escaped, and charts that the SQL below them made."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from benchmarks import ROOT
from copydesk.flows.report.section import FOLDER
from copydesk.flows.report.sections import CHAPTERS
from copydesk.flows.report.write import write_report
from copydesk.flows.settings import read_settings
from copydesk.warehouse.schema import connect, migrate
from tests.browser import PHONE, RULES_ONLY, Tab, open_tab
from tests.conftest import copydesk, load, rows, tamper

SECTIONS = [section for chapter in CHAPTERS for section in chapter.sections]
SQL = {section.name: section.sql for section in SECTIONS}


@pytest.fixture(scope="module")
def page(sample_home: Path) -> Path:
    return write_report(read_settings(home=sample_home))


def test_it_is_self_contained_and_says_what_the_run_did(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"<(?:link|img|iframe)|@import|url\(|(?:src|href)=\"(?:https?:)?//", text)
    assert text.count("<script>") == 1
    assert "script-src 'sha256-" in text
    for word in (
        "teaser_block",
        "late-edition.txt",
        "rail-strike-suspended.txt",
        "record_is_not_empty",
        "northern-post",
    ):
        assert word in text
    assert len(text) < 5_000_000


def test_every_section_has_sql_that_runs_and_every_file_a_section(sample_home: Path) -> None:
    assert {section.name for section in SECTIONS} == {file.stem for file in FOLDER.glob("*.sql")}
    for section in SECTIONS:
        assert rows(sample_home, section.sql) is not None


@pytest.mark.browser
def test_the_sql_below_a_chart_is_the_sql_that_made_it(page: Path, tab: Tab) -> None:
    tab.page.goto(page.as_uri())
    for section in SECTIONS:
        shown = tab.page.locator(
            "section", has=tab.page.get_by_role("heading", name=section.title, exact=True)
        )
        assert shown.locator("pre").first.text_content() == section.sql


@pytest.mark.browser
def test_the_funnel_adds_up(page: Path, sample_home: Path, tab: Tab) -> None:
    tab.page.goto(page.as_uri())
    titles = (
        tab.page.locator("section", has_text="The funnel").first.locator("rect title").all_text_contents()
    )
    drawn = {label: int(value) for label, value in (title.split(": ") for title in titles)}
    ((read, known, quarantined, merged, loaded),) = rows(
        sample_home, "SELECT n_records, n_known, n_quarantined, n_duplicates, n_loaded FROM runs"
    )
    expected = {
        "read": read,
        "known before": known,
        "quarantined": quarantined,
        "merged into others": merged,
        "loaded": loaded,
    }
    assert drawn == expected


def test_what_the_gates_found_is_told_with_what_they_asked(sample_home: Path, page: Path) -> None:
    found = {
        name: rows(sample_home, SQL[name]) for name in ("gates_of_run", "failed_rows_of_run", "gates_by_run")
    }
    assert len(found["gates_of_run"]) == rows(sample_home, "SELECT count(*) FROM quality_results")[0][0]
    assert [row[:2] for row in found["gates_of_run"] if not row[4]] == [
        *(("ingest", "record_has_words"), ("ingest", "record_is_not_empty")),
        *(("clean", "language_is_known"), ("clean", "text_has_words")),
    ]
    (few_words,) = [row for row in found["gates_of_run"] if row[:2] == ("clean", "text_has_words")]
    assert few_words[2:] == (
        *(None, "warning", False, "n_words at least 5", "1 of 23 documents", 1, 23),
        "fewer than 5 words are left; everything else was taken for boilerplate",
    )
    _, empty, *_, menu = found["failed_rows_of_run"]
    assert empty[:3] + empty[4:] == (
        *("ingest", "record_is_not_empty", "warning"),
        *("evening-ledger", "n_bytes = 0", "late-edition.txt"),
    )
    assert menu[:3] + menu[4:] == (
        *("clean", "text_has_words", "warning", "northern-post", "n_words = 0", "subscriber-page.txt"),
    )
    for doc_id in (empty[3], menu[3]):
        assert (page.parent / "proofs" / f"{doc_id}.html").is_file()
        assert f'<a href="proofs/{doc_id}.html">{doc_id[:12]}</a>' in page.read_text(encoding="utf-8")
    ((*_, ingest, clean, dedupe, tag, load_),) = found["gates_by_run"]
    assert (ingest, clean) == ("2 warnings", "2 warnings")
    assert [re.fullmatch(r"all \d+ met", words) is not None for words in (dedupe, tag, load_)] == [True] * 3


def test_earlier_runs_keep_their_place_in_the_gates(sample_home: Path, home: Path) -> None:
    home.mkdir()
    shutil.copy(sample_home / "copydesk.duckdb", home)
    tamper(
        home,
        """
        INSERT INTO runs BY NAME SELECT * REPLACE ('later' AS run_id, started_at + to_days(1) AS started_at,
            'failed' AS state) FROM runs;
        INSERT INTO quality_results BY NAME SELECT * REPLACE ('later' AS run_id, stage = 'tag' AS success,
            'notice' AS severity) FROM quality_results WHERE stage IN ('tag', 'load');
        UPDATE quality_results SET doc_ids = ['every_byte'] WHERE run_id = 'later' AND stage = 'load';
        """,
    )
    ((*_, state, ingest, clean, dedupe, tag, load_), earlier) = rows(home, SQL["gates_by_run"])
    assert (state, ingest, clean, dedupe) == ("failed", None, None, None)
    assert re.fullmatch(r"all \d+ met", tag)
    assert re.fullmatch(r"\d+ notices?", load_)
    assert earlier[3:5] == ("2 warnings", "2 warnings")
    assert {row[3] for row in rows(home, SQL["failed_before"])} == {
        *("record_has_words", "record_is_not_empty"),
        *("language_is_known", "text_has_words"),
    }
    assert {row[2:] for row in rows(home, SQL["failed_rows_of_run"])} == {
        ("notice", None, None, "law every_byte is broken", None)
    }


def test_an_empty_warehouse_has_a_report(home: Path) -> None:
    home.mkdir()
    with connect(home / "copydesk.duckdb") as connection:
        migrate(connection)
    assert "Nothing yet." in write_report(read_settings(home=home)).read_text()


@pytest.mark.browser
def test_hostile_headlines_stay_text(
    tmp_path: Path, home: Path, article: Callable[..., str], browser: Browser
) -> None:
    hostile = "<script>alert(1)</script><svg onload=alert(2)> \u202epier\u202c mended for good"
    (tmp_path / "<b>x").mkdir()
    (tmp_path / "<b>x" / "<i>x.txt").write_text(article().replace("Harbour board", hostile, 1))
    (tmp_path / "<i>y.txt").write_text("")
    load(home, tmp_path / "<b>x", tmp_path / "<i>y.txt")
    tamper(home, "UPDATE entities SET name = '</text><script>alert(3)</script>\"&', n_documents = 99")
    for table, column in (
        ("results", "source"),
        ("results", "asks"),
        ("results", "because"),
        ("failures", "seen"),
    ):
        tamper(home, f"UPDATE quality_{table} SET {column} = '<img src=x onerror=alert(4)>\u202e'")
    page = write_report(read_settings(home=home))
    text = page.read_text(encoding="utf-8")
    assert "<i>y" not in text
    assert "&lt;i&gt;y" in text
    assert "\u202e" not in text
    assert "<img" not in text
    assert text.count("&lt;img") > 3
    with open_tab(browser) as tab:
        tab.page.goto(page.as_uri())
        assert tab.page.locator("script").count() == 1
        assert tab.errors == []


def test_nothing_of_ours_imports_a_chart_library() -> None:
    files = [file for room in ("flows", "warehouse", "benchmarks") for file in (ROOT / room).rglob("*.py")]
    found = [
        file for file in files if re.search(r"^\s*(import|from) (altair|vl_convert)", file.read_text(), re.M)
    ]
    assert files
    assert found == []


@pytest.mark.browser
def test_every_chart_has_a_name_and_shows_its_text_whole(page: Path, tab: Tab) -> None:
    tab.page.goto(page.as_uri())
    drawn = [section for section in SECTIONS if section.draw]
    shown = tab.page.get_by_role("img").all()
    assert 10 <= len(shown) <= len(drawn)
    titles = {section.title for section in drawn}
    assert all(chart.locator("> title").text_content() in titles for chart in shown)
    # In the units of the drawing, the text as the browser sets it.
    outside = """svg => [...svg.querySelectorAll("text:not([transform])")].filter(text => {
        const [box, view] = [text.getBBox(), svg.viewBox.baseVal];
        return box.x < -1 || box.x + box.width > view.width + 1 || box.y < -1 || box.y + box.height > view.height + 1;
    }).map(text => text.textContent)"""
    assert [chart.evaluate(outside) for chart in shown] == [[]] * len(shown)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("size", "dark"), [(RULES_ONLY, False), (RULES_ONLY, True), (PHONE, False), (PHONE, True)]
)
def test_it_is_whole_in_a_browser_without_a_network(
    page: Path, browser: Browser, size: tuple[int, int], dark: bool
) -> None:
    with open_tab(browser, size=size, dark=dark) as tab:
        tab.page.goto(page.as_uri())
        tab.picture(f"report-{size[0]}-{'dark' if dark else 'light'}")
        assert (tab.asked, tab.errors) == ([], [])
        assert not tab.is_too_wide()
        assert tab.faults() == []
        assert tab.page.locator("svg").count() >= 10
        paper = tab.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert paper == ("rgb(23, 25, 28)" if dark else "rgb(251, 250, 247)")


@pytest.mark.browser
def test_tables_are_sorted_by_a_key_press_and_filtered_by_words(page: Path, tab: Tab) -> None:
    tab.page.goto(page.as_uri())
    rules = tab.page.locator("section", has=tab.page.get_by_role("heading", name="Rules", exact=True))
    heading = rules.locator("th", has_text="marks")

    def marks() -> list[int]:
        return [
            int(text.replace(",", ""))
            for text in rules.locator("tbody tr:visible td:nth-child(2)").all_text_contents()
        ]

    heading.locator("button").focus()
    tab.page.keyboard.press("Enter")
    assert heading.get_attribute("aria-sort") == "ascending"
    assert marks() == sorted(marks())
    tab.page.keyboard.press("Enter")
    assert heading.get_attribute("aria-sort") == "descending"
    assert marks() == sorted(marks(), reverse=True)
    everything = len(marks())
    rules.get_by_label("Filter").fill("teaser")
    assert 0 < len(marks()) < everything
    assert rules.locator("output").text_content() == f"{len(marks())} of {everything}"
    rules.get_by_label("Filter").fill("no such rule")
    assert marks() == []


@pytest.mark.browser
def test_links_lead_to_proof_sheets(page: Path, tab: Tab) -> None:
    tab.page.goto(page.as_uri())
    links = {link.get_attribute("href") for link in tab.page.locator("a").all()}
    files = {link for link in links if link and not link.startswith("#")}
    assert len(files) > 20
    assert all((page.parent / link).is_file() for link in files)
    tab.page.get_by_role("link", name="e3b0c44298fc").first.click()
    tab.page.wait_for_url("**/*e3b0c44298fc*")
    assert "record_is_not_empty" in (tab.page.text_content("body") or "")


@pytest.mark.browser
def test_it_prints_without_what_is_for_the_screen(page: Path, tab: Tab) -> None:
    tab.page.goto(page.as_uri())
    tab.page.emulate_media(media="print")
    assert not tab.page.locator("nav").is_visible()
    assert not tab.page.locator("summary").first.is_visible()
    assert tab.page.locator("svg").first.is_visible()
    assert len(tab.page.pdf()) > 50_000


def test_the_command_writes_it(sample_home: Path) -> None:
    ended = copydesk(sample_home, "report")
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.split() == ["report", "home/reports/index.html"]


def test_without_a_warehouse_the_command_says_so(home: Path) -> None:
    home.mkdir()
    ended = copydesk(home, "report")
    assert ended.returncode == 2
    assert "no warehouse" in ended.stderr
