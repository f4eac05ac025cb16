import random
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from copydesk.transforms.contract import EDITS, empty
from copydesk.transforms.edits import apply, apply_all, compose, resolve_overlaps
from tests.transforms.conftest import awkward_text

proposals = st.lists(
    st.builds(
        lambda doc, start, length, rule, new, seen: (doc, start, start + length, rule, new, 1.0, seen),
        st.sampled_from(["d1", "d2"]),
        st.integers(0, 9),
        st.integers(0, 4),
        st.sampled_from(["r1", "r2"]),
        st.sampled_from(["", "", "x", "yz"]),
        st.sampled_from([None, None, 2]),
    ),
    max_size=12,
)


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, list[tuple[int, int, str]]]:
    """A text, and edits on it that are sorted and do not overlap."""
    text = draw(awkward_text)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=12)))
    spans = zip(cuts[::2], cuts[1::2], strict=False)
    return text, [(start, end, draw(st.sampled_from(["", "", "x", "漢😀"]))) for start, end in spans]


def frame(*rows: tuple) -> pl.DataFrame:
    """EDITS; rows may leave out the evidence."""
    return pl.DataFrame([(*row, None)[:7] for row in rows], schema=EDITS, orient="row")


@given(st.text())
def test_no_edits_change_nothing(text: str):
    assert apply(text, []) == text


@given(edited())
def test_kept_and_removed_rebuild_the_raw_text(case: tuple[str, list[tuple[int, int, str]]]):
    text, edits = case
    starts, ends = [start for start, _, _ in edits], [end for _, end, _ in edits]
    kept = [text[start:end] for start, end in zip([0, *ends], [*starts, len(text)], strict=True)]
    removed = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    new = [replacement for _, _, replacement in edits]
    assert "".join(a + b for a, b in zip(kept, [*removed, ""], strict=True)) == text
    assert apply(text, edits) == "".join(a + b for a, b in zip(kept, [*new, ""], strict=True))


@given(edited())
def test_edits_can_be_undone(case: tuple[str, list[tuple[int, int, str]]]):
    text, edits = case
    back, shift = [], 0
    for start, end, new in edits:
        back.append((start + shift, start + shift + len(new), text[start:end]))
        shift += len(new) - (end - start)
    assert apply(apply(text, edits), back) == text


@pytest.mark.parametrize(
    "edits",
    [[(0, 2, ""), (1, 3, "")], [(2, 3, ""), (0, 1, "")], [(2, 1, "")], [(0, 4, "")], [(-1, 1, "")], [(4, 4, "x")]],
    ids=["overlap", "out of order", "backwards", "past the end", "before the start", "insertion past the end"],
)  # fmt: skip
def test_edits_that_do_not_fit_raise(edits: list[tuple[int, int, str]]):
    with pytest.raises(ValueError, match="does not fit"):
        apply("abc", edits)


def test_apply_all_edits_each_document_and_keeps_the_order_of_raw():
    raw = pl.DataFrame({"doc_id": ["b", "c", "a"], "raw_text": ["bcd", "", "a\u0301😀e"]})
    edits = frame(("a", 2, 3, "r", "", 1.0), ("b", 2, 3, "r", "X", 1.0), ("b", 0, 1, "r", "", 1.0))
    expected = pl.DataFrame({"doc_id": ["b", "c", "a"], "text": ["cX", "", "a\u0301e"]})
    assert_frame_equal(apply_all(raw, edits), expected)
    assert_frame_equal(apply_all(raw.clear(), empty(EDITS)), expected.clear())


@given(st.lists(proposals, max_size=3))
def test_resolved_edits_are_sorted_and_never_overlap(frames: list[list[tuple]]):
    resolved = resolve_overlaps(frame(*rows) for rows in frames)
    for doc in ("d1", "d2"):
        spans = resolved.filter(doc_id=doc).select("start", "end").rows()
        assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    assert resolved["doc_id"].is_sorted()


@given(st.lists(proposals, max_size=3))
def test_resolved_edits_come_from_the_proposals(frames: list[list[tuple]]):
    proposed = [row for rows in frames for row in rows]
    for doc, start, end, *rest in resolve_overlaps(frame(*rows) for rows in frames).rows():
        sources = [p for p in proposed if (p[0], p[2], *p[3:]) == (doc, end, *rest) and p[1] <= start]
        assert sources
        assert any(p[1] == start for p in sources) or rest[1] == ""  # only what removes text is shortened


@given(st.lists(proposals, max_size=3))
def test_every_character_that_a_proposal_removes_is_in_an_edit(frames: list[list[tuple]]):
    def covered(rows: list[tuple]) -> set[tuple[str, int]]:
        return {(doc, at) for doc, start, end, *_ in rows for at in range(start, end)}

    removals = [row for rows in frames for row in rows if row[4] == ""]
    assert covered(removals) <= covered(resolve_overlaps(frame(*rows) for rows in frames).rows())


@given(st.lists(proposals, max_size=3), st.randoms(use_true_random=False))
def test_the_order_inside_a_frame_does_not_matter(frames: list[list[tuple]], dice: random.Random):
    shuffled = [dice.sample(rows, len(rows)) for rows in frames]
    assert_frame_equal(
        resolve_overlaps(frame(*rows) for rows in frames), resolve_overlaps(frame(*rows) for rows in shuffled)
    )


def test_a_tie_in_a_frame_is_resolved_by_the_other_columns():
    x, y = ("d", 0, 2, "r", "x", 1.0), ("d", 0, 2, "r", "y", 1.0)
    assert_frame_equal(resolve_overlaps([frame(x, y)]), resolve_overlaps([frame(y, x)]))


