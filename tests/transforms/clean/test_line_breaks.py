"""Line breaks: broken lines are joined, pages on one line are cut, and nothing else changes."""

import textwrap
from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from copydesk.transforms.clean.line_breaks import to_segments
from copydesk.transforms.clean.line_wraps import mend_line_ends
from copydesk.transforms.contract import EDITS, LINES, empty
from copydesk.transforms.edits import apply_all, resolve_overlaps
from copydesk.transforms.text.lines import to_lines
from tests.transforms.conftest import LINEAR, PROSE, SEEDS, awkward_text, cpu_ratio, raw_of

NO_LANGUAGE = pl.DataFrame(schema={"doc_id": pl.String, "lang": pl.String})
A, B = PROSE
ARTICLE = [A, B, f"{A} {B}", f"{B} {A}"]
MENU = "Home News Sport Weather Culture Travel Podcasts Jobs Archive About Us Contact Terms Privacy Help"
POEM = [
    "The tide is out, the boats lie down,", "the gulls walk over the sand,",
    "a bell is ringing in the town", "for nobody close at hand;",
    "the ropes are stiff, the nets are dry,", "the captain sleeps in his chair,",
    "and all the lamps along the quay", "burn low in the empty air,",
    "burn low, and then go out.", "The tide comes in with a shout.",
]  # fmt: skip
SHORT = [
    "Hallam 3, Selwick 1",
    "Almadia 0, Carrow 0",
    "Port Marsh 2, Dunmore 4",
    "Standings",
    "Carrow 31",
    "Selwick 28",
]


def segments(text: str) -> list[str]:
    return to_segments(to_lines(raw_of(text)))["text"].to_list()


def mended(text: str) -> str:
    proposed = mend_line_ends(to_segments(to_lines(raw_of(text))), NO_LANGUAGE)
    return str(apply_all(raw_of(text), resolve_overlaps([proposed]))["text"].item())


pieces = st.lists(
    st.tuples(
        st.sampled_from(
            ["the harbour", "said", ", and", "Nobody", ".", "“", "which she", "harbour-", "Home", A]
        ),
        st.sampled_from([" ", "\n", "\n\n", "\r\n", " \n ", "\u2028", ""]),
    ),
    max_size=25,
).map(lambda pairs: "".join(piece + gap for piece, gap in pairs))


@given(st.lists(st.one_of(pieces, awkward_text), max_size=4))
def test_segments_tile_the_text(texts: list[str]) -> None:
    raw = raw_of(*texts)
    found = to_segments(to_lines(raw))
    assert found.schema == pl.Schema(LINES)
    for doc_id, text in raw.select("doc_id", "raw_text").iter_rows():
        own = found.filter(doc_id=doc_id)
        assert "".join(own["text"]) == text
        assert own["line"].to_list() == list(range(len(own)))
        assert [text[start:end] for start, end in own.select("start", "end").iter_rows()] == own[
            "text"
        ].to_list()


@given(st.lists(st.one_of(pieces, awkward_text), min_size=2, max_size=4))
def test_a_document_is_cut_the_same_alone_and_among_others(texts: list[str]) -> None:
    together = to_segments(to_lines(raw_of(*texts)))
    alone = [segments(text) for text in texts]
    assert [
        together.filter(doc_id=f"d{number:04}")["text"].to_list() for number in range(len(texts))
    ] == alone


@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_wrapped_text_is_joined_to_its_paragraphs(width: int, gap: str) -> None:
    wrapped = gap.join(textwrap.fill(paragraph, width, break_on_hyphens=False) for paragraph in ARTICLE)
    if gap == "\n\n":
        assert mended(wrapped) == gap.join(ARTICLE)
    else:  # a paragraph whose last line is full by chance goes on in the next one; none is cut
        shown = mended(wrapped).split("\n")
        assert len(shown) > 1
        assert " ".join(shown) == " ".join(ARTICLE)
        assert all(line.startswith((A, B)) for line in shown)


