"""The peers: what they keep of a page, and what is said where one is not installed."""

import pytest

from benchmarks.pages import Page
from benchmarks.peers import HTML_PEERS, TEXT_PEERS, _import, bte, keep_everything, run_peer

PROSE = (
    "The harbour board met on Tuesday evening and said that the north pier would open in May, two years after a storm "
    "took its railing and with it the last of the benches on which the old men of the town had sat in the sun.",
    "Residents had asked for a date since the winter, when the shops along the quay began to close one after the other "
    "and the bus that used to bring the visitors was taken off for want of anybody who would have got out of it.",
    "The repairs cost three million, of which the county paid the half and the town the rest, and the chair of the "
    "board said that she would not have believed it herself if she had not seen the bill and signed it at her desk.",
)
MENU = ("Home", "News", "Sport", "Weather")
TEXT = "\n".join((*MENU, *PROSE, "Share", "Tweet"))
HTML = (
    "<html><body><nav>"
    + "".join(f'<a href="/{word}">{word}</a> ' for word in MENU)
    + "</nav><article><h1>Pier to open</h1>"
    + "".join(f"<p>{line}</p>" for line in PROSE * 3)
    + "</article><footer><a href='/x'>Share</a></footer></body></html>"
)
PAGE = Page("pier", TEXT, ["\n".join(PROSE)], "example.org", "en", HTML)


def test_keep_everything_and_bte() -> None:
    assert keep_everything(PAGE) == TEXT
    assert bte(PAGE) == "\n".join(PROSE)
    assert bte(PAGE._replace(text="Home\nNews")) == ""


@pytest.mark.parametrize("name", [*TEXT_PEERS, *HTML_PEERS])
def test_a_peer_keeps_prose(name: str) -> None:
    try:
        peer = (TEXT_PEERS | HTML_PEERS)[name]()
    except ImportError as absent:
        pytest.skip(str(absent))
    (found,) = run_peer(peer, [PAGE])
    for line in PROSE:
        assert line in found
    if name not in {
        "keep everything",
        "readability-lxml",
        "boilerpy3",
    }:  # the last two keep the menu of a small page
        assert "Weather" not in found


def test_a_peer_that_raises_gives_no_text() -> None:
    def broken(page: Page) -> str:
        raise RuntimeError(page.name)

    assert run_peer(broken, [PAGE]) == [""]


def test_an_absent_peer_is_named_with_the_remedy() -> None:
    with pytest.raises(ImportError, match="no_such_peer is not installed"):
        _import("no_such_peer")
