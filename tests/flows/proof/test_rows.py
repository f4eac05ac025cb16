"""The rows of a proof sheet: they hold all of the text, each mark with its rule, and nothing that harms a terminal."""

import unicodedata

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from copydesk.flows.proof.layout import to_rows
from copydesk.flows.proof.rows import Fold, Piece, Row, count_rules, fold
from copydesk.transforms.edits import apply
from copydesk.transforms.text.printable import escape_invisible

EDITS = {"start": pl.Int64, "end": pl.Int64, "rule": pl.String, "replacement": pl.String, "score": pl.Float64}
MENTIONS = {"start": pl.Int64, "end": pl.Int64, "label": pl.String}
type Edit = tuple[int, int, str, str, float]


def rows_of(text: str, *edits: Edit, mentions: tuple[tuple[int, int, str], ...] = ()) -> list[Row]:
    return to_rows(
        text,
        pl.DataFrame(list(edits), schema=EDITS, orient="row"),
        pl.DataFrame(list(mentions), schema=MENTIONS, orient="row"),
    )


def gone(n: int) -> Row:
    return Row((Piece("removed", f"Share {n}", "", "share", 0.9),))


def test_each_kind_of_mark() -> None:
    rows = rows_of(
        "Pier opens\nShare\nThe pierwill open.  \nTweet",
        (0, 11, "headline", "", 1.0),
        (11, 17, "share", "", 0.9),
        (25, 25, "glue", " ", 0.8),
        (35, 38, "line_end", "", 1.0),
        (38, 43, "share", "", 0.75),
    )
    assert [row.sign for row in rows] == ["^", "-", "~", "-"]
    assert [row.notes for row in rows] == [["→ title"], ["share 0.90"], ["glue 0.80"], ["share 0.75"]]
    assert rows[2].pieces == (
        Piece("kept", "The pier"),
        Piece("repaired", "", "␣", "glue", 0.8),
        Piece("kept", "will open."),
    )


def test_a_name_is_followed_through_removals_and_repairs() -> None:
    text = "Share Ana Gil spoke"
    edits = ((0, 6, "share", "", 0.9), (7, 8, "mojibake", "ñ", 1.0))
    (row,) = rows_of(text, *edits, mentions=((0, 7, "PERSON"),))
    assert [(piece.kind, piece.text, piece.new, piece.label, piece.mention) for piece in row.pieces] == [
        ("removed", "Share ", "", "", None),
        ("kept", "A", "", "PERSON", 0),
        ("repaired", "n", "ñ", "PERSON", 0),
        ("kept", "a Gil", "", "PERSON", 0),
        ("kept", " spoke", "", "", None),
    ]


def test_markup_is_drawn_as_what_readers_read() -> None:
    source = "<p>One</p><p>Two &amp; three</p>"
    marks = (
        (0, 3, "markup", "", 1.0),
        (6, 13, "markup_block", "\n", 1.0),
        (17, 22, "markup_entity", "&", 1.0),
    )
    rows = rows_of(source, *marks, (28, 32, "markup", "", 1.0))
    assert ["".join(piece.text for piece in row.pieces) for row in rows] == ["One", "Two & three"]
    assert [row.sign for row in rows] == [" ", " "]


def test_removed_markup_is_drawn_without_its_tags() -> None:
    source = "<p>One</p><nav><a href='/'>Home &amp; away</a><script>x()</script></nav><p>Two</p>"
    edits = [(0, 3, "markup", "", 1.0), (6, 10, "markup", "\n", 1.0), (10, 72, "menu", "", 0.8)]
    frame = pl.DataFrame(
        [*edits, (72, 75, "markup", "", 1.0), (78, 82, "markup", "", 1.0)], EDITS, orient="row"
    )
    assert source[10:72] == source[10 : source.index("<p>Two")]
    rows = to_rows(source, frame, pl.DataFrame(schema=MENTIONS), is_html=True)
    assert [(row.sign, "".join(piece.text for piece in row.pieces)) for row in rows] == [
        (" ", "One"),
        ("-", "Home & away"),
        (" ", "Two"),
    ]


def test_a_repair_over_a_line_end_shows_it() -> None:
    (row,) = rows_of("the har-\nbour", (7, 9, "hyphen", "", 1.0), (9, 13, "word", "b\n", 1.0))[1:]
    assert row.pieces == (Piece("repaired", "bour", "b↵", "word", 1.0),)


def test_blank_lines_are_drawn_once_and_not_first() -> None:
    rows = rows_of("\n\nOne\n\n\n \nTwo")
    assert ["".join(piece.text for piece in row.pieces).strip() for row in rows] == ["One", "", "Two"]


