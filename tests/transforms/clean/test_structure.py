from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from copydesk.transforms.clean.marks import drop_blank_lines, mark_as, mark_vocabulary
from copydesk.transforms.clean.segments import describe_lines
from copydesk.transforms.clean.stage import mark_lines
from copydesk.transforms.clean.structure import find_top, mark_blank_lines
from copydesk.transforms.text.lines import to_lines
from tests.transforms.conftest import DESK, HEADLINE, PROSE, RULES, awkward_text, raw_of

A, B = PROSE
TEASER = "Ferry crews ask for a longer winter timetable"


def verdicts(text: str, source: str | None = None) -> list[tuple[str, str | None]]:
    """Judge one text; return (body, rule) of every line."""
    return mark_lines(raw_of(text, source=[source]), DESK).select("body", "rule").rows()


def stays(*bodies: str) -> list[tuple[str, None]]:
    return [(body, None) for body in bodies]


@settings(max_examples=15)
@given(
    st.lists(
        st.one_of(
            awkward_text,
            st.lists(st.sampled_from([A, HEADLINE, "Home", "", "RELATED", "x" * 20])).map("\n".join),
        )
    )
)
def test_judging_neither_adds_nor_drops_nor_moves_a_line(texts: list[str]):
    raw = raw_of(*texts)
    judged = mark_lines(raw, DESK)
    lines = to_lines(raw)
    assert_frame_equal(judged.select(lines.columns), lines)
    assert (judged["rule"].is_null() == judged["score"].is_null()).all()


# ---------------------------------------------------------------- the headline


def test_the_headline_is_the_first_long_enough_line_above_the_prose():
    lines = f"Harbour news today\n{HEADLINE}\nTwo captains speak out at last\n{A}\n{TEASER}\n{B}"
    assert verdicts(lines) == [
        ("Harbour news today", None),
        (HEADLINE, "headline"),
        *stays("Two captains speak out at last", A, TEASER, B),
    ]


def test_a_short_headline_will_do_where_there_is_no_longer_one():
    assert verdicts(f"Harbour in uproar\n{A}") == [("Harbour in uproar", "headline"), (A, None)]


@pytest.mark.parametrize(
    "line",
    [
        "The captains queued in the rain.",
        "Three things came of it:",
        "Ledgers, ropes and lamps, among other things,",
        "“The captains queued in the rain.”",
        "A long story cut short…",
        "Two words",
        "word " * 36,
        "市长今天签署了协议。",
        "港の事務所は新しい帳簿を開いた。",
        "महापौर ने आज समझौते पर हस्ताक्षर किए।",
        "رئيس البلدية وقّع الاتفاق اليوم.\u200f",
    ],
    ids=lambda line: ascii(line[:20]),
)
def test_what_ends_like_a_sentence_or_is_too_short_or_too_long_is_no_headline(line: str):
    assert [rule for _, rule in verdicts(f"{line}\n{A}")] == [None, None]


@pytest.mark.parametrize("text", [HEADLINE, f"\n\n{HEADLINE}\n", f"{A}\n{HEADLINE}\n{B}"])
def test_there_is_no_headline_without_a_text_below_it(text: str):
    assert "headline" not in [rule for _, rule in verdicts(text)]


@pytest.mark.parametrize("again", [HEADLINE, HEADLINE.upper(), f"“{HEADLINE}”", HEADLINE.replace(" ", "  ")])
def test_a_headline_that_is_repeated_goes(again: str):
    assert verdicts(f"{HEADLINE}\n{A}\n{again}\n{B}") == [
        (HEADLINE, "headline"), (A, None), (again, "repeated_headline"), (B, None)
    ]  # fmt: skip


@pytest.mark.parametrize("cut", ["Articles", "Latest News | ", "World "])
def test_a_headline_that_is_glued_to_a_menu_and_cut_off_goes(cut: str):
    assert verdicts(f"{cut}{HEADLINE[:25]}...\n{HEADLINE}\n{A}") == [
        (f"{cut}{HEADLINE[:25]}...", "cut_headline"), (HEADLINE, "headline"), (A, None)
    ]  # fmt: skip


