"""Pages on one line: cut into sentences and menus; the pieces tile the line."""

import pytest
from hypothesis import given

from copydesk.transforms.clean.single_line_pages import cut_page
from tests.transforms.conftest import awkward_text


def test_an_abbreviation_ends_no_sentence() -> None:
    text = "Dr. Whitlock met Mr. J. Carrow at St. Anne on Oct. 3. She left early. “Why?” he asked. 12 boats."
    assert [piece.strip() for piece in cut_page(text)] == [
        "Dr. Whitlock met Mr. J. Carrow at St. Anne on Oct. 3.", "She left early.", "“Why?” he asked.", "12 boats.",
    ]  # fmt: skip


def test_scripts_without_spaces_are_cut_at_their_full_stops() -> None:
    assert cut_page("桥关了。市长说话！谁来？") == ["桥关了。", "市长说话！", "谁来？"]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        ("One sentence only", ["One sentence only"]),
        ("It closed. the rain went on.", ["It closed. the rain went on."]),
        ("It closed.” “Why?” she asked.", ["It closed.” ", "“Why?” she asked."]),
        ("Он ушёл. Ёлка стоит.", ["Он ушёл. ", "Ёлка стоит."]),
        ("3.5 miles. 12 boats.", ["3.5 miles. ", "12 boats."]),
        ("U.S. Gov. Carrow of St. Anne left.", ["U.S. Gov. Carrow of St. Anne left."]),
    ],
)  # fmt: skip
def test_where_a_line_is_cut(text: str, pieces: list[str]) -> None:
    assert cut_page(text) == pieces


MENU = "Home News Sport Weather Culture Travel Podcasts Jobs Archive About "


@pytest.mark.parametrize(
    "text", [MENU * 2, "the old man went home and slept until the tide turned again " * 2]
)
def test_a_run_of_one_kind_is_not_cut(text: str) -> None:
    assert cut_page(text) == [text]


def test_a_menu_is_cut_from_the_sentence_that_follows() -> None:
    prose = "The old man went home and slept until the tide turned and the lamps along the quay went out "
    assert cut_page(MENU + prose + MENU) == [MENU, prose, MENU]


@given(awkward_text)
def test_cut_pieces_tile_the_line(text: str) -> None:
    assert "".join(cut_page(text)) == text
