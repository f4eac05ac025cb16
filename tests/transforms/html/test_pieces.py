"""Pieces of HTML source: they tile it."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from copydesk.transforms.html.pieces import cut_pieces
from tests.transforms.html.test_visible_text import pages, sources


def rows(source: str) -> list[tuple]:
    return cut_pieces(pages(source)).select("piece", "tag", "reads", "is_text", "in_pre").rows()


def test_pieces_of_a_small_source() -> None:
    assert rows("<P class=a>one &amp; two</P>") == [
        ("", None, None, False, False),
        ("<P class=a>", "p", None, False, False),
        ("one ", None, None, True, False),
        ("&amp;", None, "&", True, False),
        (" two", None, None, True, False),
        ("</P>", "/p", None, False, False),
        ("", None, None, False, False),
    ]


def test_offsets_of_text_leave_out_its_white_space() -> None:
    found = cut_pieces(pages("<b>  x y\n</b>")).filter("is_text").select("start", "end", "first", "last")
    assert found.rows() == [(3, 9, 5, 8)]


@pytest.mark.parametrize(
    ("source", "tokens"),
    [
        ("a<script>if (a < b) '<p>'</script>b", ["<script>if (a < b) '<p>'</script>"]),
        ("<!-- <p> -->x", ["<!-- <p> -->"]),
        ("<a title='>'>x</a>", ["<a title='>'>", "</a>"]),
        ("<style>p{}", ["<style>p{}"]),
        ("1 < 2 & 3", []),
        ("&notanentity; &#x1F600;", ["&notanentity;", "&#x1F600;"]),
        ("<TITLE>x</title >y", ["<TITLE>x</title >"]),
    ],
)
def test_tokens_of_a_source(source: str, tokens: list[str]) -> None:
    pieces = cut_pieces(pages(source))
    assert pieces.filter(pl.col("number") % 2 == 1)["piece"].to_list() == tokens


def test_a_reference_reads_as_one_character_or_as_itself() -> None:
    found = cut_pieces(pages("&eacute;&fjlig;&bogus;&#0;")).drop_nulls("reads")
    assert found["reads"].to_list() == ["é", "&fjlig;", "&bogus;", "\ufffd"]


def test_line_feeds_are_kept_inside_pre_only() -> None:
    found = cut_pieces(pages("a<pre>b<i>c</i></pre>d")).filter("is_text")
    assert found.select("piece", "in_pre").rows() == [("a", False), ("b", True), ("c", True), ("d", False)]


def test_no_pages_have_no_pieces() -> None:
    assert cut_pieces(pages()).is_empty()


@given(st.lists(sources, max_size=3))
def test_pages_are_cut_the_same_alone_and_among_others(texts: list[str]) -> None:
    together = cut_pieces(pages(*texts)).drop("doc_id")
    alone = [cut_pieces(pages(text)).drop("doc_id") for text in texts]
    assert_frame_equal(together, pl.concat([together.clear(), *alone]))


@given(sources)
def test_pieces_tile_the_source(text: str) -> None:
    pieces = cut_pieces(pages(text))
    assert "".join(pieces["piece"]) == text
    assert [text[start:end] for start, end in pieces.select("start", "end").rows()] == pieces[
        "piece"
    ].to_list()
