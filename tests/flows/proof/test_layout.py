"""The layout of one document: rows of pieces, in the order of the raw text, and none of it lost."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.flows.proof.layout import to_rows
from copydesk.flows.proof.rows import Piece, Row
from tests.transforms.conftest import examples

EDITS = {"start": pl.Int64, "end": pl.Int64, "rule": pl.String, "replacement": pl.String, "score": pl.Float64}
MENTIONS = {"start": pl.Int64, "end": pl.Int64, "label": pl.String}


def edits_of(*edits: tuple[int, int, str, str]) -> pl.DataFrame:
    return pl.DataFrame([(*edit, 0.9) for edit in edits], schema=EDITS, orient="row")


def mentions_of(*mentions: tuple[int, int, str]) -> pl.DataFrame:
    return pl.DataFrame(mentions, schema=MENTIONS, orient="row")


def lay_out(text: str, *edits: tuple[int, int, str, str], **flags: bool) -> list[Row]:
    return to_rows(text, edits_of(*edits), mentions_of(), **flags)


def pieces_of(rows: list[Row]) -> list[list[tuple[str, str, str]]]:
    return [[(piece.kind, piece.text, piece.new) for piece in row.pieces] for row in rows]


def clean_words(rows: list[Row]) -> list[str]:
    """Return the words of the clean text, as the rows show them."""
    return " ".join("".join(piece.clean for piece in row.pieces) for row in rows).split()


def test_lines_are_rows_and_blank_ones_stand_once_between_others() -> None:
    rows = lay_out("\n\none\n\n\n\ntwo\r\nthree\n")
    assert pieces_of(rows) == [
        [("kept", "one", "")],
        [],
        [("kept", "two", "")],
        [("kept", "three", "")],
    ]


def test_a_removed_line_a_repair_and_a_title_are_pieces_of_their_kinds() -> None:
    text = "A headline\nShare\nThe cafÃ© opens"
    rows = lay_out(text, (0, 10, "headline", ""), (11, 16, "share_widget", ""), (21, 26, "mojibake", "café"))
    assert pieces_of(rows) == [
        [("moved", "A headline", "")],
        [("removed", "Share", "")],
        [("kept", "The ", ""), ("repaired", "cafÃ©", "café"), ("kept", " opens", "")],
    ]
    assert [row.sign for row in rows] == ["^", "-", "~"]
    assert [row.notes for row in rows] == [["→ title"], ["share_widget 0.90"], ["mojibake 0.90"]]


def test_an_edit_of_white_space_alone_shows_the_clean_text() -> None:
    (row,) = lay_out("one   two", (3, 6, "spaces", " "))
    assert pieces_of([row]) == [[("kept", "one", ""), ("kept", " ", ""), ("kept", "two", "")]]
    assert (row.sign, row.notes) == (" ", [])


def test_a_line_end_that_is_removed_still_ends_the_row() -> None:
    assert pieces_of(lay_out("one\ntwo", (3, 4, "blank_line", ""))) == [
        [("kept", "one", "")],
        [("kept", "two", "")],
    ]


def test_a_line_end_that_is_repaired_stays_on_one_row() -> None:
    (row,) = lay_out("north\npier", (5, 6, "line_wrap", "‑"))
    assert pieces_of([row]) == [[("kept", "north", ""), ("repaired", "↵", "‑"), ("kept", "pier", "")]]


def test_what_cannot_be_seen_is_spelt_out() -> None:
    (row,) = lay_out("a\x1b[1mb\u202ec", (1, 2, "control", ""))
    assert pieces_of([row]) == [
        [("kept", "a", ""), ("removed", "‹U+001B›", ""), ("kept", "[1mb‹U+202E›c", "")]
    ]


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("<nav><a href='/'>Home</a><a href='/s'>Sport</a></nav>", ["HomeSport"]),
        ("<ul><li>Home</li><li>Tom &amp; Ann</li></ul>", ["Home", "Tom & Ann"]),
        ("<script>let a = '<p>';</script>Share<style>p {}</style>", ["Share"]),
        ("<!-- a <b>note</b> -->Print", ["Print"]),
        ("<p>one <em>two</em>   three", ["one two three"]),
    ],
)
def test_removed_html_is_shown_as_a_reader_sees_it(source: str, shown: list[str]) -> None:
    rows = lay_out(source + "Text", (0, len(source), "menu", ""), is_html=True)
    assert [piece.text for row in rows for piece in row.pieces if piece.kind == "removed"] == shown
    (plain,) = lay_out(source + "Text", (0, len(source), "menu", ""))
    assert plain.pieces[0].text == source


def test_mentions_label_what_they_cover_in_the_clean_text() -> None:
    text = "Share\nAnn Lee met Bo in Rome"
    rows = to_rows(
        text,
        edits_of((0, 6, "share_widget", "")),
        mentions_of((0, 7, "PERSON"), (12, 14, "PERSON"), (18, 22, "GPE")),
    )
    labelled = [
        (piece.text, piece.label, piece.mention) for row in rows for piece in row.pieces if piece.label
    ]
    assert labelled == [("Ann Lee", "PERSON", 0), ("Bo", "PERSON", 1), ("Rome", "GPE", 2)]


def test_a_mention_over_a_repair_labels_the_whole_repair() -> None:
    (row,) = to_rows("in SÃ¨te now", edits_of((4, 6, "mojibake", "è")), mentions_of((3, 7, "GPE")))
    assert [(piece.kind, piece.clean, piece.label) for piece in row.pieces] == [
        ("kept", "in ", ""),
        ("kept", "S", "GPE"),
        ("repaired", "è", "GPE"),
        ("kept", "te", "GPE"),
        ("kept", " now", ""),
    ]


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, list[tuple[int, int, str, str]]]:
    """Draw a text of words and line ends, and edits of whole words, one after another."""
    words = draw(st.lists(st.sampled_from(["pier", "é", "of", "漢字", "Selwick"]), min_size=1, max_size=12))
    ends = draw(st.lists(st.sampled_from([" ", "\n", "\n\n", "\r\n"]), min_size=12, max_size=12))
    text, edits = "", []
    for word, end in zip(words, ends, strict=False):
        kind = draw(st.sampled_from(["keep", "remove", "repair"]))
        if kind != "keep":
            edits.append((len(text), len(text) + len(word), kind, "" if kind == "remove" else "new"))
        text += word + end
    return text, edits


@examples(60)
@given(edited())
def test_rows_show_the_clean_text_and_everything_of_the_raw_text(
    case: tuple[str, list[tuple[int, int, str, str]]],
) -> None:
    text, edits = case
    rows = lay_out(text, *edits)
    clean, reach = "", 0
    for start, end, _, new in edits:
        clean, reach = clean + text[reach:start] + new, end
    assert clean_words(rows) == (clean + text[reach:]).split()
    assert " ".join("".join(piece.text for piece in row.pieces) for row in rows).split() == text.split()
    assert all(isinstance(piece, Piece) and (piece.text or piece.new) for row in rows for piece in row.pieces)
