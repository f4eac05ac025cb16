"""Proof sheets as readers see them, in a real browser: names, copies, rejected records, hostile and long texts."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest
from playwright.sync_api import Browser, expect

from copydesk.flows.io.warehouse import reading
from copydesk.flows.proof.export import read_sheet
from copydesk.flows.proof.page import LONGEST, to_page
from copydesk.flows.proof.sheet import to_sheet
from copydesk.flows.settings import read_settings
from copydesk.warehouse.queries import documents
from copydesk.warehouse.queries.proof import ProofFrames, proof
from tests.browser import PHONE, Tab, open_tab
from tests.flows.proof.proof_home import HOSTILE

pytestmark = pytest.mark.browser

ORDINARY, NEAR, INSIDE = "selwick-grain-deal-signed.txt", "longer.txt", "inside.txt"
KEEPER = "mirror0/copy.txt"
PAGES = (ORDINARY, NEAR, INSIDE, "subscribe.html", "picture.txt", "hostile.txt", "arabic.txt")


@pytest.fixture
def warehouse(proof_home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with reading(read_settings(home=proof_home)) as connection:
        yield connection


def frames_of(warehouse: duckdb.DuckDBPyConnection, end: str) -> ProofFrames:
    (doc_id,) = set(documents.find_documents(warehouse, end, "")["doc_id"])
    return proof(warehouse, doc_id)


def open_sheet(tab: Tab, proof_home: Path, folder: Path, end: str) -> None:
    settings = read_settings(home=proof_home)
    with reading(settings) as warehouse:
        (doc_id,) = set(documents.find_documents(warehouse, end, "")["doc_id"])
        page = to_page(read_sheet(settings, warehouse, doc_id))
    show(tab, folder, page)


def show(tab: Tab, folder: Path, page: str) -> None:
    path = folder / "proof.html"
    path.write_text(page, encoding="utf-8")
    tab.page.goto(path.as_uri())


@pytest.mark.parametrize(
    ("size", "dark"),
    [
        ((1280, 900), False),
        (PHONE, True),
        *(pytest.param(*look, marks=pytest.mark.nightly) for look in (((1280, 900), True), (PHONE, False))),
    ],
    ids=["wide light", "phone dark", "wide dark", "phone light"],
)
@pytest.mark.parametrize("end", PAGES)
def test_every_kind_of_page_is_whole(
    browser: Browser, proof_home: Path, tmp_path: Path, end: str, size: tuple[int, int], dark: bool
) -> None:
    with open_tab(browser, size=size, dark=dark) as tab:
        open_sheet(tab, proof_home, tmp_path, end)
        tab.picture(f"proof-{end.split('.', maxsplit=1)[0]}-{size[0]}-{'dark' if dark else 'light'}")
        assert tab.faults() == []
        assert not tab.is_too_wide()
        assert (tab.asked, tab.errors) == ([], [])
        lightness = tab.page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g)[0]")
        assert (int(lightness) < 80) == dark


def test_the_canonical_name_shows_on_hover_and_on_focus(tab: Tab, proof_home: Path, tmp_path: Path) -> None:
    open_sheet(tab, proof_home, tmp_path, ORDINARY)
    mark = tab.page.locator("mark.other", has_text="Danylenko").first
    tip = mark.locator(".tip")
    expect(tip).to_be_hidden()
    mark.hover()
    expect(tip).to_be_visible()
    name = tip.locator("b").inner_text()
    assert name not in mark.evaluate("mark => mark.firstChild.textContent")
    tab.page.mouse.move(0, 0)
    expect(tip).to_be_hidden()
    tab.page.get_by_role("checkbox").focus()
    for _ in range(20):
        tab.page.keyboard.press("Tab")
        if tip.is_visible():
            break
    expect(tip).to_be_visible()
    assert tab.faults() == []
    row = tab.page.locator(f"#{mark.get_attribute('aria-describedby')}")
    assert row.locator("td").first.inner_text() == name


def test_only_names_written_otherwise_take_the_focus(tab: Tab, proof_home: Path, tmp_path: Path) -> None:
    open_sheet(tab, proof_home, tmp_path, ORDINARY)
    for mark in tab.page.locator(".paper mark").all():
        name = mark.locator(".tip b")
        assert (mark.get_attribute("tabindex") == "0") == (name.count() == 1)
        if name.count():
            assert name.text_content() != mark.evaluate("mark => mark.firstChild.textContent")


def test_copies_stand_side_by_side_on_a_desk_and_one_below_the_other_on_a_phone(
    browser: Browser, proof_home: Path, tmp_path: Path
) -> None:
    for size, is_beside in (((1280, 900), True), (PHONE, False)):
        with open_tab(browser, size=size) as tab:
            open_sheet(tab, proof_home, tmp_path, INSIDE)
            one, other = (
                box
                for text in ("told residents that", "told townspeople that")
                if (box := tab.page.locator(".beside p", has_text=text).bounding_box())
            )
            assert (one["x"] + one["width"] <= other["x"]) == is_beside
            assert (one["y"] + one["height"] <= other["y"]) == (not is_beside)
            assert tab.page.locator(".pair del").all_inner_texts() == ["only here", "residents"]
            assert tab.page.locator(".pair ins").all_inner_texts()[:2] == ["only here", "townspeople"]
            both = tab.page.locator(".pair.same p:visible", has_text="Engineers found rot")
            assert both.count() == (2 if is_beside else 1)


def test_what_the_longer_text_has_more_opens_on_a_click(tab: Tab, proof_home: Path, tmp_path: Path) -> None:
    open_sheet(tab, proof_home, tmp_path, INSIDE)
    more = tab.page.locator(".beside ins", has_text="Three families")
    expect(more).to_be_hidden()
    tab.page.get_by_text("… 84 more words in the canonical document").click()
    expect(more).to_be_visible()
    expect(
        tab.page.get_by_text("It is canonical: the more complete text, 199 words against 115.")
    ).to_be_visible()


def test_the_canonical_of_many_shows_some_and_lists_the_rest(
    tab: Tab, proof_home: Path, tmp_path: Path
) -> None:
    open_sheet(tab, proof_home, tmp_path, KEEPER)
    assert (tab.page.locator(".beside").count(), tab.page.locator(".others li").count()) == (5, 3)
    tab.picture("proof-canonical-1280-light")
    assert tab.faults() == []


def test_only_changed_lines_can_be_shown(tab: Tab, proof_home: Path, tmp_path: Path) -> None:
    open_sheet(tab, proof_home, tmp_path, ORDINARY)
    kept = tab.page.locator(".paper .row.kept").first
    expect(kept).to_be_visible()
    tab.page.get_by_label("only lines that were changed").check()
    expect(kept).to_be_hidden()
    expect(tab.page.locator(".paper .row.gone").first).to_be_visible()


def test_a_margin_note_stands_beside_its_line(tab: Tab, proof_home: Path, tmp_path: Path) -> None:
    open_sheet(tab, proof_home, tmp_path, "hostile.txt")
    for row in tab.page.locator(".row.gone").all():
        line, note = row.locator("p").bounding_box(), row.locator(".note").bounding_box()
        assert line and note
        assert abs(line["y"] - note["y"]) < 8
        assert note["x"] > line["x"] + line["width"]


def test_a_rejected_record_says_why_and_how_to_try_again(tab: Tab, proof_home: Path, tmp_path: Path) -> None:
    open_sheet(tab, proof_home, tmp_path, "subscribe.html")
    why = tab.page.locator("main").inner_text()
    for said in (
        "Rejected after clean: text_has_words",
        "n_words = 0",
        "n_words at least 5",
        "quarantine retry ",
    ):
        assert said in why
    assert tab.page.locator(".paper del").all_inner_texts() == ["Home", "Sport", "Accept all cookies"]
    open_sheet(tab, proof_home, tmp_path, "picture.txt")
    expect(tab.page.locator(".bytes")).to_contain_text("000000  89 50 4e 47 0d 0a 1a 0a")


def test_a_document_that_was_rejected_once_says_so(
    tab: Tab, warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    frames = frames_of(warehouse, ORDINARY)
    once = frames_of(warehouse, "subscribe.html")["quarantine"].with_columns(state=pl.lit("retried"))
    show(tab, tmp_path, to_page(to_sheet(frames | {"quarantine": once})))
    expect(tab.page.get_by_text("Rejected once, then retried after clean: text_has_words")).to_be_visible()
    assert "quarantine retry" not in tab.page.locator("main").inner_text()
    assert tab.page.locator("h1").inner_text() == frames["document"]["title"][0]


def test_a_printed_page_shows_what_was_folded_and_no_controls(
    tab: Tab, proof_home: Path, tmp_path: Path
) -> None:
    open_sheet(tab, proof_home, tmp_path, INSIDE)
    tab.page.emulate_media(media="print")
    expect(tab.page.locator(".beside ins", has_text="Three families")).to_be_visible()
    expect(tab.page.get_by_role("checkbox")).to_be_hidden()
    tab.picture("proof-inside-print")


def test_hostile_text_is_only_text(tab: Tab, proof_home: Path, tmp_path: Path) -> None:
    open_sheet(tab, proof_home, tmp_path, "hostile.txt")
    shown = HOSTILE.replace("\x1b", "").replace("\u202e", "‹U+202E›")
    assert tab.page.locator("h1").inner_text() == shown
    assert tab.page.title() == f"Proof: {shown}"
    assert tab.page.locator("script, img, b[onclick]").count() == 0


def test_a_hostile_name_is_only_text(tab: Tab, warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    frames = frames_of(warehouse, ORDINARY)
    name = '"><img src=x onerror=alert(1)>\u202e' + "long " * 200
    changed = frames["mentions"].with_columns(
        name=pl.lit(name), label=pl.lit('"><b>'), country_code=pl.lit("'><i>"), resolved_by=pl.lit("<s>")
    )
    show(tab, tmp_path, to_page(to_sheet(frames | {"mentions": changed})))
    tab.page.locator("mark.other").first.focus()
    tip = tab.page.locator("mark.other .tip").first.inner_text()
    assert tip.startswith('"><img src=x onerror=alert(1)>‹U+202E›long ')
    assert len(tip) < 300
    assert tab.page.locator("img, i, s, .paper b:not(.tip b)").count() == 0
    assert not tab.is_too_wide()
    assert (tab.asked, tab.errors) == ([], [])


def test_right_to_left_text_runs_from_the_right(tab: Tab, proof_home: Path, tmp_path: Path) -> None:
    open_sheet(tab, proof_home, tmp_path, "arabic.txt")
    direction = "line => getComputedStyle(line).direction"
    assert {line.evaluate(direction) for line in tab.page.locator(".paper p").all()} == {"rtl"}
    assert tab.page.locator("h1").evaluate(direction) == "rtl"
    assert tab.page.locator(".paper").get_attribute("lang") == "ar"


@pytest.mark.parametrize("is_one_line", [False, True])
def test_a_megabyte_opens_in_three_seconds_of_cpu(
    tab: Tab, warehouse: duckdb.DuckDBPyConnection, tmp_path: Path, is_one_line: bool
) -> None:
    frames = frames_of(warehouse, ORDINARY)
    line = "The board said that the pier would open in May after repairs. Share this\n"
    text = line * (1_000_000 // len(line))
    starts = pl.DataFrame({"start": range(line.index("Share"), len(text), len(line))}, {"start": pl.Int64})
    edits = starts.with_columns(
        end=pl.col("start") + 10, rule=pl.lit("share"), replacement=pl.lit(""), score=0.9
    )
    document = frames["document"].with_columns(
        raw_text=pl.lit(text.replace("\n", " ") if is_one_line else text)
    )
    page = to_page(to_sheet(frames | {"document": document, "edits": edits}))
    show(tab, tmp_path, page)
    tab.page.locator(".paper").evaluate("paper => paper.offsetHeight")
    session = tab.page.context.new_cdp_session(tab.page)
    session.send("Performance.enable")
    metrics = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    assert 0 < metrics["ThreadTime"] < 3
    assert tab.page.locator(".paper del").count() == len(edits)


def test_a_text_beyond_all_bounds_is_cut_and_says_so(warehouse: duckdb.DuckDBPyConnection) -> None:
    frames = frames_of(warehouse, ORDINARY)
    document = frames["document"].with_columns(raw_text=pl.lit("x" * (LONGEST + 1234)))
    nothing = {"edits": frames["edits"].clear(), "mentions": frames["mentions"].clear()}
    page = to_page(to_sheet(frames | {"document": document} | nothing))
    assert page.count("x" * LONGEST) == 1
    assert "… 1,234 more characters; all of it: copydesk show --full" in page
