"""Views: HTML source and the text that it shows, by edits."""

import re
from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from copydesk.transforms.contract import EDITS, as_edits
from copydesk.transforms.edits import apply
from copydesk.transforms.html.visible_text import to_views
from copydesk.transforms.text.lines import to_lines
from tests.transforms.conftest import LINEAR, awkward_text, cpu_ratio

#: What trips a tokeniser, besides letters.
SHARDS = (
    *(
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "<br/>",
        "<div class='a>b'>",
        "</div",
        "<td>",
        "<pre>",
        "</pre>",
        '<a href="',
    ),
    *(
        '"',
        "<script>",
        "</script>",
        "<style",
        "<!--",
        "-->",
        "<!-->",
        "<![CDATA[",
        "]]>",
        "<!doctype html>",
        "<?x",
    ),
    *("</", "<", "&amp;", "&nbsp;", "&#10;", "&#x1F600;", "&fjlig;", "&copy", "&bogus;", "&", ">", " ", "  "),
    *("\n", "\t", "\xa0", "word", "é", "😀", "\u3000", "\u2028", "\0", "\ufdd0\ufdd1", "=", "'", "<TITLE>"),
    *("</title >", "<plaintext>"),
)
sources = st.one_of(awkward_text, st.lists(st.sampled_from(SHARDS), max_size=25).map("".join))


def pages(*texts: str, media_type: str = "text/html") -> pl.DataFrame:
    doc_ids = [f"d{number:04}" for number in range(len(texts))]
    schema = {"doc_id": pl.String, "raw_text": pl.String, "media_type": pl.String}
    return pl.DataFrame({"doc_id": doc_ids, "raw_text": texts, "media_type": media_type}, schema=schema)


def view(text: str) -> str:
    return str(to_views(pages(text))[1]["view"].item())


@given(st.lists(sources, max_size=4))
def test_framing_turns_the_source_into_the_view(texts: list[str]) -> None:
    framing, views = to_views(pages(*texts))
    edits = [
        framing.filter(doc_id=doc_id).select("start", "end", "replacement").rows()
        for doc_id in views["doc_id"]
    ]
    assert [apply(text, rows) for text, rows in zip(texts, edits, strict=True)] == views["view"].to_list()


@given(st.lists(sources, max_size=4))
def test_framing_is_sorted_short_and_never_idle(texts: list[str]) -> None:
    framing, _ = to_views(pages(*texts))
    assert framing.schema == EDITS
    assert_frame_equal(framing, framing.sort("doc_id", "start"))
    assert (framing["end"] > framing["start"]).all()
    assert (framing["replacement"].str.len_chars() <= 1).all()
    old = [texts[int(doc_id[1:])][start:end] for doc_id, start, end, *_ in framing.iter_rows()]
    assert all(new != text for new, text in zip(framing["replacement"], old, strict=True))


@given(sources)
def test_a_view_has_no_white_space_to_spare(text: str) -> None:
    shown = view(text)
    assert shown == shown.strip()
    assert not re.search(
        r"[^\S\n\x1c-\x1f]{2}|[^\S\n\x1c-\x1f]\n|\n[^\S\n\x1c-\x1f]|[\t\r\x0b\x0c\x85\xa0\u2028\u2029]", shown
    )


