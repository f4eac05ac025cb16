"""Claims of a page in JSON-LD, meta elements and title."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.transforms.html.claims import Claims, parse_html, read_claims
from copydesk.transforms.html.parser_source import LONGEST
from tests.transforms.conftest import awkward_text
from tests.transforms.html.test_metadata import LD, PAGE, describe


@pytest.mark.parametrize("types", ['"NewsArticle"', '["NewsArticle", "Article"]'])
def test_the_article_comes_before_the_page_and_what_it_embeds_is_left_out(types: str) -> None:
    claims = read_claims(parse_html(PAGE.replace("{ld}", LD.replace('"NewsArticle"', types))))
    assert claims.published == [
        ("json-ld", "2026-03-01T10:00:00+01:00"), ("json-ld", "2020-01-01"), ("meta", "2026-03-01T09:30:00+01:00"),
    ]  # fmt: skip
    assert claims.titles == ["Ledger opens", "Ledger opens at the harbour", "Ledger opens | Harbour Post"]
    assert (claims.bodies, claims.summaries) == (["Eleven captains queued."], ["Eleven captains sign."])


@given(
    awkward_text | st.sampled_from(["[" * 100_000, '{"a":' * 9000, "[{}]", '"x"', "null", '{"@graph": 1}'])
)
def test_any_json_ld_is_survived(ld: str) -> None:
    assert describe(PAGE.replace("{ld}", ld))["published_by"] == "meta"


def claims_of(head: str) -> Claims:
    return read_claims(parse_html(f"<html><head>{head}</head><body><p>x</p></body></html>"))


@pytest.mark.parametrize(
    ("head", "field", "expected"),
    [
        ('<meta name="PubDate" content="2026-03-01">', "published", [("meta", "2026-03-01")]),
        ('<meta itemprop="datePublished" content="x">', "published", [("meta", "x"), ("itemprop", "x")]),
        ('<meta property="og:locale" content="de_DE">', "languages", ["de_DE"]),
        ('<meta http-equiv="Content-Language" content="fr">', "languages", ["fr"]),
        ('<meta name="twitter:description" content="Short">', "summaries", ["Short"]),
        ('<meta name="keywords" content="pier">', "summaries", []),
        ("<title>A &amp; B</title>", "titles", ["A & B"]),
        (
            '<script type="application/ld+json">[{"headline": "One"}, {"headline": 2}]</script>',
            "titles",
            ["One"],
        ),
        ('<script type="application/ld+json">{"video": {"headline": "Film"}}</script>', "titles", []),
        (
            '<script type="application/ld+json">{"mainEntity": {"headline": "One"}}</script>',
            "titles",
            ["One"],
        ),
        ('<script>{"headline": "One"}</script>', "titles", []),
    ],
)
def test_one_claim(head: str, field: str, expected: list[object]) -> None:
    assert getattr(claims_of(head), field) == expected


def test_claims_deeper_than_twenty_levels_are_ignored() -> None:
    deep = '{"mainEntity": ' * 30 + '{"headline": "Deep"}' + "}" * 30
    assert claims_of(f'<script type="application/ld+json">{deep}</script>').titles == []


def test_a_page_that_is_too_long_is_not_parsed() -> None:
    page = "<html><body><p>The pier</p></body></html>"
    assert parse_html(page + " " * LONGEST) is None
    assert parse_html(page) is not None
