"""Features of the lines of a page."""

from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.transforms.html.line_features import compute_html_features
from copydesk.transforms.html.visible_text import to_views
from copydesk.transforms.text.lines import to_lines
from tests.transforms.conftest import LINEAR, PROSE, cpu_ratio, examples
from tests.transforms.html.test_visible_text import NASTY, pages, sources

BODY = "".join(
    f"<p>{sentence}</p>"
    for sentence in (*PROSE, "A third paragraph says only that the rain stopped at noon.")
)
PAGE = f"""<html><head><title>Captains sign the harbour ledger</title></head><body>
<nav><ul><li><a href="/a">Front page</a></li><li><a href="/b">Weather</a></li></ul></nav>
<article><h1>Captains sign the harbour ledger</h1>{BODY}</article><footer>Terms of use</footer></body></html>"""


def features_of(*texts: str, media_type: str = "text/html") -> pl.DataFrame:
    raw = pages(*texts, media_type=media_type)
    framing, views = to_views(raw)
    found = compute_html_features(raw, framing, views)
    lines = to_lines(views.rename({"view": "raw_text"}))
    if media_type == "text/html":
        assert found.select("doc_id", "line").equals(lines.select("doc_id", "line"))
    return found


def test_the_lines_of_an_article_differ_from_those_of_its_page() -> None:
    found = features_of(PAGE)
    assert found["html_precise"].to_list()[3:6] == [1.0, 1.0, 1.0]
    assert found["html_precise"].to_list()[:2] == [0.0, 0.0]
    assert found["html_title"].to_list() == [0, 0, 1, 0, 0, 0, 0]
    assert found["html_nav"].to_list() == [1, 1, 0, 0, 0, 0, 0]
    assert found["html_a"].to_list() == [1, 1, 0, 0, 0, 0, 0]
    assert found["html_footer"].to_list() == [0, 0, 0, 0, 0, 0, 1]
    assert found["html_heading"].to_list() == [0, 0, 1, 0, 0, 0, 0]
    assert found["html_said"].is_null().all()
    assert found["html_place"].is_sorted()
    assert found["html_path_n_lines"].to_list() == [2, 2, 1, 3, 3, 3, 1]
    assert found["html_path_precise"][3] > 0.9
    assert set(found.drop("doc_id", "line").dtypes) == {pl.Float64}


def test_a_line_made_of_many_texts_is_one_row() -> None:
    found = features_of(
        "<p>The <b>old</b> <a href=x>pier</a> &amp; more</p><pre>one\ntwo</pre>"
    )  # "&amp;" counts 5
    assert found["html_n_texts"].to_list() == [5, 1, 1]
    assert found["html_a"].to_list() == [pytest.approx(4 / 19), 0, 0]
    assert found["html_pre"].to_list() == [0, 1, 1]


def test_other_records_give_no_rows() -> None:
    assert features_of(PAGE, media_type="text/plain").is_empty()
    assert features_of().is_empty()


@examples(10)
@given(st.lists(sources, max_size=3))
def test_every_line_of_any_page_has_features(texts: list[str]) -> None:
    found = features_of(*texts)
    shares = found.select("html_precise", "html_title", "html_a", "html_kept_share", "html_place")
    assert all(((column >= 0) & (column <= 1)).all() for column in shares)


@pytest.mark.nightly
@pytest.mark.parametrize(
    "name", ["nested", "unclosed scripts", "data uri", "alternating", "nulls", "white space"]
)
def test_features_of_a_nasty_page_take_linear_time(name: str) -> None:
    def prepare(size: int) -> Callable[[], object]:
        source = NASTY[name](size)
        return lambda: features_of(source)

    assert cpu_ratio(prepare, 200_000) < LINEAR
