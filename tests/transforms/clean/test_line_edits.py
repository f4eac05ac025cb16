"""Edits that follow from marked lines: removals, inline removals, line ends."""

import polars as pl
import pytest

from copydesk.transforms.clean.stage import clean
from copydesk.transforms.contract import EVIDENCE
from tests.transforms.conftest import HEADLINE, PROSE, RULES_ONLY, clean_one, raw_of

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
