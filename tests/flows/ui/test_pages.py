"""The browser's pages in a real browser: by keyboard, in both colours, on a phone, with hostile headlines."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import PHONE, RULES_ONLY, Tab, open_tab
from tests.flows.ui.test_ui import first_ids, write_small_report
from tests.flows.ui.ui_server import Server, serving

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server over the sample articles, with a report that has a style and a script of its own."""
    home = Path(shutil.copytree(sample_home, tmp_path_factory.mktemp("pages") / "home"))
    write_small_report(home)
    with serving(home) as started:
        yield started


def pages(home: Path) -> dict[str, str]:
    """Return a path of every kind of page, by name."""
    of = first_ids(home)
    return {
        "home": "/",
        "search": "/search?q=grain",
        "nothing-found": "/search?q=zzqqzz&source=metro-wire&from=2026-01-01",
        "document": f"/documents/{of['doc']}",
        "merged": f"/documents/{of['merged']}",
        "proof": f"/documents/{of['doc']}/proof",
        "rejected": f"/documents/{of['rejected']}/proof",
        "stories": "/stories?all=1",
        "story": f"/stories/{of['story']}",
        "entities": "/entities",
        "entity": f"/entities/{of['entity']}",
        "quarantine": "/quarantine",
    }


@pytest.mark.parametrize(
    "look",
    ["light", "dark phone", *(pytest.param(look, marks=pytest.mark.nightly) for look in ("dark", "phone"))],
)
def test_every_page_is_fit_to_be_seen(server: Server, sample_home: Path, browser: Browser, look: str) -> None:
    with open_tab(browser, size=PHONE if "phone" in look else RULES_ONLY, dark="dark" in look) as tab:
        for name, path in pages(sample_home).items():
            tab.page.goto(server.address + path)
            tab.picture(f"ui-{name}-{look.replace(' ', '-')}")
            assert tab.faults() == [], name
            assert not tab.is_too_wide(), name
            assert (tab.asked, tab.errors) == ([], []), name
            assert tab.page.evaluate("getComputedStyle(document.body).maxWidth") != "none", name


def test_a_report_has_its_own_style_and_no_script(server: Server, tab: Tab) -> None:
    tab.page.goto(f"{server.address}/reports")
    assert tab.page.evaluate("getComputedStyle(document.body).color") == "rgb(1, 2, 3)"
    assert tab.page.title() == "still"
    assert [error for error in tab.errors if "script" not in error] == []


