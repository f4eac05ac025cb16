"""A proof sheet as one HTML page."""

from bisect import bisect_right
from collections.abc import Collection
from itertools import accumulate

from copydesk.flows.proof.rows import Fold, Row, fold, group_label
from copydesk.flows.proof.sheet import Sheet
from copydesk.flows.web.render import render

#: Characters of a text that a page shows; the terminal shows all.
LONGEST = 1_500_000


def to_page(sheet: Sheet, linked: Collection[str] = ()) -> str:
    """Return a sheet as one HTML page without scripts or external resources; folded lines open on a click.

    Copies whose doc_id is in `linked` are linked as DOC_ID.html in the same folder.
    """
    rows, n_more = _head(sheet.rows)
    return render(
        "proof.html.j2",
        sheet=sheet,
        items=[(item, isinstance(item, Fold)) for item in fold(rows)],
        n_more=n_more,
        group_label=group_label,
        linked=frozenset(linked),
    )


def _head(rows: list[Row]) -> tuple[list[Row], int]:
    """Return the rows of the first LONGEST characters, and the number of characters after them."""
    ends = list(accumulate(sum(len(piece.text) for piece in row.pieces) for row in rows))
    if not ends or ends[-1] <= LONGEST:
        return rows, 0
    whole = bisect_right(ends, LONGEST)
    room, pieces = LONGEST - (ends[whole - 1] if whole else 0), []
    for piece in rows[whole].pieces:
        pieces.append(piece._replace(text=piece.text[:room]))
        room -= len(piece.text)
        if room <= 0:
            break
    return [*rows[:whole], Row(tuple(pieces))], ends[-1] - LONGEST