def test_edits_of_a_small_page() -> None:
    source = "<p>The <b>old</b>  pier &amp; its lamp</p>\n<p>Rain</p>"
    framing, views = to_views(pages(source))
    rows = [
        ("d0000", 0, 3, "markup", "", 1.0),
        ("d0000", 7, 10, "markup", "", 1.0),
        ("d0000", 13, 19, "markup", " ", 1.0),
        ("d0000", 24, 29, "html_entity", "&", 1.0),
        ("d0000", 38, 46, "markup", "\n", 1.0),
        ("d0000", 50, 54, "markup", "", 1.0),
    ]
    # Between "The" and its tag the space stands in the gap: one edit from the "e" to the "o".
    rows[1] = ("d0000", 6, 10, "markup", " ", 1.0)
    assert_frame_equal(framing, as_edits(pl.DataFrame(rows, schema=list(EDITS)[:6], orient="row")))
    assert_frame_equal(views, pl.DataFrame({"doc_id": ["d0000"], "view": ["The old pier & its lamp\nRain"]}))


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("", ""),
        ("<html></html>", ""),
        (" \n ", ""),
        ("plain words", "plain words"),
        ("a<br>b<BR/>c", "a\nb\nc"),
        ("<ul><li>one<li>two</ul>", "one\ntwo"),
        ("<tr><td>1</td><td>2</td></tr><tr><td>3</td></tr>", "1 2\n3"),
        ("<p>a</p>  \n\n <div> b </div>", "a\nb"),
        ("glued<i>in</i>side", "gluedinside"),
        ("a<wbr>b<custom-tag x>c", "abc"),
        ('<a title="5 > 3" href=\'x>y\'>link</a>', "link"),
        ("<A HREF=x>LINK</A><DIV>x</DIV>", "LINK\nx"),
        ("a <!-- <p>no</p> --> b<!-->c<!--->d", "a bcd"),
        ("a<script>if (a < b) document.write('<p>')</script>b", "ab"),
        ("a<SCRIPT type=x>x</Script >b", "ab"),
        ("a<scripts>b</scripts>", "ab"),
        ("<title>T</title><p>b", "b"),
        ("a<svg><title>icon</title><path d='M0'/></svg>b", "ab"),
        ("<![CDATA[a < b <p>c]]>d", "a < b\ncd"),
        ("<!doctype html><?xml version='1.0'?>a", "a"),
        ("a < b, c<3, d <= e & f", "a < b, c<3, d <= e & f"),
        ("a&nbsp;&#160; &#xA0;b&ensp;c&#8232;d", "a b c d"),
        ("&eacute;&#233;&#xe9;&copy 1 &AMP;&quot;&#0;", 'ééé© 1 &"\ufffd'),
        ("&fjlig; &bogus; &notit; AT&T", "&fjlig; &bogus; &notit; AT&T"),
        ("<pre>one\n  two\r\n\n<b>three</b></pre>four\nfive", "one\ntwo\nthree\nfour five"),
        ("<script>a", ""),
        ("a<!-- b", "a"),
        ("a<p", "a"),
        ('a<p title="', "a"),
        ("<plaintext>a\nb", "a\nb"),
        ("<template><p>x</p></template>a<textarea>c</textarea>", "a"),
        ("<p>a</p><noscript><p>b</p></noscript>", "a\nb"),
        ("<p>eleven<del>11</del><ins>12</ins> stones</p>", "eleven12 stones"),
        ("March<sup>1</sup>, the board<sup><a href='#n'>[2]</a></sup> said.<sup>3</sup>", "March, the board said."),
        ("5 m<sup>2</sup> and 10<sup>6</sup>, H<sup>+</sup>, the 3<sup>rd</sup>", "5 m2 and 106, H+, the 3rd"),
        ("<b>masons</b><i>agreed</i> <a href=x>to</a><a href=y>go</a>", "masons agreed to go"),
        ("<span>N</span>obody f<b>ou</b>nd <b>W</b><i>orld</i>", "Nobody found World"),
    ],
)  # fmt: skip
def test_views(source: str, shown: str) -> None:
    assert view(source) == shown


def test_what_is_no_page_is_its_own_view() -> None:
    raw = pages("<p>a</p>  b", media_type="text/plain")
    framing, views = to_views(raw)
    assert framing.is_empty()
    assert_frame_equal(views, raw.select("doc_id", view="raw_text"))


def test_every_line_feed_of_a_view_ends_a_line() -> None:
    views = to_views(pages("<p>a\x0bb\x85c\u2028d</p><p>e</p>"))[1]
    assert to_lines(views.rename({"view": "raw_text"}))["text"].to_list() == ["a b c d\n", "e"]


#: Sources of about so many characters that lead a careless tokeniser astray.
NASTY: dict[str, Callable[[int], str]] = {
    "nested": lambda n: "<div>" * (n // 11) + "x" + "</div>" * (n // 11),
    "unclosed scripts": lambda n: "<script>" * (n // 8),
    "unclosed tags": lambda n: "<a b='" * (n // 6),
    "unclosed comments": lambda n: "<!--<!-" * (n // 7),
    "data uri": lambda n: f'<img src="data:image/png;base64,{"A" * n}">x',
    "ampersands": lambda n: "&amp" * (n // 4),
    "angles": lambda n: "<" * n,
    "closings": lambda n: "</" * (n // 2),
    "white space": lambda n: " \n" * (n // 2) + "x",
    "alternating": lambda n: "a <" * (n // 3),
    "nulls": lambda n: "\0" * n,
    "equal signs": lambda n: "<a " + "=" * n,
    "quotes": lambda n: "<a " + "='" * (n // 2),
}


@pytest.mark.parametrize("source", NASTY.values(), ids=NASTY.keys())
def test_a_nasty_source_has_a_view(source: Callable[[int], str]) -> None:
    text = source(100_000)
    framing, views = to_views(pages(text))
    assert apply(text, framing.select("start", "end", "replacement").rows()) == views["view"].item()


@pytest.mark.nightly
@pytest.mark.parametrize("source", NASTY.values(), ids=NASTY.keys())
def test_the_view_of_a_nasty_source_takes_linear_time(source: Callable[[int], str]) -> None:
    def prepare(size: int) -> Callable[[], object]:
        text = source(size)
        return lambda: view(text)

    assert cpu_ratio(prepare, 300_000) < LINEAR
