"""Two texts side by side: nothing is lost on either side, what both have is the same, and rows are paragraphs."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.flows.proof.diff import CELLS, Span, compare, count_words

TEXTS = st.lists(
    st.sampled_from(["pier ", "the ", "opens. ", "in\n", "May\n\n", " ", "橋", "海"]), max_size=20
).map("".join)


def same(text: str, other: str | None = None) -> Span:
    return Span(True, text, text if other is None else other)


@given(TEXTS, TEXTS, st.sampled_from([CELLS, 30, 0]))
def test_the_runs_of_a_side_are_its_text_and_shared_runs_share_their_words(
    left: str, right: str, cells: int
) -> None:
    lines = compare(left, right, cells)
    assert "".join(run.left for line in lines for run in line) == left
    assert "".join(run.right for line in lines for run in line) == right
    for line in lines:
        assert line
        for run in line:
            assert run.left or run.right
            # A word of a language without spaces is a character, whatever stands between it and the next.
            assert not run.same or "".join(run.left.split()) == "".join(run.right.split())


@given(TEXTS, st.sampled_from([CELLS, 0]))
def test_a_text_beside_itself_has_no_difference(text: str, cells: int) -> None:
    assert all(run.same for line in compare(text, text, cells) for run in line)


def test_a_word_that_differs_is_marked_inside_its_line() -> None:
    assert compare(
        "Pier opens.\n\nThe pier opens in May, he said.", "Pier opens.\nThe pier opens in June, he said."
    ) == [
        (same("Pier opens.\n\n", "Pier opens.\n"),),
        (same("The pier opens in "), Span(False, "May, ", "June, "), same("he said.")),
    ]


def test_a_paragraph_that_only_one_has_is_a_row_of_its_own() -> None:
    assert compare("One two.\n\nFive six.", "One two.\n\nThree.\n\nFour.\n\nFive six.\n\nSeven.") == [
        (same("One two.\n\n"),),
        (Span(False, "", "Three.\n\n"),),
        (Span(False, "", "Four.\n\n"),),
        (same("Five six.", "Five six.\n\n"),),
        (Span(False, "", "Seven."),),
    ]


def test_a_changed_end_of_a_paragraph_does_not_swallow_the_next_one() -> None:
    assert compare("He left today.\n\nShe stayed.", "He left on Monday.\n\nIt rained.\n\nShe stayed.") == [
        (same("He left "), Span(False, "today.\n\n", "on Monday.\n\n")),
        (Span(False, "", "It rained.\n\n"),),
        (same("She stayed."),),
    ]


def test_a_stray_word_between_two_differences_is_part_of_them() -> None:
    (line,) = compare("paid four pounds of gold in all", "paid nine dollars of zinc bars in all")
    assert line == (
        same("paid "),
        Span(False, "four pounds of gold ", "nine dollars of zinc bars "),
        same("in all"),
    )


def test_long_matter_in_one_line_stands_apart() -> None:
    extra = " ".join(f"word{n}" for n in range(60))
    assert compare("It began. It ended.", f"It began. {extra} It ended.") == [
        (same("It began. "),),
        (Span(False, "", f"{extra} "),),
        (same("It ended."),),
    ]


def test_scripts_without_spaces_are_compared_by_character() -> None:
    assert compare("港の橋は五月に開く。", "港の橋は六月に開く。") == [
        (same("港の橋は"), Span(False, "五", "六"), same("月に開く。"))
    ]
    assert count_words("港の橋 opens") == 4


@pytest.mark.parametrize("other", ["changed", "unlike", "one line"])
def test_texts_of_a_hundred_thousand_words_take_bounded_time(other: str) -> None:
    words = [f"w{n * n % 4999}{'.' if n % 17 == 0 else ''}" for n in range(100_000)]
    left = " ".join(words)
    right = {
        "changed": " ".join("other" if n % 97 == 0 else word for n, word in enumerate(words)),
        "unlike": " ".join(f"v{n * n % 4993}" for n in range(100_000)),
        "one line": left.replace(".", ""),
    }[other]
    began = time.process_time()
    lines = compare(left, right)
    assert time.process_time() - began < 5
    assert "".join(run.right for line in lines for run in line) == right
    if other == "changed":
        assert sum(len(run.left.split()) for line in lines for run in line if run.same) > 70_000


@pytest.mark.parametrize(
    ("left", "right", "kept"),
    [
        ("ເຮືອຈອດ", "ເຮືອແລ່ນ", "ເຮືອ"),
        ("ទូកចត", "ទូកបើក", "ទូក"),
        ("ကူးတို့ရပ်", "ကူးတို့သွား", "ကူးတို့"),
        ("เรือจอด", "เรือแล่น", "เรือ"),
        ("渡船停航", "渡船复航", "渡船"),
    ],
    ids=["Lao", "Khmer", "Myanmar", "Thai", "Chinese"],
)
def test_every_script_without_spaces_is_compared_by_character(left: str, right: str, kept: str) -> None:
    (line,) = compare(left, right)
    assert line[0] == same(kept)
    assert count_words(left) == len(left)
