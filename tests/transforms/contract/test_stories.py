"""Stories: each term of a document has its weight, and each document of a story its time."""

import polars as pl

from copydesk.transforms.contract import STORY_DOCUMENTS, TERMS, UTC
from copydesk.transforms.stories.terms import compute_terms
from tests.transforms.conftest import HEADLINE, PROSE, cleaned_of


def test_terms_and_weights_are_lists_of_one_length():
    found = compute_terms(cleaned_of(*PROSE, "", title=[HEADLINE, None, None], lang=["en", None, "en"]))
    assert found.schema == TERMS
    lengths = found.select(terms=pl.col("terms").list.len(), weights=pl.col("weights").list.len())
    assert lengths["terms"].to_list() == lengths["weights"].to_list()
    assert lengths["terms"][0] > 0
    assert (
        found["terms"].list.eval(pl.element().is_duplicated().any()).list.first().fill_null(value=False).sum()
        == 0
    )


def test_a_document_of_a_story_has_the_three_times_of_one_type():
    assert {STORY_DOCUMENTS[name] for name in ("at", "published_at", "fetched_at")} == {UTC}
    assert STORY_DOCUMENTS["doc_id"] == TERMS["doc_id"]
