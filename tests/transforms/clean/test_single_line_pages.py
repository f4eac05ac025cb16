"""Pages on one line: cut into sentences and menus; the pieces tile the line."""

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


@given(awkward_text)
def test_cut_pieces_tile_the_line(text: str) -> None:
    assert "".join(cut_page(text)) == text
