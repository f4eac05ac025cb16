"""The quarantine, and the one thing that the browser does: to start a retry."""

from secrets import compare_digest
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from copydesk.flows.ui import parameters
from copydesk.flows.ui.retries import MEANINGS, Retries
from copydesk.flows.ui.view import AGAIN, SIZE, pager, shown, view, warehouse
from copydesk.transforms.text.printable import escape_invisible
from copydesk.warehouse.queries import browse_quarantine

#: A form is not larger than this, in bytes: a page of ids is less than 2 kB.
_FORM = 16_000


def listing(request: Request) -> Response:
    """List rejected records: stage, expectation, page."""
    stage, expectation = (parameters.text(request, name) for name in ("stage", "expectation"))
    page = parameters.page(request)
    with warehouse(request) as connection:
        n, found = browse_quarantine.quarantine(
            connection, stage, expectation, limit=SIZE, offset=(page - 1) * SIZE
        )
        reasons = browse_quarantine.reasons(connection)
    return view(
        request,
        "quarantine",
        title="Quarantine",
        section="quarantine",
        stage=stage,
        expectation=expectation,
        stages=sorted({row["stage"] for row in shown(reasons)}),
        expectations=sorted({row["expectation"] for row in shown(reasons)}),
        pager=pager(request, page, n),
        records=shown(found),
        doc_ids=found["doc_id"].unique(maintain_order=True).to_list(),
        token=request.app.state.token,
    )


async def retry(request: Request) -> Response:
    """Start a retry of the records whose ids the form holds, and lead to its page."""
    form = await _form(request)
    if not compare_digest(dict(form).get("token", "").encode(), request.app.state.token.encode()):
        raise HTTPException(
            403, "This form is out of date. Open the quarantine again and press the button there."
        )
    doc_ids = list(dict.fromkeys(value for name, value in form if name == "doc"))
    if not 1 <= len(doc_ids) <= SIZE or not all(map(parameters.is_id, doc_ids)):
        raise HTTPException(400, f"A retry is of 1 to {SIZE} records of the quarantine.")
    return await run_in_threadpool(_start, request, doc_ids)


async def _form(request: Request) -> list[tuple[str, str]]:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _FORM:
            raise HTTPException(413, "This form is too large.")
    return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)


def _start(request: Request, doc_ids: list[str]) -> Response:
    with warehouse(request) as connection:
        known = browse_quarantine.is_quarantined(connection, doc_ids)
    if not known:
        raise HTTPException(
            409, "Some of these records are no longer in quarantine. Open the quarantine again."
        )
    retries: Retries = request.app.state.retries
    started, is_new = retries.start(doc_ids)
    return RedirectResponse(f"/retries/{started.number}" + ("" if is_new else "?other=1"), 303)


def retried(request: Request) -> Response:
    """Show a retry: what it says, and how it ended. The page of one that runs asks again by itself."""
    retries: Retries = request.app.state.retries
    found = retries.find(request.path_params["number"])
    if found is None:
        raise HTTPException(404, "There is no such retry; they are forgotten when copydesk ui ends.")
    code = found.code
    return view(
        request,
        "retry",
        title="Retry",
        section="quarantine",
        refresh=AGAIN if code is None else 0,
        retry=found,
        code=code,
        meaning=MEANINGS.get(
            code if code is not None else 0, "It ended unexpectedly; the warehouse is as it was."
        ),
        output=_lines(found.output()),
        is_other="other" in request.query_params,
    )


def _lines(output: str) -> str:
    return "\n".join(map(escape_invisible, output.splitlines())).strip()
