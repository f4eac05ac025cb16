"""What tests ask of any chart: its marks by kind, and that all of them are within the drawing."""

import math
from itertools import pairwise

from copydesk.flows.web.charts.marks import Box, Chart, Dot, Line, Text
from copydesk.flows.web.charts.scales import text_width


def boxes(chart: Chart) -> list[Box]:
    """The boxes that tell a value: those of the colour key have no title."""
    return [mark for mark in chart.marks if isinstance(mark, Box) and mark.title]


def dots(chart: Chart) -> list[Dot]:
    return [mark for mark in chart.marks if isinstance(mark, Dot)]


def lines(chart: Chart, *, strong: bool = False) -> list[Line]:
    return [mark for mark in chart.marks if isinstance(mark, Line) and mark.strong == strong]


def texts(chart: Chart) -> list[str]:
    return [mark.text for mark in chart.marks if isinstance(mark, Text)]


def key(chart: Chart) -> dict[str, str]:
    """The colour key: a name and its colour."""
    return {
        text.text: box.colour
        for box, text in pairwise(chart.marks)
        if isinstance(box, Box) and not box.title and isinstance(text, Text)
    }


def outside(chart: Chart) -> list[object]:
    """Return the marks that are not whole within the drawing, or are no numbers."""
    return [mark for mark in chart.marks if not _is_inside(mark, chart)]


def _is_inside(mark: object, chart: Chart) -> bool:
    if isinstance(mark, Box):
        assert mark.width >= 0
        assert mark.height >= 0
        xs, ys = (mark.x, mark.x + mark.width), (mark.y, mark.y + mark.height)
    elif isinstance(mark, Dot):
        xs, ys = (mark.x - mark.radius, mark.x + mark.radius), (mark.y - mark.radius, mark.y + mark.radius)
    elif isinstance(mark, Line):
        xs, ys = (mark.x1, mark.x2), (mark.y1, mark.y2)
    else:
        assert isinstance(mark, Text)
        width = text_width(mark.text)
        left = {"start": mark.x, "middle": mark.x - width / 2, "end": mark.x - width}[mark.anchor]
        if mark.turn:  # upwards by 45 degrees
            xs, ys = (mark.x, mark.x + 0.71 * width), (mark.y - 0.71 * width, mark.y)
        else:
            xs, ys = (left, left + width), (mark.y, mark.y)
    slack = 0.01
    return (
        all(map(math.isfinite, (*xs, *ys)))
        and -slack <= min(xs)
        and max(xs) <= chart.width + slack
        and -slack <= min(ys)
        and max(ys) <= chart.height + slack
    )