@given(st.lists(proposals, max_size=3))
def test_to_resolve_twice_is_to_resolve_once(frames: list[list[tuple]]):
    once = resolve_overlaps(frame(*rows) for rows in frames)
    assert_frame_equal(resolve_overlaps([once]), once)


def test_of_two_that_overlap_the_first_then_the_longer_then_the_earlier_proposed_stays():
    first = frame(("d", 0, 3, "short", "", 1.0), ("d", 5, 7, "same", "", 0.5))
    second = frame(("d", 0, 4, "long", "", 1.0), ("d", 3, 5, "late", "", 1.0), ("d", 5, 7, "again", "", 1.0))
    expected = frame(("d", 0, 4, "long", "", 1.0), ("d", 4, 5, "late", "", 1.0), ("d", 5, 7, "same", "", 0.5))
    assert_frame_equal(resolve_overlaps([first, second]), expected)


def test_one_insertion_at_most_stays_at_a_place():
    """(doc_id, start, end) is all that orders edits once they are stored: two at one place could be swapped."""
    first, second = frame(("d", 2, 2, "r2", "x", 1.0)), frame(("d", 2, 2, "r1", "y", 1.0))
    places = resolve_overlaps([first, second]).select("doc_id", "start", "end")
    assert not places.is_duplicated().any()


def test_half_a_repair_is_no_repair():
    edits = frame(("d", 0, 3, "removal", "", 1.0), ("d", 2, 5, "repair", "x", 1.0))
    assert_frame_equal(resolve_overlaps([edits]), edits.head(1))


def test_no_proposals_no_edits():
    assert_frame_equal(resolve_overlaps([]), empty(EDITS))
    assert_frame_equal(resolve_overlaps([empty(EDITS)]), empty(EDITS))


@st.composite
def framed(draw: st.DrawFn) -> tuple[str, list[tuple[int, int, str]], list[tuple[int, int, str]]]:
    """A text, framing edits on it, and edits on the view that these make."""

    def spans(length: int, news: list[str], shortest: int) -> list[tuple[int, int, str]]:
        cuts = sorted(draw(st.lists(st.integers(0, length), max_size=12)))
        places = [(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False) if b - a >= shortest]
        return [(*place, draw(st.sampled_from(news))) for place in dict.fromkeys(places)]

    text = draw(awkward_text)
    framing = spans(len(text), ["", "", "\n", "漢"], 1)
    return text, framing, spans(len(apply(text, framing)), ["", "", "x", "漢😀"], 0)


def marks(edits: list[tuple[int, int, str]], rule: str) -> pl.DataFrame:
    return frame(*[("d", start, end, rule, new, 1.0) for start, end, new in edits])


@given(framed())
def test_composed_edits_make_of_the_raw_text_what_the_edits_make_of_the_view(case: tuple):
    text, framing, edits = case
    composed = compose(marks(framing, "framing"), marks(edits, "edit"))
    spans = composed.select("start", "end", "replacement").rows()  # apply raises where they overlap
    assert apply(text, spans) == apply(apply(text, framing), edits)
    assert_frame_equal(composed, composed.sort("doc_id", "start", "end"))
    assert not composed.select("doc_id", "start", "end").is_duplicated().any()


@given(framed())
def test_composing_keeps_every_edit_and_adds_none(case: tuple):
    _, framing, edits = case
    composed = compose(marks(framing, "framing"), marks(edits, "edit"))
    assert composed.filter(rule="edit")["replacement"].to_list() == [new for *_, new in edits]
    old = composed.filter(rule="framing").join(
        marks(framing, "framing"), on=EDITS.keys(), how="anti", nulls_equal=True
    )
    assert old.is_empty()


@given(framed())
def test_without_edits_the_framing_stays_and_without_framing_the_edits(case: tuple):
    _, framing, edits = case
    assert_frame_equal(compose(marks(framing, "framing"), empty(EDITS)), marks(framing, "framing"))
    assert_frame_equal(compose(empty(EDITS), marks(edits, "edit")), marks(edits, "edit"))


def test_a_removed_line_takes_its_markup_along():
    """The source reads `<p>keep</p><p><b>go</b></p>`; its view "keep", line feed, "go"."""
    framing = frame(
        ("d", 0, 3, "markup", "", 1.0), ("d", 7, 17, "markup", "\n", 1.0), ("d", 19, 27, "markup", "", 1.0)
    )  # fmt: skip
    removal = frame(("d", 5, 7, "menu", "", 0.9))
    expected = frame(
        ("d", 0, 3, "markup", "", 1.0), ("d", 7, 17, "markup", "\n", 1.0), ("d", 17, 27, "menu", "", 0.9)
    )  # fmt: skip
    assert_frame_equal(compose(framing, removal), expected)
    whole = frame(("d", 4, 7, "menu", "", 0.9))  # with the line feed, which stands for markup, too
    assert_frame_equal(compose(framing, whole), frame(framing.row(0), ("d", 7, 27, "menu", "", 0.9)))


def test_documents_are_composed_apart():
    framing = frame(("a", 0, 3, "markup", "", 1.0), ("b", 2, 3, "markup", "", 1.0))
    edits = frame(("a", 1, 2, "menu", "", 1.0), ("b", 1, 2, "menu", "", 1.0), ("c", 1, 2, "menu", "", 1.0))
    expected = frame(
        *[("a", 0, 3, "markup", "", 1.0), ("a", 4, 5, "menu", "", 1.0), ("b", 1, 3, "menu", "", 1.0)],
        ("c", 1, 2, "menu", "", 1.0),
    )
    assert_frame_equal(compose(framing, edits), expected)
