"""The first page, the search, and the pages of one document."""

import re
from typing import Any

import polars as pl
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from copydesk.flows.proof.export import read_sheet
from copydesk.flows.proof.page import to_page
from copydesk.flows.ui import parameters
from copydesk.flows.ui.article import paragraphs
from copydesk.flows.ui.guard import FILES
from copydesk.flows.ui.snippets import mark, snippet
from copydesk.flows.ui.view import SIZE, first, pager, shown, view, warehouse
from copydesk.transforms.text.printable import escape_invisible
from copydesk.warehouse.queries import browse, browse_documents, browse_events, browse_names, browse_search

_BODY = re.compile(r"<body\b[^>]*>")


def home(request: Request) -> Response:
    """Show the warehouse in numbers, its latest run, and what is new."""
    with warehouse(request) as connection:
        frames = browse.home(connection)
        _, stories = browse_events.stories(connection, limit=8)
        rising = browse_names.rising(connection, limit=10)
    settings = request.app.state.settings
    return view(
        request,
        "home",
        title="copydesk",
        section="home",
        numbers=frames["numbers"].row(0, named=True),
        run=next(iter(shown(frames["run"])), None),
        funnel=shown(frames["funnel"]),
        unmet=shown(frames["unmet"]),
        stories=shown(stories),
        rising=shown(rising),
        has_report=(settings.reports / "index.html").exists(),
        place=str(settings.home),
    )


def search(request: Request) -> Response:
    """Find articles by words and filters: q, source, lang, from, to, story, entity, page."""
    source, lang = (parameters.text(request, name) for name in ("source", "lang"))
    page = parameters.page(request)
    wanted = browse_search.SearchQuery(
        words=parameters.words(request, "q"),
        first_day=parameters.day(request, "from"),
        last_day=parameters.day(request, "to"),
        story=parameters.filter_id(request, "story"),
        entity=parameters.filter_id(request, "entity"),
    )
    with warehouse(request) as connection:
        # By what is shown of it: an outlet is a folder, and a folder may be called anything.
        sources, langs = (
            {escape_invisible(value): value for value in browse.list_values(connection, column)}
            for column in ("source", "lang")
        )
        wanted = wanted._replace(source=sources.get(source, source), lang=langs.get(lang, lang))
        n, found = browse_search.search(connection, wanted, limit=SIZE, offset=(page - 1) * SIZE)
        story = browse_events.label(connection, wanted.story) if wanted.story else ""
        entity = browse_names.name(connection, wanted.entity) if wanted.entity else ""
    query = parameters.typed(request, "q")
    return view(
        request,
        "search",
        title=f"{query}: search" if query else "Search",
        section="search",
        wanted=wanted,
        query=query,
        source=source,
        sources=list(sources),
        lang=lang,
        langs=list(langs),
        story=story,
        entity=entity,
        pager=pager(request, page, n),
        articles=_marked(found, wanted.words),
    )


def _marked(found: pl.DataFrame, words: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the rows of a search, with the words marked in the title and in a snippet of the text."""
    rows = shown(found.drop("title", "text"))
    return [
        row | {"title": mark(title or "(no title)", words), "snippet": snippet(text, words)}
        for row, title, text in zip(rows, found["title"], found["text"], strict=True)
    ]


def document(request: Request) -> Response:
    """Show the clean article and all that is known of it; of a record in quarantine its proof sheet."""
    doc_id = parameters.path_id(request, "document")
    with warehouse(request) as connection:
        frames = browse_documents.document(connection, doc_id)
        is_document = browse_documents.is_document(connection, doc_id)
    if is_document is False:
        return RedirectResponse(f"/documents/{doc_id}/proof", 303)
    row = first(frames["document"].drop("text"), "document")
    return view(
        request,
        "document",
        title=row["title"] or "(no title)",
        section="search",
        document=row,
        paragraphs=paragraphs(frames["document"]["text"][0], frames["mentions"]),
        entities=shown(frames["entities"]),
        copies=shown(frames["copies"]),
        canonical=shown(frames["canonical"]),
        story=shown(frames["story"]),
        records=shown(frames["records"]),
    )


def proof(request: Request) -> Response:
    """Show the proof sheet of a document or of a record in quarantine, below a line that leads back."""
    doc_id = parameters.path_id(request, "document")
    with warehouse(request) as connection:
        is_document = browse_documents.is_document(connection, doc_id)
        if is_document is None:
            raise HTTPException(404, "There is no such document in this warehouse.")
        sheet = read_sheet(request.app.state.settings, connection, doc_id)
    back, where = (
        (f"/documents/{doc_id}", "the article") if is_document else ("/quarantine", "the quarantine")
    )
    bar = f'<nav aria-label="Back"><a href="{back}">← {where}</a></nav>'
    # The sheet links a partner's as a file beside it: see beside().
    page = to_page(sheet, linked=[partner.doc_id for partner in sheet.partners])
    return HTMLResponse(
        _BODY.sub(lambda found: found[0] + bar, page, count=1), headers={"content-security-policy": FILES}
    )


def beside(request: Request) -> Response:
    """Lead from DOC.html beside a proof sheet to the proof sheet of DOC."""
    return RedirectResponse(f"/documents/{parameters.path_id(request, 'document')}/proof", 303)
