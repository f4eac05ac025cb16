"""Snippets of a search: words marked, the place with most of them shown."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from copydesk.flows.ui.snippets import mark, snippet
from copydesk.transforms.text.printable import escape_invisible

TEXT = st.text(alphabet="abAB éÉß\n\tİıŁ́ﬁ漢\u202e🙂", max_size=400)


WORDS = st.lists(st.text(alphabet="abéßi漢🙂", min_size=1, max_size=4), max_size=3)


def fold(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)).lower()


@given(TEXT, WORDS)
def test_marking_changes_no_character_and_marks_what_was_asked_for(text: str, words: list[str]) -> None:
    runs = mark(text, words)
    assert "".join(run.text for run in runs) == escape_invisible(text)
    for run in runs:
        assert run.text
        if run.is_marked:
            assert any(fold(word) in fold(run.text) for word in words)
    folded = "".join(fold(c) for c in text)
    assert any(run.is_marked for run in runs) == any(fold(word) in folded for word in words)


@given(TEXT.map(lambda text: "lorem ipsum dolor " * 40 + text + " sit amet" * 40), WORDS)
def test_a_snippet_is_short_and_shows_a_word_where_there_is_one(text: str, words: list[str]) -> None:
    runs = snippet(text, words)
    # A hidden character is spelt out with eight.
    assert sum(len(run.text) for run in runs) <= 270 + 8 * text.count("\u202e")
    folded = "".join(fold(c) for c in text)
    assert any(run.is_marked for run in runs) == any(fold(word) in folded for word in words)


def test_a_snippet_shows_the_place_that_holds_most_words() -> None:
    text = (
        "The mayor spoke. "
        + "Nothing of note was said for a while. " * 20
        + "The mayor and the harbour were named together."
    )
    shown = snippet(text, ["harbour", "mayor"])
    assert [run.text for run in shown if run.is_marked] == ["mayor", "harbour"]
    assert shown[0].text == "… "


def test_a_megabyte_on_one_line_is_marked_in_little_time() -> None:
    text = "æ" * 500_000 + " harbour " + "x" * 500_000
    runs = snippet(text, ["harbour", "æ", "x"])
    assert [run.text for run in runs if run.is_marked]
    assert sum(len(run.text) for run in runs) <= 270
