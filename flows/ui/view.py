"""Shared by all handlers: the warehouse for one request, rows for display, pagination, responses."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from math import ceil
from typing import Any, NamedTuple
from urllib.parse import urlencode

import duckdb
import polars as pl
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from copydesk.flows.io.warehouse import reading
from copydesk.flows.proof.rows import group_label
from copydesk.flows.settings import MEGABYTE, Settings
from copydesk.flows.web.render import render
from copydesk.transforms.text.printable import escape_invisible

#: Entries per page of a list, and seconds until a page that waits for a run reloads.
SIZE, AGAIN = 25, 3
#: Seconds that a request waits while a run holds the warehouse.
_PATIENCE = 1.0


@contextmanager
def warehouse(request: Request) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse for one request only, since an open reader blocks runs.

    Raises Busy after a second if a run holds it, UsageError if it does not exist. The queries of a request have the
    memory and the time that the settings give to a statement of `copydesk sql`; then they raise
    duckdb.OutOfMemoryException or duckdb.InterruptException.
    """
    settings: Settings = request.app.state.settings
    with reading(settings.model_copy(update={"wait_seconds": _PATIENCE})) as connection:
        connection.execute(f"SET memory_limit = '{int(settings.query_mb * MEGABYTE)}B'")
        timer = threading.Timer(settings.query_seconds, connection.interrupt)
        timer.daemon = True
        timer.start()
        try:
            yield connection
        finally:
            timer.cancel()


def view(
    request: Request,
    template: str,
    *,
    title: str,
    section: str = "",
    status: int = 200,
    refresh: int = 0,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    """Return a response rendered from a template of flows/web/templates/ui.

    `section` is the active entry of the navigation; the page reloads after `refresh` seconds if that is not 0.
    """
    page = render(
        f"ui/{template}.html.j2",
        title=escape_invisible(title),
        section=section,
        refresh=refresh,
        path=request.url.path,
        when=when,
        escape_invisible=escape_invisible,
        group_label=group_label,
        **values,
    )
    return HTMLResponse(page, status, headers)


def shown(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Return rows as dicts, with the characters spelt out that a reader must not get raw."""
    return [{name: _show(value) for name, value in row.items()} for row in frame.iter_rows(named=True)]


def _show(value: Any) -> Any:
    if isinstance(value, str):
        return escape_invisible(value)
    return [_show(item) for item in value] if isinstance(value, list) else value


def first(frame: pl.DataFrame, what: str) -> dict[str, Any]:
    """Return the first row of `frame`, shown. Raises 404 where there is none."""
    if frame.is_empty():
        raise HTTPException(404, f"There is no such {what} in this warehouse.")
    return shown(frame.head(1))[0]


def when(moment: datetime | date | None) -> str:
    """Say a time in UTC, or a day alone where it is midnight."""
    if moment is None:
        return "no date"
    if not isinstance(moment, datetime):
        return f"{moment.day} {moment:%b} {moment.year}"
    moment = moment.astimezone(UTC)
    day = f"{moment.day} {moment:%b} {moment.year}"
    return day if f"{moment:%H:%M:%S}" == "00:00:00" else f"{day}, {moment:%H:%M}"


class Pager(NamedTuple):
    """One page of a list: its number, the number of pages and of entries, and the links to its neighbours."""

    page: int
    n_pages: int
    n: int
    before: str
    after: str

    @property
    def first(self) -> int:
        """Number of the first entry on the page."""
        return min((self.page - 1) * SIZE + 1, self.n)

    @property
    def last(self) -> int:
        """Number of its last one."""
        return min(self.page * SIZE, self.n)


def pager(request: Request, page: int, n: int) -> Pager:
    """Return the pager of a list with `n` entries. Raises 404 where it has no such page."""
    n_pages = max(ceil(n / SIZE), 1)
    if page > n_pages:
        raise HTTPException(404, f"This list ends with page {n_pages}.")
    given = {name: value for name, value in request.query_params.items() if value and name != "page"}

    def link(number: int) -> str:
        return f"{request.url.path}?{urlencode(given | {'page': number})}" if 1 <= number <= n_pages else ""

    return Pager(page, n_pages, n, link(page - 1), link(page + 1))
