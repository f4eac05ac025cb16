"""`copydesk show`: the sheet of a document that was really loaded, in the terminal and as a page."""

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from copydesk.flows.io.warehouse import reading
from copydesk.flows.proof.export import read_sheet
from copydesk.flows.proof.page import to_page
from copydesk.flows.proof.sheet import to_sheet
from copydesk.flows.proof.terminal import render_terminal
from copydesk.flows.settings import read_settings
from copydesk.warehouse.queries import documents
from copydesk.warehouse.queries.proof import proof as proof_of
from tests.conftest import ARTICLES, copydesk, load, rows

CHOSEN = (
    "northern-post/harbour-bridge-closure.txt",
    "coast-tribune/bridge-shut-for-repairs.txt",
    "metro-wire/rail-strike-suspended.txt",
    "evening-ledger/rail-strike-suspended.txt",
    "evening-ledger/loft-press-hundredth-book.txt",
    "evening-ledger/late-edition.txt",
    "northern-post/subscriber-page.txt",
)
HOSTILE = (
    "Pier <script>alert(1)</script> opens \x1b[31mearly\x1b[0m says \u202edraob eht [bold]now[/] in town"
)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a near copy, a byte copy, mojibake, two rejected records and a hostile page."""
    folder = tmp_path_factory.mktemp("proof")
    (folder / "wire").mkdir()
    body = "The board said on Tuesday that the pier in Selwick, closed since March, would open in May after repairs.\n"
    menu = "Tweet\nPrint\n" * 6
    (folder / "wire" / "hostile.txt").write_text(f"{HOSTILE}\n\n{body}\nTweet\nPrint\nEmail\n{menu}")
    load(folder / "home", *(ARTICLES / name for name in CHOSEN), folder / "wire")
    return folder / "home"


def sheet_of(home: Path, end: str) -> str:
    """Draw a sheet without styles."""
    with reading(read_settings(home=home)) as warehouse:
        (doc_id,) = set(documents.find_documents(warehouse, end, end)["doc_id"])
        sheet = read_sheet(read_settings(home=home), warehouse, doc_id)
    file = io.StringIO()
    Console(file=file, width=120).print(render_terminal(sheet, 120, full=True, styled=False))
    return file.getvalue()


def test_a_removed_line_stands_beside_its_rule_and_score(loaded: Path) -> None:
    drawn = sheet_of(loaded, CHOSEN[0])
    assert re.search(r"^- READ ALSO: Night ferry timetable .*winter storms +\w+ 0\.\d\d *$", drawn, re.M)
    assert re.search(r"^\^ Harbour bridge to close .* +→ title *$", drawn, re.M)
    assert re.search(r"^  “I know how much people here depend", drawn, re.M)
    for fact in ("Helen Marrick", "northern-post", "2026-03-03", "en (0.", "words", CHOSEN[0]):
        assert fact in drawn


def test_every_edit_of_the_warehouse_is_counted_in_the_foot(loaded: Path) -> None:
    drawn = sheet_of(loaded, CHOSEN[0])
    query = (
        "SELECT rule, count(*) FROM edits SEMI JOIN (SELECT doc_id FROM raw_documents WHERE "
        "ends_with(uri, 'harbour-bridge-closure.txt')) USING (doc_id) GROUP BY rule"
    )
    counted = rows(loaded, query)
    assert len(counted) > 5
    for rule, n in counted:
        assert re.search(rf"^{rule} +{n} +\d+ +[01]\.\d\d *$", drawn, re.M)


def test_repairs_read_old_then_new(loaded: Path) -> None:
    assert "Ren[-Ã©-]{+é+} Aubert" in sheet_of(loaded, CHOSEN[4])


def test_duplicates_are_named_from_both_sides(loaded: Path) -> None:
    canonical, copy = sheet_of(loaded, CHOSEN[0]), sheet_of(loaded, CHOSEN[1])
    if "holds" not in canonical:
        canonical, copy = copy, canonical
    assert re.search(r"^holds .*\n? .*near, similarity", canonical, re.M)
    assert re.search(r"^merged into .*near, similarity", copy, re.M)
    byte_copy = sheet_of(loaded, CHOSEN[2])
    assert re.search(rf"^read from +file://.*{CHOSEN[3]}", byte_copy, re.M)
    assert re.search(rf"^exact copy +file://.*{CHOSEN[2]}", byte_copy, re.M)
    assert not re.search(r"^(?:holds|merged into) ", byte_copy, re.M)


def test_a_rejected_record_shows_why_and_its_text(loaded: Path) -> None:
    drawn = sheet_of(loaded, "subscriber-page.txt")
    ((expectation,),) = rows(loaded, "SELECT expectation FROM quarantine WHERE stage = 'clean'")
    assert f"after clean: {expectation}" in drawn
    assert re.search(r"^- Skip to main content +skip_link 0\.\d\d *$", drawn, re.M)
    assert re.search(r"^cookie_notice +\d+ +\d+ +[01]\.\d\d *$", drawn, re.M)
    assert "record_is_not_empty" in sheet_of(loaded, "late-edition.txt")


def test_the_command_in_a_pipe_and_with_colours(loaded: Path) -> None:
    plain = copydesk(loaded, "show", CHOSEN[0])
    assert plain.returncode == 0, plain.stderr
    assert "\x1b" not in plain.stdout
    assert "lines removed: " in plain.stdout
    assert "lines removed: " not in copydesk(loaded, "show", "--full", CHOSEN[0]).stdout
    assert "\x1b[9;" in copydesk(loaded, "show", "--color", CHOSEN[0], TERM="xterm").stdout
    ((doc_id,),) = rows(loaded, "SELECT DISTINCT doc_id FROM raw_documents WHERE uri LIKE '%harbour-bridge%'")
    assert copydesk(loaded, "show", doc_id[:12]).stdout == plain.stdout
    narrow = copydesk(loaded, "show", CHOSEN[0], COLUMNS="50").stdout
    assert narrow.startswith("Harbour bridge")


def test_what_differs_from_a_copy_in_the_terminal(loaded: Path) -> None:
    for end, old, new in ((CHOSEN[0], "shut", "close"), (CHOSEN[1], "close", "shut")):
        drawn = copydesk(loaded, "show", "--diff", end).stdout
        assert f"will [-{old}-]{{+{new}+}} to all" in " ".join(drawn.split())
        assert re.search(r"^  … \d+ words in both$", drawn, re.M)
        assert "near, similarity 0.92; the canonical text has 96% of the merged text" in drawn
    alone = copydesk(loaded, "show", "--diff", CHOSEN[4]).stdout
    assert alone == "This document has no copies: it was not merged, and nothing was merged into it.\n"


def test_hostile_text_reaches_neither_terminal_nor_page_raw(loaded: Path, tmp_path: Path) -> None:
    drawn = copydesk(loaded, "show", "hostile.txt").stdout
    for part in ("‹U+001B›[31mearly", "‹U+202E›draob", "[bold]now[/]", "<script>alert(1)</script>"):
        assert part in drawn
    assert not {"\x1b", "\u202e"} & set(drawn)
    page = tmp_path / "proof.html"
    done = copydesk(loaded, "show", "hostile.txt", "--html", str(page))
    assert done.returncode == 0, done.stderr
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"<(?:script|link|img|iframe)|https?://|@import|url\(", text)
    assert "Content-Security-Policy" in text
    assert "&lt;script&gt;alert(1)" in text
    assert not {"\x1b", "\u202e"} & set(text)


def test_the_page_holds_every_removed_line(loaded: Path) -> None:
    with reading(read_settings(home=loaded)) as warehouse:
        (doc_id,) = set(documents.find_documents(warehouse, "hostile.txt", "")["doc_id"])
        page = to_page(to_sheet(proof_of(warehouse, doc_id)))
    assert page.count("<del>Tweet</del>") == 7
    assert "<details><summary>… " in page


def test_unknown_and_ambiguous_documents_are_exit_2(loaded: Path, tmp_path: Path) -> None:
    unknown = copydesk(loaded, "show", "nowhere\x1b.txt")
    assert unknown.returncode == 2
    assert unknown.stderr.count("\n") == 1
    assert "copydesk sql" in unknown.stderr
    assert "\x1b" not in unknown.stderr
    several = copydesk(loaded, "show", "")
    assert several.returncode == 2
    for ((doc_id,),) in (rows(loaded, "SELECT doc_id FROM raw_documents WHERE uri LIKE '%loft-press%'"),):
        assert f"  {doc_id[:12]}  file://" in several.stderr
    refused = copydesk(loaded, "show", "hostile.txt", "--html", str(tmp_path / "no" / "such.html"))
    assert refused.returncode == 2
    assert "cannot write" in refused.stderr
    assert "Example: copydesk show" in copydesk(loaded, "show", "--help").stdout
