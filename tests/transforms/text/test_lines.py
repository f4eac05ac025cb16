import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from copydesk.transforms.contract import LINES
from copydesk.transforms.text.lines import ends_line, fill_rows, find_spans, to_lines
from tests.transforms.conftest import awkward_text, raw_of

LINE_ENDS = ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"]
LINE_END = "\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]"
#: The same in the Rust engine and in Python's `re`, none matching the empty string.
SIMPLE = ["a", "[ab]+", "a+b?", "ab|ba", " {2,}", "é+", "[^a]b", r"\x{1F600}|\x00", "a.b"]


@given(st.lists(awkward_text, max_size=4))
def test_lines_tile_every_text(texts: list[str]):
    lines = to_lines(raw_of(*texts))
    for number, text in enumerate(texts):
        mine = lines.filter(doc_id=f"d{number:04}")
        assert mine["text"].to_list() == re.findall(f"(?s).*?(?:{LINE_END})|.+", text)
        assert "".join(mine["text"]) == text
        assert mine["line"].to_list() == list(range(len(mine)))
        assert mine["start"].to_list() == [0, *mine["end"]][: len(mine)]
        assert (mine["end"] - mine["start"]).to_list() == [len(line) for line in mine["text"]]


@pytest.mark.parametrize("end", LINE_ENDS, ids=ascii)
def test_each_kind_of_line_end_ends_a_line(end: str):
    expected = pl.DataFrame(
        {
            "doc_id": "d0000",
            "line": [0, 1, 2],
            "start": [0, 1 + len(end), 1 + 2 * len(end)],
            "end": [1 + len(end), 1 + 2 * len(end), 2 + 2 * len(end)],
            "text": ["a" + end, end, "b"],
        },
        schema=LINES,
    )
    assert_frame_equal(to_lines(raw_of(f"a{end}{end}b")), expected)


def test_an_empty_text_has_no_lines():
    assert to_lines(raw_of("", "a", ""))["doc_id"].to_list() == ["d0001"]
    assert to_lines(raw_of()).is_empty()


def test_the_noncharacter_that_delimits_lines_may_stand_in_a_text():
    text = "a\ufdd0b\n\ufdd0\n"
    lines = to_lines(raw_of(text))
    assert "".join(lines["text"]) == text
    assert lines["text"].to_list() == ["a\ufdd0b\n", "\ufdd0\n"]


@given(st.lists(st.text("ab \né😀\0", max_size=30), max_size=4), st.sampled_from(SIMPLE))
def test_spans_are_those_that_finditer_finds(texts: list[str], pattern: str):
    lines = to_lines(raw_of(*texts))
    python = re.compile(re.sub(r"\\x\{(\w+)\}", lambda m: chr(int(m[1], 16)), pattern))
    expected = [
        (doc_id, line, start + match.start(), start + match.end(), match[0])
        for doc_id, line, start, text in lines.select("doc_id", "line", "start", "text").iter_rows()
        for match in python.finditer(text)
    ]
    assert sorted(find_spans(lines, pattern).rows()) == sorted(expected)


@given(st.text("ab\n\ufdd0\ufdd1", max_size=20), st.sampled_from(["a", "[^b]+", "b|\ufdd1", "\ufdd0", "\n"]))
def test_noncharacters_in_a_text_mislead_neither_lines_nor_spans(text: str, pattern: str):
    lines = to_lines(raw_of(text, "\ufdd0\ufdd1\ufdd0\ufdd0\ufdd1")).filter(doc_id="d0000")
    assert lines["text"].to_list() == re.findall(f"(?s).*?(?:{LINE_END})|.+", text)
    expected = [
        (start + match.start(), start + match.end(), match[0])
        for start, line in lines.select("start", "text").iter_rows()
        for match in re.finditer(pattern, line)
    ]
    assert sorted(find_spans(lines, pattern).select("start", "end", "match").rows()) == expected


@given(awkward_text, st.sampled_from([r"\S+", r"\p{L}", r"[^\x00-\x7F]+", r"\s"]))
def test_a_span_holds_its_match(text: str, pattern: str):
    spans = find_spans(to_lines(raw_of(text)), pattern)
    assert [text[start:end] for start, end in spans.select("start", "end").iter_rows()] == spans[
        "match"
    ].to_list()


def test_no_match_no_spans():
    expected = pl.DataFrame(
        schema={"doc_id": pl.String, "line": pl.Int64, "start": pl.Int64, "end": pl.Int64, "match": pl.String}
    )
    assert_frame_equal(find_spans(to_lines(raw_of("abc", "")), "x"), expected)


def test_spans_are_found_beside_noncharacters():
    lines = pl.DataFrame(
        {"doc_id": "d", "line": [0], "start": [0], "end": [4], "text": "a\ufdd0aa"}, schema=LINES
    )
    assert find_spans(lines, "a").select("start", "end").rows() == [(0, 1), (2, 3), (3, 4)]


@given(
    st.lists(
        st.one_of(awkward_text, st.sampled_from([f"pier{end}" for end in (*LINE_ENDS, "", " \n ", "\n.")]))
    )
)
def test_a_text_ends_a_line_where_its_last_characters_are_a_line_end(texts: list[str]):
    found = pl.DataFrame({"text": texts}, schema={"text": pl.String}).select(ends_line(pl.col("text")))
    assert found.to_series().to_list() == [bool(re.search(f"(?:{LINE_END})\\Z", text)) for text in texts]


@given(st.lists(st.booleans()))
def test_values_fill_the_rows_that_are_true_in_order(rows: list[bool]):
    values = [f"value {number}" for number in range(sum(rows))]
    filled = fill_rows(pl.Series(rows, dtype=pl.Boolean), pl.Series(values, dtype=pl.String))
    assert filled.dtype == pl.String
    assert filled.is_not_null().to_list() == rows
    assert filled.drop_nulls().to_list() == values
