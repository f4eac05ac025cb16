"""The DOM context of texts."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.transforms.html.dom_context import KINDS, find_dom_context
from copydesk.transforms.html.pieces import cut_pieces
from tests.transforms.html.test_visible_text import NASTY, pages, sources


def kinds(source: str) -> list[tuple[str, set[str]]]:
    texts = find_dom_context(pages(source)).select("piece", "kinds").rows()
    return [
        (text.strip(), {kind for bit, kind in enumerate(KINDS) if found >> bit & 1}) for text, found in texts
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<nav><a href=x>Home</a></nav><p>Body", [("Home", {"nav", "a"}), ("Body", {"p"})]),
        ("<main><h2>Head</h2>text</main>x", [("Head", {"main", "heading"}), ("text", {"main"}), ("x", set())]),
        ("<p>one<p>two</p>three", [("one", {"p"}), ("two", {"p"}), ("three", set())]),
        ("<ul><li>one<li>two</ul>x", [("one", {"item"}), ("two", {"item"}), ("x", set())]),
        ("</nav>x</p>", [("x", set())]),
        ("<aside><div><b>x</aside>y</b>", [("x", {"aside", "strong"}), ("y", set())]),
        ("<img><br>x", [("x", set())]),
        ("<div hidden>x</div><div aria-hidden='true'>y</div><i style='display: none'>z</i>",
         [("x", {"hidden"}), ("y", {"hidden"}), ("z", {"hidden", "strong"})]),
        ("<FIGURE><FIGCAPTION>x</FIGCAPTION></FIGURE>", [("x", {"figure"})]),
    ],
)  # fmt: skip
def test_what_a_text_is_inside_of(source: str, expected: list[tuple[str, set[str]]]) -> None:
    assert kinds(source) == expected


def test_boxes_paths_depth_and_edges() -> None:
    source = "<div class=a><p>one</p><p>t<b>w</b>o</p></div><div class=b><p>three</p></div>"
    found = find_dom_context(pages(source))
    assert found["piece"].to_list() == ["one", "t", "w", "o", "three"]
    assert found["depth"].to_list() == [2, 2, 3, 2, 2]
    assert found["edge"].to_list() == ["p", "p", "p", "p", "p"]
    assert found["box"].rank("dense").to_list() == [1, 2, 2, 2, 3]
    assert found["outer"].rank("dense").to_list() == [1, 1, 1, 1, 2]
    assert found["path"].n_unique() == 2
    assert found["path"][0] == found["path"][1] != found["path"][4]
    assert found["outmost"].to_list() == [0] * 5


@given(st.lists(sources, max_size=3))
def test_no_text_is_lost_and_pages_do_not_touch(texts: list[str]) -> None:
    together = find_dom_context(pages(*texts))
    expected = cut_pieces(pages(*texts)).filter("is_text")
    assert together.select("doc_id", "number", "piece").equals(expected.select("doc_id", "number", "piece"))
    alone = [find_dom_context(pages(text)).select("kinds", "depth", "path", "edge") for text in texts]
    if alone:
        assert together.select("kinds", "depth", "path", "edge").equals(pl.concat(alone))


def test_depth_has_no_bound() -> None:
    found = find_dom_context(pages(NASTY["nested"](1_100_000)))
    assert found["depth"].item() == 100_000