def test_an_error_is_a_page_in_the_same_look(server: Server, tab: Tab) -> None:
    tab.page.goto(f"{server.address}/search?from=yesterday")
    tab.picture("ui-failed-light")
    expect(tab.page.get_by_role("heading", level=1)).to_have_text("This cannot be asked")
    assert tab.faults() == []


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the link, button or field called `name` has the focus. Each stop on the way must be seen."""
    for _ in range(60):
        page.keyboard.press("Tab")
        now = page.evaluate(
            "(() => { const e = document.activeElement, s = getComputedStyle(e);"
            "return [e.innerText || (e.labels && e.labels[0] && e.labels[0].innerText) || '', s.outlineStyle]; })()"
        )
        assert now[1] != "none", now
        if now[0].strip().startswith(name):
            return
    pytest.fail(f"no way to {name}")


def test_an_article_is_searched_and_read_by_keyboard_alone(server: Server, tab: Tab) -> None:
    page = tab.page
    page.goto(server.address)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skip to the content
    assert page.evaluate("document.activeElement.id") == "main"
    tab_to(page, "Words")
    page.keyboard.type("selwick contract")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=selwick+contract")
    title = page.locator(".articles h2").first.inner_text()
    assert page.locator(".articles mark").count() > 1
    tab_to(page, title)
    page.keyboard.press("Enter")
    page.wait_for_url("**/documents/*")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    tab_to(page, "Proof sheet")
    page.keyboard.press("Enter")
    page.wait_for_url("**/proof")
    assert page.locator("del").count() > 0
    tab_to(page, "← the article")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/documents/[0-9a-f]+$"))
    story = page.locator("aside a.headline").inner_text()
    tab_to(page, story)
    page.keyboard.press("Enter")
    page.wait_for_url("**/stories/*")
    assert page.locator(".timeline li").count() >= 1
    tab_to(page, "search in this story")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?story=*")
    expect(page.get_by_role("checkbox", name="story: ")).to_be_checked()
    assert tab.errors == []


def test_filters_are_kept_in_the_address_and_can_be_taken_off(server: Server, tab: Tab) -> None:
    page = tab.page
    page.goto(f"{server.address}/entities")
    page.get_by_label("Part of a name").fill("danylenko")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**/entities?*danylenko*")
    page.locator("tbody th a").first.click()
    expect(page.get_by_role("img", name=re.compile("^Articles that name it, by "))).to_be_visible()
    page.get_by_role("link", name="search where it is named").click()
    chip = page.get_by_role("checkbox", name=re.compile("^name: "))
    expect(chip).to_be_checked()
    named = page.locator(".articles li").count()
    page.get_by_label("Outlet").select_option("metro-wire")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url(re.compile("source=metro-wire.*entity="))
    assert 0 < page.locator(".articles li").count() < named
    page.get_by_role("checkbox", name=re.compile("^name: ")).uncheck()
    page.get_by_role("button", name="Search").click()
    page.wait_for_url(re.compile("^(?!.*entity=).*source=metro-wire"))
    assert page.locator("[aria-current=page], [aria-current=true]").all_inner_texts() == ["Articles"]


def test_a_button_starts_a_retry_and_its_page_waits_for_the_end(
    sample_home: Path, stub_model: Path, tmp_path: Path, tab: Tab
) -> None:
    home = Path(shutil.copytree(sample_home, tmp_path / "own"))
    with serving(home, COPYDESK_MODEL=str(stub_model)) as server:
        page = tab.page
        page.goto(f"{server.address}/quarantine")
        page.get_by_role("button", name="Retry northern-post/subscriber-page.txt").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Retry of 1 record")
        expect(page.get_by_text("It runs.")).to_be_visible()
        tab.picture("ui-retry-running")
        expect(page.get_by_text("Exit code 0")).to_be_visible(timeout=120_000)  # it asks again by itself
        tab.picture("ui-retry-done")
        assert tab.faults() == []
        assert tab.errors == []
        page.get_by_role("link", name="Back to the quarantine").click()
        expect(page.locator("tbody tr")).to_have_count(2)


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>' \" \u202egnp.exe {{7*7}} "


def test_hostile_values_stay_text(sample_home: Path, tmp_path: Path, browser: Browser) -> None:
    home = Path(shutil.copytree(sample_home, tmp_path / "own"))
    values = [
        "documents SET title = $h || title, text = $h || text, source = $h || source, byline = $h, uri = $h",
        *("stories SET label = $h || label", "entities SET name = $h || name, label = $h, country_code = $h"),
        *(
            "entity_names SET written = $h || written, resolved_by = $h",
            "quarantine SET uri = $h || uri, detail = $h",
        ),
        *("duplicates SET uri = $h, kind = $h", "raw_documents SET uri = $h", "runs SET state = $h"),
        *("quality_results SET expectation = $h", "quarantine SET expectation = $h, stage = $h"),
    ]
    with duckdb.connect(home / "copydesk.duckdb") as warehouse:
        for value in values:
            warehouse.execute(f"UPDATE {value}", {"h": HOSTILE})
    with serving(home) as server, open_tab(browser, size=PHONE) as tab:
        for name, path in pages(sample_home).items():
            tab.page.goto(server.address + path)
            tab.picture(f"ui-hostile-{name}")
            assert (tab.errors, tab.asked) == ([], []), name
            assert tab.faults() == [], name
            assert not tab.is_too_wide(), name
            source = server.get(path).text
            assert not re.search(r"<script|<img|49 ", source), name
            # Proof sheets have tests of their own.
            assert "\u202e" not in source or name in {"proof", "merged-proof", "rejected"}, name
        tab.page.goto(f"{server.address}/search?q=%22onerror%3Dalert(2)%22")
        assert tab.page.locator("h2 mark").first.inner_text() == "onerror=alert(2)"
        assert "‹U+202E›" in tab.page.locator("h2").first.inner_text()
        tab.page.get_by_label("Outlet").select_option(index=1)
        tab.page.get_by_role("button", name="Search").click()
        tab.page.wait_for_url("**&source=*")
        assert tab.page.locator(".articles li").count() > 0
        assert tab.errors == []
