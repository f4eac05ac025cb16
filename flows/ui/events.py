"""Stories and entities: lists, and the page of one."""

import polars as pl
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from copydesk.flows.ui import parameters
from copydesk.flows.ui.view import SIZE, first, pager, shown, view, warehouse
from copydesk.flows.web.charts.columns import over_time
from copydesk.flows.web.charts.time_axis import by_step
from copydesk.transforms.text.printable import escape_invisible
from copydesk.warehouse.queries import browse_events, browse_names

#: Pixels: a chart as wide as a page.
_WIDE = 960


def stories(request: Request) -> Response:
    """List stories: q, order, all (also those of one article), page."""
    words, page = parameters.typed(request, "q"), parameters.page(request)
    order = parameters.one_of(request, "order", browse_events.ORDERS)
    alone = parameters.one_of(request, "all", ("", "1")) == "1"
    with warehouse(request) as connection:
        n, found = browse_events.stories(
            connection, words, order=order, alone=alone, limit=SIZE, offset=(page - 1) * SIZE
        )
    return view(
        request,
        "stories",
        title="Stories",
        section="stories",
        query=words,
        order=order,
        orders=browse_events.ORDERS,
        alone=alone,
        pager=pager(request, page, n),
        stories=shown(found),
    )


def story(request: Request) -> Response:
    """Show one story; a story that was merged into another leads there."""
    story_id = parameters.path_id(request, "story")
    with warehouse(request) as connection:
        frames = browse_events.story(connection, story_id)
        other = browse_events.moved_to(connection, story_id) if frames["story"].is_empty() else None
    if other is not None:
        return RedirectResponse(f"/stories/{other}", 303)
    row = first(frames["story"], "story")
    return view(
        request,
        "story",
        title=row["label"] or "(no label)",
        section="stories",
        story=row,
        sources=shown(frames["sources"]),
        articles=shown(frames["articles"]),
        changes=shown(frames["changes"]),
    )


def entities(request: Request) -> Response:
    """List entities: q, label, page."""
    words, label = parameters.typed(request, "q"), parameters.text(request, "label")
    page = parameters.page(request)
    with warehouse(request) as connection:
        n, found = browse_names.entities(connection, words, label, limit=SIZE, offset=(page - 1) * SIZE)
        labels = browse_names.labels(connection)
    return view(
        request,
        "entities",
        title="Entities",
        section="entities",
        query=words,
        label=label,
        labels=[escape_invisible(name) for name in labels],
        pager=pager(request, page, n),
        entities=shown(found),
    )


def entity(request: Request) -> Response:
    """Show one entity; one whose names mean another now leads there."""
    entity_id = parameters.path_id(request, "entity")
    with warehouse(request) as connection:
        frames = browse_names.entity(connection, entity_id)
        other = browse_names.became(connection, entity_id) if frames["entity"].is_empty() else None
    if other is not None:
        return RedirectResponse(f"/entities/{other}", 303)
    row = first(frames["entity"], "entity")
    step, counts = by_step(frames["days"], "day", "n_documents")
    return view(
        request,
        "entity",
        title=row["name"],
        section="entities",
        entity=row,
        chart=over_time(
            frames["days"], when="day", value="n_documents", unit="articles that name it", width=_WIDE
        ),
        step=step,
        counts=counts.filter(pl.col("value") > 0).select("label", pl.col("value").cast(pl.Int64)).rows(),
        spellings=shown(frames["spellings"]),
        pairs=shown(frames["pairs"]),
        articles=shown(frames["articles"]),
        changes=shown(frames["changes"]),
    )
