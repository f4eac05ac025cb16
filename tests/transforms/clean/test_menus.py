"""Menu words: runs, section names, words glued to a line, cut-off headlines."""

import pytest

from copydesk.transforms.clean.stage import mark_lines
from tests.transforms.conftest import HEADLINE, PROSE, RULES_ONLY, mark_text, raw_of, unmarked

A, B = PROSE


@pytest.mark.parametrize("cut", ["Articles", "Latest News | ", "World "])
def test_a_headline_that_is_glued_to_a_menu_and_cut_off_goes(cut: str):
    assert mark_text(f"{cut}{HEADLINE[:25]}...\n{HEADLINE}\n{A}") == [
        (f"{cut}{HEADLINE[:25]}...", "cut_headline"), (HEADLINE, "headline"), (A, None)
    ]  # fmt: skip


def test_a_line_that_only_shares_words_with_the_headline_below_stays():
    above = "In the news: Captains queue in the snow"
    assert mark_text(f"{above}\n{HEADLINE}\n{A}")[:2] == [(above, None), (HEADLINE, "headline")]


@pytest.mark.parametrize("line", [HEADLINE, A, f"“{HEADLINE}”", "11 captains queue in the rain"])
@pytest.mark.parametrize("word", ["News", "Articles", "WorldBusiness"])
def test_menu_words_glued_to_the_first_lines_are_measured(word: str, line: str):
    marked = mark_lines(raw_of(f"{word}{line}\n{A}\n{B}"), RULES_ONLY)
    assert marked["glue"].to_list() == [len(word), 0, 0]
    assert marked["headline"][0] in (line, None)


@pytest.mark.parametrize(
    "text",
    [
        f"Newsroom captains queue in the rain\n{A}",
        f"NewsGuild members queue in the rain\n{A} The NewsGuild agreed.",
        f"News{HEADLINE[:8]}\n{A}",
        f"{A}\nNews{HEADLINE}\n{B}",
    ],
    ids=["one word", "a name used again", "one word alone", "below the prose"],
)
def test_words_that_begin_like_a_menu_word_are_left_whole(text: str):
    assert mark_lines(raw_of(text), RULES_ONLY)["glue"].sum() == 0


def test_a_run_of_short_lines_with_menu_words_is_a_menu():
    assert [rule for _, rule in mark_text(f"{A}\n{B}\nWeather\n\nPublic notices\nTides\n")] == [
        None, None, "menu", "blank_line", "menu", "menu"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "lines",
    [
        "Weather\nTides",
        "Captains\nRain\nLedger\nWeather",
        "Weather:\nSport.\nMusic,",
        "A day on the water\nSport\nArts",
    ],
    ids=["two", "one in four", "with stops", "too long"],
)
def test_a_run_too_short_or_of_other_words_is_no_menu(lines: str):
    assert "menu" not in [rule for _, rule in mark_text(f"{A}\n{B}\n{lines}")]


def test_short_lines_between_paragraphs_are_no_menu():
    lines = ["Sport", "Music", "Weather"]
    assert mark_text("\n".join([A, *lines, B])) == unmarked(A, *lines, B)


def test_a_menu_word_above_the_headline_is_the_sections_name():
    assert mark_text(f"Opinion\n{HEADLINE}\n{A}\nOpinion\n{B}") == [
        ("Opinion", "menu"), (HEADLINE, "headline"), *unmarked(A, "Opinion", B)
    ]  # fmt: skip
