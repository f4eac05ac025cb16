"""Parameters of requests: what is accepted, and the status of what is not."""

from datetime import date
from urllib.parse import urlencode

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request

from copydesk.flows.ui import parameters


def request(**query: str) -> Request:
    return Request({"type": "http", "query_string": urlencode(query).encode(), "headers": []})


def test_a_text_is_stripped_and_missing_ones_are_empty() -> None:
    assert parameters.text(request(q="  a b \n"), "q") == "a b"
    assert parameters.text(request(), "q") == ""
    with pytest.raises(HTTPException) as refused:
        parameters.text(request(q="x" * (parameters.LONGEST + 1)), "q")
    assert refused.value.status_code == 400


def test_invisible_characters_of_a_field_are_dropped() -> None:
    assert parameters.typed(request(q="a\u202eb\tc\x1b"), "q") == "ab c"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("pier north pier", ("pier", "north")),
        ('"north pier" fog', ("north pier", "fog")),
        ('"open', ("open",)),
        ('""  ', ()),
    ],
)
def test_words_are_distinct_and_phrases_are_one(query: str, words: tuple[str, ...]) -> None:
    assert parameters.words(request(q=query), "q") == words


def test_too_many_words_are_refused() -> None:
    with pytest.raises(HTTPException) as refused:
        parameters.words(request(q=" ".join(map(str, range(parameters.MOST_WORDS + 1)))), "q")
    assert refused.value.status_code == 400


@pytest.mark.parametrize(("value", "expected"), [("", None), ("2026-03-01", date(2026, 3, 1))])
def test_a_day(value: str, expected: date | None) -> None:
    assert parameters.day(request(since=value), "since") == expected


@pytest.mark.parametrize("value", ["2026-02-31", "1 March", "2026-3-1"])
def test_no_day_is_refused(value: str) -> None:
    with pytest.raises(HTTPException) as refused:
        parameters.day(request(since=value), "since")
    assert refused.value.status_code == 400


def test_a_page_is_a_number_from_one() -> None:
    assert parameters.page(request()) == 1
    assert parameters.page(request(page="12")) == 12
    for wrong in ("0", "-1", "x", "1.5"):
        with pytest.raises(HTTPException):
            parameters.page(request(page=wrong))
