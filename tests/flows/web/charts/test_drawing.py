"""The template that draws a chart as SVG: well-formed, escaped, described in words, the same every time."""

from collections.abc import Callable
from datetime import UTC, datetime
from xml.etree import ElementTree

import polars as pl
import pytest

from copydesk.flows.web.charts import bars, columns, timeline
from copydesk.flows.web.charts.bars import stacked_bars
from copydesk.flows.web.charts.columns import histogram, over_time
from copydesk.flows.web.charts.grids import grid, heat_map
from copydesk.flows.web.charts.marks import Chart
from copydesk.flows.web.render import FOLDER, render

HOSTILE = "</text><script>alert(1)</script>\"&' \u202epier {{ 7 * 7 }}"
FRAME = pl.DataFrame(
    {
        "name": [HOSTILE, "plain", HOSTILE + " and a tail that is too long for any label"],
        "part": ["<b>", "en", "</svg>"],
        "n": [1, 2, 3],
        "at": [datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2, 3)],
    }
)
KINDS: dict[str, Callable[[pl.DataFrame], Chart]] = {
    "bars": lambda f: bars(f, label="name", value="n", colour="part", unit="<n>"),
    "stacked bars": lambda f: stacked_bars(f, label="name", value="n", part="part", unit="n"),
    "columns": lambda f: columns(f, label="name", value="n", part="part", unit="n"),
    "histogram": lambda f: histogram(f, start="n", value="n", step=1, unit="n"),
    "over time": lambda f: over_time(f, when="at", value="n", unit="n"),
    "grid": lambda f: grid(f, across="name", down="part", value="part", colours={"<b>": "one"}),
    "heat map": lambda f: heat_map(f, across="name", down="name", value="n", unit="n"),
    "timeline": lambda f: timeline(f, when="at", lane="name", colour="part", unit="n"),
}


def to_svg(chart: Chart, title: str = "A chart") -> str:
    return render("chart.svg.j2", chart=chart, title=title)


@pytest.fixture(params=KINDS)
def draw(request: pytest.FixtureRequest) -> Callable[[pl.DataFrame], Chart]:
    return KINDS[request.param]


def test_labels_and_titles_of_hostile_documents_stay_text(draw: Callable[[pl.DataFrame], Chart]) -> None:
    svg = to_svg(draw(FRAME), HOSTILE)
    root = ElementTree.fromstring(svg)
    assert {element.tag for element in root.iter()} <= {
        "svg",
        "title",
        "desc",
        "rect",
        "circle",
        "path",
        "text",
    }
    assert "<script" not in svg
    assert "7 * 7" in svg
    attributes = {name for element in root.iter() for name in element.attrib}
    assert not {name for name in attributes if name.startswith("on") or name in {"style", "href"}}


def test_hidden_characters_are_spelt_out(draw: Callable[[pl.DataFrame], Chart]) -> None:
    assert "\u202e" not in to_svg(draw(FRAME))


def test_it_is_an_image_with_a_name_and_a_description(draw: Callable[[pl.DataFrame], Chart]) -> None:
    chart = draw(FRAME)
    root = ElementTree.fromstring(to_svg(chart, "The funnel"))
    name, description = list(root)[:2]
    assert root.attrib["role"] == "img"
    assert (name.tag, name.text) == ("title", "The funnel")
    assert (description.tag, description.text) == ("desc", chart.about)
    assert chart.about != "No values."


def test_every_mark_has_its_value_and_every_colour_is_one_of_the_page(
    draw: Callable[[pl.DataFrame], Chart],
) -> None:
    svg = to_svg(draw(FRAME))
    root = ElementTree.fromstring(svg)
    css = (FOLDER / "page.css").read_text(encoding="utf-8")
    colours = {
        element.attrib[name]
        for element in root.iter()
        for name in ("fill", "stroke")
        if name in element.attrib
    }
    assert all(
        colour == "currentColor" or f"{colour.removeprefix('var(').removesuffix(')')}: #" in css
        for colour in colours
    )
    assert len(root.findall("./rect/title") + root.findall("./circle/title")) >= 3


def test_the_same_rows_give_the_same_drawing(draw: Callable[[pl.DataFrame], Chart]) -> None:
    assert to_svg(draw(FRAME)) == to_svg(draw(FRAME.clone()))


def test_a_label_that_is_cut_is_in_full_in_its_title() -> None:
    name = "a name that is much too long to be shown beside a bar of this chart"
    svg = to_svg(bars(pl.DataFrame({"l": [name], "n": [1]}), label="l", value="n", unit=""))
    (label,) = [text for text in ElementTree.fromstring(svg).iter("text") if text.find("title") is not None]
    title = label.find("title")
    assert title is not None
    assert title.text == name
    assert (title.tail or "").strip() != name


def test_an_empty_frame_is_drawn(draw: Callable[[pl.DataFrame], Chart]) -> None:
    assert ElementTree.fromstring(to_svg(draw(FRAME.head(0)))).find("desc").text == "No values."  # type: ignore[union-attr]