def test_a_line_that_only_shares_words_with_the_headline_below_stays():
    above = "In the news: Captains queue in the snow"
    assert verdicts(f"{above}\n{HEADLINE}\n{A}")[:2] == [(above, None), (HEADLINE, "headline")]


# ---------------------------------------------------------------- glued menu words


@pytest.mark.parametrize("line", [HEADLINE, A, f"“{HEADLINE}”", "11 captains queue in the rain"])
@pytest.mark.parametrize("word", ["News", "Articles", "WorldBusiness"])
def test_menu_words_glued_to_the_first_lines_are_measured(word: str, line: str):
    judged = mark_lines(raw_of(f"{word}{line}\n{A}\n{B}"), DESK)
    assert judged["glue"].to_list() == [len(word), 0, 0]
    assert judged["headline"][0] in (line, None)


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
    assert mark_lines(raw_of(text), DESK)["glue"].sum() == 0


# ---------------------------------------------------------------- menus, sections, outlets


def test_a_run_of_short_lines_with_menu_words_is_a_menu():
    assert [rule for _, rule in verdicts(f"{A}\n{B}\nWeather\n\nPublic notices\nTides\n")] == [
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
    assert "menu" not in [rule for _, rule in verdicts(f"{A}\n{B}\n{lines}")]


def test_short_lines_between_paragraphs_are_no_menu():
    lines = ["Sport", "Music", "Weather"]
    assert verdicts("\n".join([A, *lines, B])) == stays(A, *lines, B)


def test_a_menu_word_above_the_headline_is_the_sections_name():
    assert verdicts(f"Opinion\n{HEADLINE}\n{A}\nOpinion\n{B}") == [
        ("Opinion", "menu"), (HEADLINE, "headline"), *stays(A, "Opinion", B)
    ]  # fmt: skip


@pytest.mark.parametrize("line", ["Metro Wire", "METRO WIRE", "Metro Wire – World", "metrowire.example"])
def test_the_outlets_own_name_goes(line: str):
    assert verdicts(f"{A}\n{line}\n{B}", "metro-wire")[1] == (line, "outlet_name")


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (None, "Metro Wire"),
        ("metro-wire", "Metro Wire was founded in the year of the flood"),
        ("metro-wire", "The Metro Wire"),
        ("metro", "Metropolitan police reply"),
        ("news", "News from home"),
        ("", "Metro Wire"),
    ],
)
def test_other_lines_than_the_outlets_name_stay(source: str | None, line: str):
    assert verdicts(f"{A}\n{line}\n{B}", source)[1] == (line, None)


# ---------------------------------------------------------------- labels, tails, brackets


@pytest.mark.parametrize("gap", ["", "\n", "\r\n \n"])
def test_a_label_takes_the_headline_below_it(gap: str):
    found = [(body, rule) for body, rule in verdicts(f"{A}\nREAD ALSO\n{gap}{TEASER}\n{B}\n{TEASER}") if body]
    assert found == [
        (A, None), ("READ ALSO", "pointer_label"), (TEASER, "pointer_label"), (B, None), (TEASER, None)
    ]  # fmt: skip


def test_a_label_takes_no_prose():
    assert verdicts(f"{A}\nREAD ALSO\n{B}") == [(A, None), ("READ ALSO", "pointer_label"), (B, None)]


def test_a_label_takes_no_sentence():
    sentence = "“We saw it coming,” she said."
    assert verdicts(f"{A}\nREAD ALSO\n{sentence}\n{B}")[2] == (sentence, None)


def test_the_heading_of_a_teaser_block_takes_all_lines_down_to_the_next_prose():
    assert [rule for _, rule in verdicts(f"{A}\nMost popular\n\n{TEASER}\nShort one.\n{B}\n{TEASER}")] == [
        None, "teaser_block", None, "teaser_block", "teaser_block", None, None
    ]  # fmt: skip


