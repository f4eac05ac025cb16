"""Segments: what is prose and what a body is."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from copydesk.transforms.clean.segments import describe_lines, segment
from copydesk.transforms.text.lines import to_lines
from tests.transforms.conftest import PROSE, awkward_text, examples, raw_of


def described(text: str) -> list[tuple[str, int, bool]]:
    return segment(raw_of(text)).select("body", "n_words", "prose").rows()


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("  The pier \r\n", "The pier"),
        ("\xa0The pier&nbsp;&#13;", "The pier"),
        ("\u200bThe pier\ufeff\0", "The pier"),
        ("&amp; more", "&amp; more"),
        ("\u3000\n", ""),
        ("e\u0301 😀", "e\u0301 😀"),
    ],
    ids=ascii,
)
def test_a_body_has_no_invisible_characters_at_its_ends(text: str, body: str):
    assert [found for found, _, _ in described(text)] == [body]


def test_a_segment_of_several_lines_has_one_line_as_its_body():
    text = "\n".join(textwrap.fill(paragraph, 60) for paragraph in (*PROSE, *PROSE))
    found = segment(raw_of(text))
    assert found["text"].str.contains("\n.").any()
    assert not found["body"].str.contains("\n").any()
    assert found["n_words"].sum() == sum(len(paragraph.split()) for paragraph in PROSE) * 2


def test_views_of_pages_are_not_mended():
    text = "\n".join(textwrap.fill(paragraph, 60) for paragraph in (*PROSE, *PROSE))
    raw = raw_of(text, text, media_type=["text/html", "text/plain"])
    lines = segment(raw)
    assert lines.filter(doc_id="d0000")["text"].to_list() == text.splitlines(keepends=True)
    assert len(lines.filter(doc_id="d0001")) < len(text.splitlines())
    alone = segment(raw_of(text))
    assert_frame_equal(lines.filter(doc_id="d0001").drop("doc_id"), alone.drop("doc_id"))


@examples(40)
@given(st.lists(awkward_text, max_size=3))
def test_described_segments_tile_the_text_and_are_unmarked(texts: list[str]):
    lines = segment(raw_of(*texts))
    for number, text in enumerate(texts):
        assert "".join(lines.filter(doc_id=f"d{number:04}")["text"]) == text
    assert lines["rule"].null_count() == lines["score"].null_count() == len(lines)
    assert (lines["n_words"] >= 0).all()


def test_prose_has_twenty_words_and_ends_as_a_sentence_does():
    twenty = "word " * 19
    ends = ["end.", "end!”", "end?)", "end।", "end", "end…", "end...", "end.]", "end...]"]
    lines = describe_lines(
        to_lines(raw_of("\n".join([*(twenty + end for end in ends), "word " * 18 + "end."])))
    )
    assert lines["prose"].to_list() == [True, True, True, True, False, False, False, True, False, False]
