"""Host and Origin checks and security headers of the local UI."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.responses import PlainTextResponse

from copydesk.flows.web.render import script_hash

type Message = MutableMapping[str, Any]
type App = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]
]

_NOBODY = "frame-ancestors 'none'; base-uri 'none'"
#: Policy of the UI's pages: one stylesheet, one icon, forms to the same origin, no scripts.
OWN = f"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; {_NOBODY}"
#: Policy of report files with inline styles: only the report's script may run, and forms are disabled.
FILES = (
    f"default-src 'none'; script-src 'sha256-{script_hash()}'; style-src 'self' 'unsafe-inline'; "
    f"img-src 'self' data:; font-src 'self' data:; form-action 'none'; {_NOBODY}"
)
_HEADERS = {
    b"content-security-policy": OWN.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"cache-control": b"no-store",
}


def guarded(app: App, port: int) -> App:
    """Wrap `app` in Host and Origin checks.

    A request with another Host than this machine at `port` gets status 400 (DNS rebinding); one that may write and
    does not come from the UI's own pages gets 403. All responses carry the security headers.
    """
    hosts = {f"{name}:{port}".encode() for name in ("127.0.0.1", "localhost")}

    async def guard(
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = dict(message["headers"])
                message = {**message, "headers": [*(_HEADERS | given).items()]}
            await send(message)

        await (_refusal(scope, hosts) or app)(scope, receive, send_guarded)

    return guard


def _refusal(scope: Message, hosts: set[bytes]) -> App | None:
    given = [(name.lower(), value) for name, value in scope["headers"]]
    host = [value for name, value in given if name == b"host"]
    if len(host) != 1 or host[0] not in hosts:
        return PlainTextResponse("This address serves 127.0.0.1 and localhost alone.\n", status_code=400)
    origins = [value for name, value in given if name == b"origin"]
    if scope["method"] not in {"GET", "HEAD"} and origins != [b"http://" + host[0]]:
        return PlainTextResponse("This form must be sent from copydesk's own pages.\n", status_code=403)
    return None