def test_a_heading_above_the_prose_takes_nothing_with_it():
    assert verdicts(f"Most popular\n{HEADLINE}\n{A}") == [
        ("Most popular", "teaser_block"), (HEADLINE, "headline"), (A, None)
    ]  # fmt: skip


def test_a_teaser_in_brackets_in_another_language_goes():
    spanish = "[La subasta del puerto de Almadía termina sin compradores por tercera vez]"
    english = "[The auction of the port of Almadía ends without buyers for the third time]"
    assert verdicts(f"{A}\n{spanish}\n{english}\n{B}") == [
        (A, None), (spanish, "bracketed_teaser"), (english, None), (B, None)
    ]  # fmt: skip


# ---------------------------------------------------------------- blank lines


@pytest.mark.parametrize("source", [None, "metro-wire"])
def test_one_blank_line_stays_between_lines_that_stay(source: str | None):
    text = f"\n\n{A}\n\n \t\n© 2026 Metro Wire\n\nREAD ALSO: {TEASER}\n\n{B}\n\n\n"
    kept = [body for body, rule in verdicts(text, source) if rule is None]
    assert kept == [A, "", B]


def test_blank_lines_are_counted_within_a_document():
    lines = describe_lines(to_lines(raw_of("a\n\n", "\nb", "\n")))
    assert mark_blank_lines(lines).select("doc_id", "line", "rule").rows() == [
        ("d0000", 0, None),
        ("d0000", 1, "blank_line"),
        ("d0001", 0, "blank_line"),
        ("d0001", 1, None),
        ("d0002", 0, "blank_line"),
    ]


# ---------------------------------------------------------------- the tools


def test_a_line_is_marked_once_by_the_first_rule_that_fits_and_blank_lines_by_none():
    first, second = (
        replace(rule, patterns=(pattern,)) for rule, pattern in zip(RULES, ("a.", "[ac]?[bc]?"), strict=False)
    )
    lines = describe_lines(to_lines(raw_of("ab\nb\n\nc"))).with_columns(late=pl.col("line") > 1)
    once = mark_vocabulary(lines, [first, second])
    assert once["rule"].to_list() == [first.name, second.name, None, second.name]
    assert once["score"].to_list() == [first.score, second.score, None, second.score]
    assert_frame_equal(mark_vocabulary(once, [second]), once)
    assert_frame_equal(mark_vocabulary(lines, []), lines)
    late = mark_vocabulary(lines, [first, second], "late")
    assert late["rule"].to_list() == [None, None, None, second.name]
    again = mark_as(once, "blank", 0.5, pl.lit(value=True))
    assert again["rule"].to_list() == [first.name, second.name, "blank", second.name]


def test_prose_has_twenty_words_and_ends_as_a_sentence_does():
    twenty = "word " * 19
    ends = ["end.", "end!”", "end?)", "end।", "end", "end…", "end...", "end.]", "end...]"]
    lines = describe_lines(
        to_lines(raw_of("\n".join([*(twenty + end for end in ends), "word " * 18 + "end."])))
    )
    assert lines["prose"].to_list() == [True, True, True, True, False, False, False, True, False, False]


def test_the_top_ends_with_the_first_unmarked_line_of_prose_of_each_document():
    lines = describe_lines(to_lines(raw_of(f"x\n{A}\ny", f"{A}\nx\n{B}\ny"))).with_columns(
        rule=pl.when((pl.col("doc_id") == "d0001") & (pl.col("line") == 0)).then(pl.lit("cookie_notice"))
    )
    assert find_top(lines)["top"].to_list() == [True, False, False, True, True, False, False]


def test_lines_of_text_see_no_blank_lines_between_them():
    lines = describe_lines(to_lines(raw_of("a\n\nb\n \nc", "d")))
    found = drop_blank_lines(lines).select("row", above=pl.col("body").shift(1).over("doc_id"))
    above = lines.with_row_index("row").join(found, on="row", how="left", maintain_order="left")
    assert above["above"].to_list() == [None, None, "a", None, "b", None]
    assert above["line"].to_list() == [0, 1, 2, 3, 4, 0]
