"""Claims of a page in JSON-LD, meta elements and title."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.transforms.html.claims import parse_html, read_claims
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
