"""Proof sheets in the terminal: colours or wdiff notation, a margin where there is room, long text in parts."""

import io

import pytest
from rich.console import Console, RenderableType

from copydesk.flows.proof.copies import AlignedLine, FoldedLines, Partner
from copydesk.flows.proof.rows import Piece, Row
from copydesk.flows.proof.sheet import Name, Sheet
from copydesk.flows.proof.terminal import NARROW, render_differences, render_terminal
from tests.cpu_time import growth

REMOVED = Row((Piece("removed", "Share this", "", "share_widget", 0.99),))
CHANGED = Row(
    (
        Piece("kept", "The "),
        Piece("repaired", "cafÃ©", "café", "mojibake", 1.0),
        Piece("kept", " in Rome", label="GPE"),
    )
)
MOVED = Row((Piece("moved", "A headline", "", "headline", 0.8),))


def sheet_of(*rows: Row, **others: object) -> Sheet:
    empty = {
        "doc_id": "d" * 32, "title": "A headline", "facts": [("source", "Post")], "rows": list(rows), "rules": [],
        "names": [], "mentions": [], "partners": [], "n_partners": 0, "reasons": [],
    }  # fmt: skip
    return Sheet(**(empty | others))  # type: ignore[arg-type]


def printed(shown: RenderableType, width: int = 100, *, styled: bool = False) -> str:
    console = Console(
        file=io.StringIO(), width=width, force_terminal=styled, color_system="standard" if styled else None
    )
    console.print(shown)
    return console.file.getvalue()  # type: ignore[attr-defined]


def drawn(sheet: Sheet, width: int = 100, *, full: bool = False, styled: bool = False) -> str:
    return printed(render_terminal(sheet, width, full=full, styled=styled), width, styled=styled)


def line_of(output: str, word: str) -> str:
    (line,) = [line for line in output.splitlines() if word in line]
    return " ".join(line.split())


def test_without_colours_edits_are_in_wdiff_notation_with_their_rule_in_the_margin() -> None:
    output = drawn(sheet_of(MOVED, REMOVED, CHANGED))
    assert line_of(output, "share_widget") == "- Share this share_widget 0.99"  # the whole line is removed
    assert line_of(output, "mojibake") == "~ The [-cafÃ©-]{+café+} in Rome mojibake 1.00"
    assert line_of(output, "→ title") == "^ A headline → title"
    assert "\x1b" not in output
    assert "[-removed-]" in line_of(output, "line removed")


def test_with_colours_nothing_is_bracketed() -> None:
    output = drawn(sheet_of(REMOVED, CHANGED), styled=True)
    assert "[-" not in output
    assert "\x1b[" in output
    assert "→" in output


def test_a_narrow_terminal_has_its_notes_behind_the_line() -> None:
    output = drawn(sheet_of(REMOVED), NARROW - 1)
    assert line_of(output, "share_widget") == "- Share this ‹share_widget 0.99›"


def test_many_removed_lines_are_folded_unless_all_are_wanted() -> None:
    rows = [Row((Piece("removed", f"Menu {number}", "", "menu", 0.9),)) for number in range(9)]
    folded, full = drawn(sheet_of(*rows)), drawn(sheet_of(*rows), full=True)
    assert "… 6 lines removed: menu 6" in folded
    assert "Menu 2" in folded
    assert "Menu 3" not in folded
    assert all(f"Menu {number}" in full for number in range(9))


def test_a_long_removed_piece_is_cut_unless_all_is_wanted() -> None:
    row = Row((Piece("kept", "kept "), Piece("removed", "x" * 500, "", "menu", 0.9)))
    cut, full = drawn(sheet_of(row)), drawn(sheet_of(row), full=True)
    assert cut.count("x") == 240
    assert "260 characters more" in " ".join(cut.split())
    assert full.count("x") == 500


def test_a_long_line_is_rendered_whole_in_linear_time() -> None:
    def draw(n: int) -> None:
        output = drawn(sheet_of(Row((Piece("kept", "word " * n),))), full=True)
        assert output.count("word") == n

    assert growth(draw, small=3_000, large=12_000, rounds=2) < 8


def test_facts_remark_names_and_rules_are_around_it() -> None:
    names = [Name(f"Name {number}", "PERSON", "", "", number, []) for number in range(14)]
    output = drawn(
        sheet_of(REMOVED, names=names, rules=[("share_widget", 2, 31, 0.5)], remark="as stored", about="x")
    )
    assert line_of(output, "source") == "source Post"
    assert line_of(output, "as stored") == "text as stored"
    assert "Name 11 (PERSON) 11" in output
    assert "Name 12" not in output
    assert "2 more" in output
    assert output.rstrip().splitlines()[-1].split() == ["share_widget", "2", "31", "0.50"]


def partner_of(*lines: AlignedLine | FoldedLines, is_canonical: bool = True) -> Partner:
    given = dict.fromkeys(Partner._fields, "")
    given |= {"doc_id": "e" * 32, "title": "Another", "verdict": "near", "why": "longer", "about": "Post"}
    return Partner(**(given | {"is_canonical": is_canonical, "lines": list(lines) or None}))  # type: ignore[arg-type]


def test_differences_show_what_changed_and_count_what_did_not() -> None:
    same = AlignedLine("same", 4, ((True, "the pier is open", "the pier is open"),))
    changed = AlignedLine(
        "changed", 4, ((True, "It cost ", "It cost "), (False, "3 ", "4 "), (True, "million", "million"))
    )
    sheet = sheet_of(partners=[partner_of(same, changed)])
    output = printed(render_differences(sheet, styled=False))
    assert "merged into Another" in output
    assert "canonical: that document; longer" in output
    assert "… 4 words in both" in output
    assert "It cost [-3-]{+4+} million" in output
    assert "[-" not in printed(render_differences(sheet, styled=True), styled=True)


@pytest.mark.parametrize(("is_canonical", "says"), [(True, "merged into"), (False, "holds")])
def test_a_copy_that_was_not_compared_says_so(is_canonical: bool, says: str) -> None:
    sheet = sheet_of(partners=[partner_of(is_canonical=is_canonical)])
    output = printed(render_differences(sheet, styled=False))
    assert f"{says} Another" in output
    assert "not compared" in output


def test_a_document_without_copies_says_so() -> None:
    assert "has no copies" in printed(render_differences(sheet_of(), styled=False))
