"""Evidence for splits: counts in the document, none from other documents."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from copydesk.transforms.clean.split_evidence import FREQUENT, count_evidence
from copydesk.transforms.clean.word_splits import find_splits, find_words
from copydesk.transforms.text.lines import to_lines
from tests.transforms.conftest import examples, raw_of

COUNTS = ["n_t", "n_a", "n_b", "n_left", "n_right", "n_camel"]


def evidence(*texts: str, token: str = "Wexthorpewhich", left: str = "Wexthorpe") -> list[tuple]:
    """Return doc and the counts of one split of one token, by document."""
    chunks, words = find_words(to_lines(raw_of(*texts)), "en")
    splits = find_splits(words, "en", "ai", pl.Series([], dtype=pl.String), r"^\b$")
    found = count_evidence(splits, chunks, words).filter(token=token, left=left)
    return found.sort("doc").select("doc", *COUNTS).rows()


def test_words_and_parts_are_counted_in_the_document() -> None:
    text = "Wexthorpewhich wexthorpe left Wexthorpe. Wexthorpe’s mill, WEXTHORPE, Wexthorpewhich."
    assert evidence(text) == [(0, 2, 4, 0, 1, 0, 0)]


def test_a_part_that_is_not_listed_must_occur_in_the_same_document() -> None:
    assert evidence("Wexthorpewhich came.", "Wexthorpe left. Wexthorpe spoke.") == []
    assert evidence("Wexthorpewhich came.", "Wexthorpewhich or Wexthorpe.") == [(1, 1, 1, 0, 1, 0, 0)]


def test_frequent_parts_are_not_counted() -> None:
    (row,) = evidence("countriesdo which countries and which harbours", token="countriesdo", left="countries")
    assert row[1:3] == (1, 1)
    (row,) = evidence("Wexthorpewhich Wexthorpe which which which")
    assert row[3] == 0, f"'which' is over {FREQUENT}"


def test_words_with_an_inner_capital_are_counted_once_each() -> None:
    (row,) = evidence("Wexthorpewhich Wexthorpe getName getName setName")
    assert row[-1] == 2


@examples(20)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=4))
def test_counts_do_not_depend_on_the_other_documents(n_apart: list[int]) -> None:
    texts = ["Wexthorpewhich " + "Wexthorpe " * n for n in n_apart]
    together = {doc: counts for doc, *counts in evidence(*texts)}
    alone = {number: counts for number, text in enumerate(texts) for _, *counts in evidence(text)}
    assert together == alone
    assert all(counts[1] == n_apart[doc] for doc, counts in together.items())


def test_no_splits_no_evidence() -> None:
    assert evidence() == []
    assert evidence("", "the harbour") == []