@given(
    st.text("ab é界", max_size=40), st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["", "x", "yz"])))
)
def test_rows_hold_the_raw_and_the_clean_text(text: str, cuts: list[tuple[int, str]]) -> None:
    at = sorted({min(cut, len(text)) for cut, _ in cuts})
    spans = list(zip(at[::2], at[1::2], strict=False))
    edits = [
        (start, end, "share", new, 0.5) for (start, end), (_, new) in zip(spans, cuts, strict=False)
        if text[start:end].strip()
    ]  # fmt: skip
    pieces = [piece for row in rows_of(text, *edits) for piece in row.pieces]
    if text.strip():
        assert "".join(piece.text for piece in pieces) == text
        assert "".join(piece.clean for piece in pieces) == apply(
            text, [(start, end, new) for start, end, _, new, _ in edits]
        )


@given(st.text("ab \n", max_size=60), st.data())
def test_labels_lie_where_the_mentions_do(text: str, data: st.DataObject) -> None:
    at = sorted(data.draw(st.sets(st.integers(0, len(text)))))
    mentions = tuple((start, end, f"L{start}") for start, end in zip(at[::2], at[1::2], strict=False))
    found: dict[str, str] = {}
    for row in rows_of(text, mentions=mentions):
        for piece in row.pieces:
            found[piece.label] = found.get(piece.label, "") + piece.text
    for start, end, label in mentions:
        assert (
            found.get(label, "").split() == text[start:end].replace("\n", "").split()
            or "\n" in text[start:end]
        )


@given(st.text())
def test_nothing_reaches_the_terminal_that_could_harm_it(text: str) -> None:
    shown = "".join(piece.text for row in rows_of(text) for piece in row.pieces) + escape_invisible(text)
    bidi = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    for character in set(shown) - {"\n"}:
        assert unicodedata.category(character) not in {"Cc", "Co", "Cs"}
        assert unicodedata.bidirectional(character) not in bidi


def test_hidden_characters_are_spelt_out() -> None:
    assert escape_invisible("a\x1b[31mb\u202ec\ufeff\td") == "a‹U+001B›[31mb‹U+202E›c‹U+FEFF›    d"
    assert escape_invisible("ne\u200cm\u200d") == "ne\u200cm\u200d"  # Persian and emoji need the joiners


def test_long_runs_are_folded_but_for_their_first_lines() -> None:
    kept, blank = Row((Piece("kept", "Text."),)), Row(())
    rows = [kept, *(gone(n) for n in range(6)), kept]
    assert list(fold(rows)) == rows
    rows = [kept, blank, *(row for n in range(5) for row in (gone(n), blank)), gone(5), gone(6), blank, kept]
    folded = list(fold(rows))
    assert folded[:2] == rows[:2]
    assert [row for row in folded[2:7] if row != blank] == [gone(0), gone(1), gone(2)]
    (run,) = [item for item in folded if isinstance(item, Fold)]
    assert run.summary == "… 4 lines removed: share 4"
    assert folded[-2:] == [blank, kept]


@given(st.lists(st.sampled_from([gone(1), Row(()), Row((Piece("kept", "x"),))])))
def test_folding_loses_no_row(rows: list[Row]) -> None:
    assert [row for item in fold(rows) for row in (item.rows if isinstance(item, Fold) else [item])] == rows


def test_marks_are_counted_by_rule() -> None:
    edits = pl.DataFrame(
        [(0, 4, "share", "", 0.9), (4, 6, "tags", "", 0.5), (8, 9, "share", "", 0.8)],
        schema=EDITS,
        orient="row",
    )
    expected = pl.DataFrame(
        {"rule": ["share", "tags"], "n_edits": [2, 1], "n_characters": [5, 2], "mean_score": [0.85, 0.5]},
        schema_overrides={"n_edits": pl.get_index_type()},
    )
    assert_frame_equal(count_rules(edits), expected)


@pytest.mark.parametrize("size", [200_000])
def test_a_long_line_with_many_marks_takes_linear_time(size: int) -> None:
    import time

    def seconds(n: int) -> float:
        edits = pl.DataFrame({"start": range(0, n, 20)}).select(
            pl.col("start").cast(pl.Int64),
            end=pl.col("start").cast(pl.Int64) + 5,
            rule=pl.lit("share"),
            replacement=pl.lit(""),
            score=1.0,
        )
        began = time.process_time()
        to_rows("x" * n, edits, pl.DataFrame(schema=MENTIONS))
        return time.process_time() - began

    seconds(size)
    assert seconds(8 * size) < 24 * max(seconds(size), 0.005)  # three times linear, for a busy machine
