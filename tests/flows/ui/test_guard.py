"""The guard: who may ask, who may write, and the headers of every answer."""

import httpx
import pytest
from starlette.responses import PlainTextResponse

from copydesk.flows.ui.guard import FILES, OWN, guarded
from tests.flows.ui import asking

OURS = "http://127.0.0.1:8642"
INSIDE = PlainTextResponse("inside", headers={"x-own": "1"})


def ask(method: str = "GET", app: PlainTextResponse = INSIDE, **headers: str) -> httpx.Response:
    return asking.ask(guarded(app, 8642), "/", method, headers=headers)  # type: ignore[arg-type]


@pytest.mark.parametrize("host", ["127.0.0.1:8642", "localhost:8642"])
def test_this_machine_is_let_in(host: str) -> None:
    answer = ask(host=host)
    assert (answer.status_code, answer.text, answer.headers["x-own"]) == (200, "inside", "1")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:80", "localhost.evil.example:8642", "LOCALHOST:8642", "[::1]:8642", ""]
)
def test_any_other_host_is_refused(host: str) -> None:
    answer = ask(host=host)
    assert (answer.status_code, "inside" in answer.text) == (400, False)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_who_writes_must_come_from_our_own_pages(method: str) -> None:
    assert ask(method, origin=OURS).status_code == 200
    for origin in ("http://localhost:8642", "https://127.0.0.1:8642", "http://evil.example", "null"):
        assert ask(method, origin=origin).status_code == 403
    assert ask(method).status_code == 403


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_reading_needs_no_origin(method: str) -> None:
    assert ask(method, origin="http://evil.example").status_code == 200


@pytest.mark.parametrize("headers", [{}, {"host": "evil.example"}], ids=["answered", "refused"])
def test_every_answer_has_the_headers(headers: dict[str, str]) -> None:
    answer = ask(**headers)
    assert answer.headers["content-security-policy"] == OWN
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_policy_of_the_answer_itself_wins() -> None:
    own = PlainTextResponse("report", headers={"content-security-policy": FILES})
    assert ask(app=own).headers.get_list("content-security-policy") == [FILES]


def test_pages_run_no_script_and_reports_the_one_that_is_known() -> None:
    assert "script" not in OWN
    assert "unsafe-inline" not in OWN
    assert FILES.count("script-src") == FILES.count("sha256-") == 1
    assert "form-action 'none'" in FILES
