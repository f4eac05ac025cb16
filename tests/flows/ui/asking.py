"""Ask an application in this process: a request costs milliseconds, and no server starts."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
from starlette.requests import Request
from starlette.types import ASGIApp


def ask(app: ASGIApp, path: str, method: str = "GET", **request: Any) -> httpx.Response:
    """Return the answer to one request; redirects are not followed, and faults are answers too."""

    async def answer() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8642") as client:
            return await client.request(method, path, **request)

    with ThreadPoolExecutor(1) as apart:  # Playwright's own loop may run in this thread
        return apart.submit(asyncio.run, answer()).result()


def request_of(path: str, query: str = "") -> Request:
    """Return a request as a handler gets it."""
    scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "headers": []}
    return Request(scope | {"server": ("127.0.0.1", 8642), "scheme": "http", "root_path": ""})
