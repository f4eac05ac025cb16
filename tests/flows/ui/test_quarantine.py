"""The quarantine's page and its button, with retries that start no process."""

import re
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from starlette.applications import Starlette

from copydesk.flows.settings import read_settings
from copydesk.flows.ui.app import make_app
from copydesk.flows.ui.retries import MEANINGS
from copydesk.flows.ui.view import SIZE
from tests.conftest import rows
from tests.flows.ui.asking import ask

IDS = "SELECT DISTINCT doc_id FROM quarantine WHERE state = 'rejected' ORDER BY 1"


class FakeRetries:
    """Keeps what it is asked to start; the second of two is told of the first."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.code: int | None = None

    def start(self, doc_ids: Sequence[str]) -> tuple[Any, bool]:
        self.asked.append(list(doc_ids))
        return SimpleNamespace(number=1), len(self.asked) == 1

    def find(self, number: int) -> Any:
        said = "run \x1b[1m1\u202e\n"
        retry = SimpleNamespace(number=1, code=self.code, seconds=1.5, doc_ids=("a",), output=lambda: said)
        return retry if number == 1 else None


@pytest.fixture
def retries() -> FakeRetries:
    return FakeRetries()


@pytest.fixture
def app(sample_home: Path, retries: FakeRetries) -> Starlette:
    return make_app(read_settings(home=sample_home), retries)  # type: ignore[arg-type]


def press(app: Starlette, *doc_ids: str, token: str | None = None) -> httpx.Response:
    """Send the form of the page."""
    fields = [("token", app.state.token if token is None else token), *(("doc", each) for each in doc_ids)]
    return ask(app, "/quarantine/retry", "POST", content=urlencode(fields))


def ids_of(home: Path) -> list[str]:
    return [doc_id for (doc_id,) in rows(home, IDS)]


def test_the_page_lists_every_record_with_its_reason_and_the_form(app: Starlette, sample_home: Path) -> None:
    page = ask(app, "/quarantine").text
    for expectation, doc_id in rows(sample_home, "SELECT expectation, doc_id FROM quarantine"):
        assert expectation in page
        assert f'value="{doc_id}"' in page
    assert set(re.findall(r'name="token" value="([^"]+)"', page)) == {app.state.token}


def test_filters_choose_what_is_listed(app: Starlette, sample_home: Path) -> None:
    stage, expectation = rows(sample_home, "SELECT stage, expectation FROM quarantine ORDER BY ALL")[0]
    query = f"SELECT doc_id FROM quarantine WHERE expectation = '{expectation}'"
    page = ask(app, "/quarantine", params={"stage": stage, "expectation": expectation}).text
    listed = set(re.findall(r'name="doc" value="([^"]+)"', page))
    assert listed == {doc_id for (doc_id,) in rows(sample_home, query)}
    assert 'name="doc"' not in ask(app, "/quarantine?stage=tag").text


def test_the_button_starts_one_retry_of_distinct_records(
    app: Starlette, retries: FakeRetries, sample_home: Path
) -> None:
    ids = ids_of(sample_home)
    answer = press(app, *ids, *ids)
    assert (answer.status_code, answer.headers["location"]) == (303, "/retries/1")
    assert press(app, ids[0]).headers["location"] == "/retries/1?other=1"
    assert retries.asked == [ids, ids[:1]]


@pytest.mark.parametrize("token", ["", "x", "é"])
def test_a_wrong_token_starts_nothing(
    app: Starlette, retries: FakeRetries, sample_home: Path, token: str
) -> None:
    assert press(app, *ids_of(sample_home), token=token).status_code == 403
    assert retries.asked == []


def test_a_form_of_nothing_of_too_much_or_of_no_ids_starts_nothing(
    app: Starlette, retries: FakeRetries
) -> None:
    many = [f"{number:032x}" for number in range(SIZE + 1)]
    for doc_ids, status in (([], 400), (["--help"], 400), (many, 400), (["0" * 32], 409)):
        assert press(app, *doc_ids).status_code == status, doc_ids
    assert ask(app, "/quarantine/retry", "POST", content=b"x" * 20_000).status_code == 413
    assert retries.asked == []


@pytest.mark.parametrize(("code", "said"), [(None, "It runs."), *MEANINGS.items(), (9, "ended unexpectedly")])
def test_the_page_of_a_retry_says_how_it_stands(
    app: Starlette, retries: FakeRetries, code: int | None, said: str
) -> None:
    retries.code = code
    page = ask(app, "/retries/1").text
    assert said in page
    assert ('http-equiv="refresh"' in page) == (code is None)
    assert "‹U+001B›[1m1‹U+202E›" in page
    assert ask(app, "/retries/2").status_code == 404
