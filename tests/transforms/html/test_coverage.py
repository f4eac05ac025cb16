"""How much of each line an extraction holds."""

import polars as pl
import pytest

from copydesk.transforms.html.coverage import measure_coverage
from copydesk.transforms.html.parser_source import LONGEST
from copydesk.transforms.text.lines import to_lines
from tests.transforms.conftest import PROSE, raw_of
from tests.transforms.html.test_line_features import PAGE, features_of
from tests.transforms.html.test_visible_text import pages


def test_the_body_in_json_ld_counts_where_it_is_no_teaser() -> None:
    body = '<script type="application/ld+json">{"@type": "NewsArticle", "articleBody": "%s"}</script></head>'
    long = features_of(PAGE.replace("</head>", body % "\\n".join(PROSE)))
    assert long["html_said"].to_list() == [0, 0, 0, 1, 1, 0, 0]
    assert features_of(PAGE.replace("</head>", body % PROSE[0][:40]))["html_said"].is_null().all()


def test_script_without_spaces_is_compared_by_characters() -> None:
    text = "港口的新账簿在这个月的第一个早晨打开了，十一位船长在雨中排队签字。" * 4
    found = features_of(
        f"<html><body><article><p>{text}</p><p>{text[::-1]}</p></article><p>首页</p></body></html>"
    )
    assert found["html_precise"].to_list()[0] == 1.0


def test_a_page_too_long_for_the_extractors_still_has_its_markup() -> None:
    found = features_of(PAGE.replace("Weather", f"<p>{'A' * LONGEST}</p>Weather"))
    assert found["html_precise"].is_null().all()
    assert found["html_nav"].to_list() == [1, 1, 1, 0, 0, 0, 0, 0]


def test_a_page_too_long_for_its_markup_is_compared_with_its_extraction() -> None:
    found = features_of(PAGE.replace("Weather", f"<img src='data:,{'A' * LONGEST}'>Weather"))
    assert found["html_precise"].max() == 1.0


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", None),
        ("pier", 0.0),
        ("old pier", 0.0),
        ("the old pier is shut", 1.0),
        ("so it is", 1.0),
        ("it is", 0.0),
        ("the old pier is open", 2 / 3),
    ],
)
def test_the_share_of_3_grams_that_an_extraction_holds(words: str, expected: float | None) -> None:
    lines = to_lines(raw_of(words))
    body = " ".join(["filler"] * 50)
    head = f'<script type="application/ld+json">{{"articleBody": "The old pier is shut.\\nSo it is. {body}"}}</script>'
    page = pages(f"<html><head>{head}</head><body><p>x</p></body></html>")
    share = measure_coverage(lines, page)[1]
    assert share.name == "html_said"
    assert share.to_list() == ([expected] if words else [])


def test_no_pages_have_four_empty_columns() -> None:
    found = measure_coverage(to_lines(raw_of()), pages())
    assert [(column.name, column.dtype, len(column)) for column in found] == [
        (f"html_{name}", pl.Float64, 0) for name in ("precise", "said", "title", "summary")
    ]
