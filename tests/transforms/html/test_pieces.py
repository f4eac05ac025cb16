"""Pieces of HTML source: they tile it."""

from hypothesis import given

from copydesk.transforms.html.pieces import cut_pieces
from tests.transforms.html.test_visible_text import pages, sources


@given(sources)
def test_pieces_tile_the_source(text: str) -> None:
    pieces = cut_pieces(pages(text))
    assert "".join(pieces["piece"]) == text
    assert [text[start:end] for start, end in pieces.select("start", "end").rows()] == pieces[
        "piece"
    ].to_list()
