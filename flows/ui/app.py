"""The application: its addresses, and the pages that say what went wrong."""

import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any

import duckdb
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from copydesk.flows.errors import Busy, UsageError
from copydesk.flows.settings import Settings
from copydesk.flows.ui import articles, events, quarantine
from copydesk.flows.ui.guard import FILES, App
from copydesk.flows.ui.retries import Retries
from copydesk.flows.ui.view import AGAIN, view
from copydesk.flows.web.render import render

#: What the page of an error is called, and what it says where the error itself says nothing.
_TITLES = {
    400: ("This cannot be asked", ""),
    403: ("Refused", ""),
    404: ("Not found", "There is no page at this address."),
    405: ("Refused", "This address takes no such request."),
    409: ("Changed meanwhile", ""),
    413: ("Too large", ""),
}


def make_app(settings: Settings, retries: Retries) -> Starlette:
    """Return the application over the home of `settings`; it is to stand behind
    :func:`copydesk.flows.ui.guard.guarded`.
    """
    app = Starlette(
        routes=[
            Route("/", articles.home),
            Route("/search", articles.search),
            Route("/documents/{id}", articles.document),
            Route("/documents/{id}/proof", articles.proof),
            Route("/documents/{of}/{id}.html", articles.beside),
            Route("/stories", events.stories),
            Route("/stories/{id}", events.story),
            Route("/entities", events.entities),
            Route("/entities/{id}", events.entity),
            Route("/quarantine", quarantine.listing),
            Route("/quarantine/retry", quarantine.retry, methods=["POST"]),
            Route("/retries/{number:int}", quarantine.retried),
            Route("/reports", lambda _: RedirectResponse("/reports/")),
            Mount("/reports", _reports(settings)),
            Route("/static/ui.css", _static("ui/ui.css", "text/css")),
            Route("/static/icon.svg", _static("ui/icon.svg", "image/svg+xml")),
        ],
        exception_handlers={
            HTTPException: _failed,
            Busy: _busy,
            UsageError: _gone,
            duckdb.InterruptException: _too_much,
            duckdb.OutOfMemoryException: _too_much,
            duckdb.Error: _unanswered,
            Exception: _fault,
        },
    )
    app.state.settings, app.state.retries, app.state.token = settings, retries, secrets.token_urlsafe(32)
    return app


def _static(template: str, media_type: str) -> Callable[[Request], Response]:
    def answer(_: Request) -> Response:
        return Response(render(template), media_type=media_type)

    return answer


def _reports(settings: Settings) -> App:
    """Serve the folder of reports, pages that were written to be read as files: with their own styles."""
    files = StaticFiles(directory=settings.reports, html=True, check_dir=False)
    files.config_checked = True  # the folder comes with the first report; until then there is none to find

    async def serve(
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
        send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
    ) -> None:
        async def send_with_policy(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"content-security-policy", FILES.encode())]
            await send(message)

        await files(scope, receive, send_with_policy)

    return serve


def _failed(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    title, usual = _TITLES.get(status, (HTTPStatus(status).phrase, ""))
    detail = getattr(error, "detail", "")
    if status == 404 and request.url.path.startswith("/reports/"):
        detail = "There is no such report. A report is written after every run."
    elif detail == HTTPStatus(status).phrase:  # Starlette's own errors say no more
        detail = usual
    headers = getattr(error, "headers", None)
    return view(request, "failed", title=title, status=status, headers=headers, detail=detail, happened=None)


def _busy(request: Request, error: Exception) -> Response:
    del error
    return view(
        request,
        "busy",
        title="A run is loading",
        status=503,
        refresh=AGAIN,
        headers={"retry-after": str(AGAIN)},
    )


def _gone(request: Request, error: Exception) -> Response:
    return view(request, "failed", title="No warehouse", status=503, detail=str(error), happened=None)


def _too_much(request: Request, error: Exception) -> Response:
    return view(
        request,
        "failed",
        title="Too much to answer",
        status=503,
        detail="This page needs more time or memory than the settings query_seconds and query_mb allow. Ask for less.",
        happened=str(error).splitlines()[0][:300],
    )


def _unanswered(request: Request, error: Exception) -> Response:
    return view(
        request,
        "failed",
        title="The warehouse gave no answer",
        status=500,
        detail="An earlier version of copydesk may have made it: the next copydesk run brings it up to date.",
        happened=str(error).splitlines()[0][:300],
    )


def _fault(request: Request, error: Exception) -> Response:
    return view(
        request,
        "failed",
        title="A fault in copydesk itself",
        status=500,
        detail="Please report it with what copydesk ui printed in its terminal.",
        happened=f"{type(error).__name__}: {error}"[:300],
    )
