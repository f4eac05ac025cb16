"""What all pages share: rows for display, times in words, the pages of a list."""

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import polars as pl
import pytest
from starlette.exceptions import HTTPException

from copydesk.flows.settings import read_settings
from copydesk.flows.ui.app import make_app
from copydesk.flows.ui.view import SIZE, first, pager, shown, view, warehouse, when
from copydesk.warehouse.schema import connect, migrate
from tests.flows.ui.asking import request_of


def test_rows_are_shown_without_invisible_characters() -> None:
    frame = pl.DataFrame({"name": ["a\u202eb", None], "others": [["x\x1b", "y"], []], "n": [1, 2]})
    assert shown(frame) == [
        {"name": "a‹U+202E›b", "others": ["x‹U+001B›", "y"], "n": 1},
        {"name": None, "others": [], "n": 2},
    ]


def test_the_first_row_is_shown_and_none_is_404() -> None:
    frame = pl.DataFrame({"name": ["a\u200b", "b"]})
    assert first(frame, "story") == {"name": "a‹U+200B›"}
    with pytest.raises(HTTPException, match="no such story") as missing:
        first(frame.clear(), "story")
    assert missing.value.status_code == 404


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (None, "no date"),
        (date(2026, 3, 4), "4 Mar 2026"),
        (datetime(2026, 3, 4, tzinfo=UTC), "4 Mar 2026"),
        (datetime(2026, 3, 4, 9, 5, tzinfo=UTC), "4 Mar 2026, 09:05"),
        (datetime(2026, 3, 4, 0, 0, 1, tzinfo=UTC), "4 Mar 2026, 00:00"),
        (datetime(2026, 3, 4, 1, tzinfo=timezone(timedelta(hours=3))), "3 Mar 2026, 22:00"),
    ],
    ids=str,
)
def test_a_time_is_said_in_utc_and_midnight_as_a_day(moment: datetime | date | None, said: str) -> None:
    assert when(moment) == said


@pytest.mark.parametrize(
    ("page", "n", "shown_from", "shown_to", "n_pages"),
    [
        (1, 0, 0, 0, 1),
        (1, 1, 1, 1, 1),
        (1, SIZE, 1, SIZE, 1),
        (2, SIZE + 1, SIZE + 1, SIZE + 1, 2),
        (2, 3 * SIZE, SIZE + 1, 2 * SIZE, 3),
    ],
)
def test_a_page_says_which_entries_it_has(
    page: int, n: int, shown_from: int, shown_to: int, n_pages: int
) -> None:
    found = pager(request_of("/stories"), page, n)
    assert (found.first, found.last, found.n_pages, found.n) == (shown_from, shown_to, n_pages, n)


def test_links_keep_what_was_asked_and_leave_out_what_was_not() -> None:
    found = pager(request_of("/search", "q=north+pier&source=&page=2"), 2, 3 * SIZE)
    assert found.before == "/search?q=north+pier&page=1"
    assert found.after == "/search?q=north+pier&page=3"
    assert pager(request_of("/search"), 1, 2).before == pager(request_of("/search"), 1, 2).after == ""


def test_a_page_after_the_last_is_404() -> None:
    with pytest.raises(HTTPException, match="ends with page 2"):
        pager(request_of("/search"), 3, SIZE + 1)


def test_a_page_that_waits_asks_again_and_its_title_is_text() -> None:
    page = view(request_of("/x"), "busy", title="a <b> \u202e", status=503, refresh=3)
    body = bytes(page.body).decode()
    assert page.status_code == 503
    assert '<meta http-equiv="refresh" content="3">' in body
    assert "<title>a &lt;b&gt; ‹U+202E›" in body
    assert "refresh" not in bytes(view(request_of("/x"), "busy", title="a").body).decode()


@pytest.mark.parametrize(
    ("sql", "limits", "error"),
    [
        (
            "SELECT sum(a.range * b.range) FROM range(10_000_000) a, range(100_000) b",
            {"query_seconds": 0.5},
            duckdb.InterruptException,
        ),
        (
            "SELECT count(DISTINCT range || 'x') FROM range(30_000_000)",
            {"query_mb": 100},
            duckdb.OutOfMemoryException,
        ),
    ],
    ids=["time", "memory"],
)
def test_a_query_that_passes_a_limit_ends_and_has_a_page(
    tmp_path: Path, sql: str, limits: dict[str, Any], error: type[Exception]
) -> None:
    with connect(tmp_path / "copydesk.duckdb") as connection:
        migrate(connection)
    settings = read_settings(home=tmp_path, **limits)
    request: Any = SimpleNamespace(app=SimpleNamespace(state=SimpleNamespace(settings=settings)))
    with pytest.raises(error), warehouse(request) as connection:
        connection.execute("SET max_temp_directory_size = '0B'")
        connection.execute(sql)
    handlers = make_app(settings, None).exception_handlers  # type: ignore[arg-type]
    assert handlers[error] is not handlers[duckdb.Error]
