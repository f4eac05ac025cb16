"""Trimming of spans: whatever is cut, the rest is where it says in the text."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.transforms.entities.span_trim import trim_spans
from tests.transforms.conftest import NAME_WORDS

SCHEMA = {
    "doc_id": pl.String,
    "start": pl.Int64,
    "surface": pl.String,
    "label": pl.String,
    "cased": pl.Boolean,
}


def trimmed(surface: str, label: str = "ORG", *, cased: bool = True) -> str | None:
    found = trim_spans(
        pl.DataFrame([("d", 0, surface, label, cased)], schema=SCHEMA, orient="row"), NAME_WORDS
    )
    assert found.columns == list(SCHEMA)
    if found.is_empty():
        return None
    start, name = found.select("start", "surface").row(0)
    assert surface[start : start + len(name)] == name
    return name


@pytest.mark.parametrize(
    ("surface", "label", "expected"),
    [
        ("Selwick — by Dana", "GPE", "Selwick"),
        ("Dana Whitlock | Reuters", "PERSON", "Dana Whitlock"),
        ("Harbour Board: a view", "ORG", "Harbour Board"),
        ("Selwick, Mar. 3", "GPE", "Selwick"),
        ("an Harbour Board", "ORG", "Harbour Board"),
        ("Selwick 3-1", "GPE", "Selwick"),
        ("Boeing 747", "ORG", "Boeing 747"),  # a score is cut from persons and places only
        ("Selwick.", "GPE", "Selwick"),
        ("Harbour Board)", "ORG", "Harbour Board"),
        ("Harbour Board’s", "ORG", "Harbour Board"),
        ("Governor Dana Whitlock", "ORG", "Governor Dana Whitlock"),
        ("Prof. Dr. Dana Whitlock", "PERSON", "Dana Whitlock"),
        ("x@selwick.org", "ORG", None),
        ("Selwick.com", "ORG", None),
        ("&amp;", "ORG", None),
        ("A", "PERSON", None),
        ("lower case", "ORG", None),
    ],
)
def test_a_span_is_trimmed_to_its_name(surface: str, label: str, expected: str | None) -> None:
    assert trimmed(surface, label) == expected


def test_a_text_without_capitals_keeps_lower_case_names() -> None:
    assert trimmed("selwick", cased=False) == "selwick"
    assert trimmed("漢字") == "漢字"


@given(
    st.lists(
        st.sampled_from(["The", "Mr", "Dana", "Selwick", "3", "(", ")", "—", "’s", "\n", "of", ".", ","]),
        max_size=8,
    ),
    st.sampled_from(["PERSON", "ORG", "GPE"]),
)
def test_a_trimmed_span_is_part_of_the_span_and_stays_as_it_is(words: list[str], label: str) -> None:
    name = trimmed(" ".join(words), label)
    if name is not None:
        assert name in " ".join(words)
        assert name[0].isalnum() or name[0] == "("