def test_menus_beside_wrapped_text_stay_lines() -> None:
    menu = "Home\nNews\nSport\n\n"
    wrapped = "\n\n".join(textwrap.fill(paragraph, 80, break_on_hyphens=False) for paragraph in ARTICLE)
    assert segments(menu + wrapped)[:4] == ["Home\n", "News\n", "Sport\n", "\n"]


@pytest.mark.parametrize(
    "lines",
    [
        ARTICLE,
        POEM,
        SHORT,
        [A],
        [],
        ["Subhead", A, "Another subhead", B],
        [f"{n}. Item number {n}" for n in range(20)],
    ],
    ids=["paragraphs", "poem", "scores", "one paragraph", "nothing", "subheads", "list"],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n", "\r\n"], ids=ascii)
def test_lines_that_no_scraper_broke_are_left_alone(lines: list[str], gap: str) -> None:
    raw = raw_of(gap.join(lines))
    assert_frame_equal(to_segments(to_lines(raw)), to_lines(raw))
    assert_frame_equal(mend_line_ends(to_segments(to_lines(raw)), NO_LANGUAGE), empty(EDITS))


@pytest.mark.parametrize("lang", sorted(path.stem for path in (SEEDS / "clean_prose").glob("??.txt")))
def test_clean_prose_is_never_joined_nor_cut(lang: str) -> None:
    raw = raw_of((SEEDS / "clean_prose" / f"{lang}.txt").read_text("utf-8"))
    assert_frame_equal(to_segments(to_lines(raw)), to_lines(raw))


def test_fragments_of_inline_elements_are_joined() -> None:
    text = (
        "Home\nThe harbour master,\nDana Whitlock\n, told the board that\nthe pier\nwould stay shut until spring.\n"
        "Nobody in the hall\n(\nthere were forty people)\nasked her why\n, the clerk said.\nShare\n"
    )
    assert segments(text)[0] == "Home\n"
    assert "Dana Whitlock\n, told the board" in next(line for line in segments(text) if "Whitlock" in line)
    assert "the harbour" not in mended(text)
    assert "Dana Whitlock, told the board that the pier would stay shut until spring.\n" in mended(text)
    assert mended(text).endswith("the clerk said.\nShare\n")


def test_one_closing_mark_is_no_sign_of_fragments() -> None:
    """The mark is joined to its word; the lines around it are not."""
    assert segments("The mayor said that the\npier is shut\n, as it was.\nhome\n") == [
        "The mayor said that the\n", "pier is shut\n, as it was.\n", "home\n",
    ]  # fmt: skip


def test_a_page_on_one_line_is_cut_into_menu_and_sentences() -> None:
    text = f"{MENU} {' '.join(ARTICLE)} {' '.join(ARTICLE)} {MENU}"
    found = [piece.strip() for piece in segments(text)]
    assert found[0] == MENU
    assert found[-1] == MENU
    sentences = {sentence for paragraph in (A, B) for sentence in paragraph.split("\n")}
    assert set(found[1:-1]) == sentences


def test_a_long_line_beside_as_much_other_text_is_a_paragraph() -> None:
    long = " ".join(ARTICLE * 3)
    assert segments("\n".join([long, long, long])) == [f"{long}\n", f"{long}\n", long]


NASTY = {
    "word": "x",
    "spaces": " ",
    "stops": ". ",
    "dots": ".",
    "quotes": "”",
    "capitals": "A. ",
    "menus and prose": "Home News Sport " + "the old man went home " * 3,
    "short lines": "a\n",
    "closing marks": "the old man\n, said\n",
    "hyphens": "the north-\n",
    "ideographs": "桥关了。",
}


@pytest.mark.nightly
@pytest.mark.parametrize("unit", NASTY.values(), ids=NASTY.keys())
def test_segments_of_a_nasty_text_take_linear_time(unit: str) -> None:
    def prepare(size: int) -> Callable[[], object]:
        lines = to_lines(raw_of(unit * (size // len(unit))))
        return lambda: mend_line_ends(to_segments(lines), NO_LANGUAGE)

    assert cpu_ratio(prepare, 250_000) < LINEAR
