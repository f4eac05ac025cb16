"""Edits that follow from marked lines: removals, inline removals, line ends."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from copydesk.transforms.clean.line_edits import propose_inline_removals, propose_line_ends, propose_removals
from copydesk.transforms.clean.segments import describe_lines
from copydesk.transforms.clean.stage import clean
from copydesk.transforms.contract import EDITS, EVIDENCE, as_edits
from copydesk.transforms.text.lines import to_lines
from tests.transforms.conftest import HEADLINE, PROSE, RULES, RULES_ONLY, clean_one, raw_of

A, B = PROSE


@pytest.mark.parametrize(
    "line", ["&nbsp;", "&#13;", "&#160;&#160;", "\u200b", "\xad", "\0", " \t "], ids=ascii
)
def test_a_line_that_shows_nothing_is_a_blank_line(line: str):
    assert clean_one(f"{A}\n{line}\n{line}\n{B}\n{line}")[1]["text"] == f"{A}\n\n{B}"


@pytest.mark.parametrize("end", ["&#13;", "&nbsp;", " \u200b", "\xa0", "\0"], ids=ascii)
def test_what_shows_nothing_goes_from_the_end_of_a_line(end: str):
    assert clean_one(f"{A}{end}\n{B}{end}\n")[1]["text"] == f"{A}\n{B}"


@pytest.mark.parametrize(
    "end", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", " \r\n"], ids=ascii
)
def test_every_line_end_becomes_a_line_feed(end: str):
    edits, document = clean_one(f"{A}{end}{B}{end}")
    assert document["text"] == f"{A}\n{B}"
    assert set(edits["rule"]) == {"line_end"}
    assert document["kept_share"] == 1.0


def test_a_line_goes_with_the_menu_word_that_is_glued_to_it():
    raw = raw_of(f"NewsBridge closed for winter\n{HEADLINE}\n{A}\n{B}")
    evidence = pl.DataFrame({"doc_id": ["d0000"], "line": [0], "evidence": [2]}, schema=EVIDENCE)
    edits, documents = clean(raw, RULES_ONLY, evidence)
    assert documents.select("title", "text").rows() == [(HEADLINE, f"{A}\n{B}")]
    assert edits["rule"].to_list() == ["source_template", "headline"]
    alone = clean_one(f"NewsBridge closed for winter\n{A}\n{B}")[1]
    assert (alone["title"], alone["text"]) == ("Bridge closed for winter", f"{A}\n{B}")


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\r\n \r\n"], ids=ascii)
def test_a_line_that_a_span_empties_goes_whole(gap: str):
    pointer = "[Read more: the bridge in pictures]"
    document = clean_one(f"{A}{gap}{pointer}{gap}{B}{gap}{pointer}\n")[1]
    assert document["text"] == (f"{A}\n{B}" if gap == "\n" else f"{A}\n\n{B}")


def marked(text: str, **columns: object) -> pl.DataFrame:
    """Return the lines of one text with marks by line: `rule` and `glue` are lists."""
    lines = describe_lines(to_lines(raw_of(text)))
    values = {"rule": [None] * len(lines), "glue": [0] * len(lines)} | columns
    return lines.with_columns(
        rule=pl.Series(values["rule"], dtype=pl.String),
        glue=pl.Series(values["glue"], dtype=pl.Int64),
        score=pl.when(pl.Series(values["rule"], dtype=pl.String).is_not_null()).then(0.7),
        evidence=pl.lit(None, pl.Int64),
    )


def edits(*rows: tuple) -> pl.DataFrame:
    return as_edits(pl.DataFrame(rows, schema=dict(list(EDITS.items())[:6]), orient="row"))


def test_a_marked_line_is_removed_with_its_line_end():
    found = propose_removals(marked("a\nbc\r\nd", rule=[None, "menu", None]))
    assert_frame_equal(found, edits(("d0000", 2, 6, "menu", "", 0.7)))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (None, [("d0000", 0, 4, "glued_menu_word", "", 0.9)]),
        ("headline", [("d0000", 0, 4, "glued_menu_word", "", 0.9), ("d0000", 4, 10, "headline", "", 0.7)]),
        ("menu", [("d0000", 0, 10, "menu", "", 0.7)]),
    ],
)
def test_glued_menu_words_have_their_own_edit_unless_another_rule_takes_the_line(
    rule: str | None, expected: list[tuple]
):
    found = propose_removals(marked("NewsFerry\n", rule=[rule], glue=[4]))
    assert_frame_equal(found.sort("start"), edits(*expected))


def test_glue_is_measured_behind_invisible_characters():
    found = propose_removals(marked("\u200b&nbsp;NewsFerry", glue=[4]))
    assert_frame_equal(found, edits(("d0000", 0, 11, "glued_menu_word", "", 0.9)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb", []),
        ("a\r\nb", [("d0000", 1, 3, "line_end", "\n", 1.0)]),
        ("a \t\nb", [("d0000", 1, 4, "line_end", "\n", 1.0)]),
        ("a&nbsp;\nb", [("d0000", 1, 8, "line_end", "\n", 1.0)]),
        ("a\n", [("d0000", 1, 2, "line_end", "", 1.0)]),
        ("a\u2028😀  ", [("d0000", 1, 2, "line_end", "\n", 1.0), ("d0000", 3, 5, "line_end", "", 1.0)]),
        ("", []),
    ],
    ids=ascii,
)
def test_line_ends_become_line_feeds_and_nothing_at_the_end(text: str, expected: list[tuple]):
    assert_frame_equal(propose_line_ends(marked(text)), edits(*expected))


def test_inline_rules_skip_parts_of_lines_and_marked_lines():
    pointer = f"{A} READ MORE: Ten ferries wait at the pier.\n"
    lines = marked(pointer * 2, rule=[None, "menu"])
    (found,) = propose_inline_removals(lines, RULES)
    assert found["rule"].to_list() == ["pointer_span"]
    assert found["end"].item() < len(pointer)
    part = lines.head(1).with_columns(text=pl.col("text").str.strip_chars_end(), line=pl.lit(1, pl.Int64))
    (nothing,) = propose_inline_removals(part, RULES)
    assert nothing.is_empty()
