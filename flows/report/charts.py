"""Charts of the report: Altair specifications, drawn as SVG that takes its colours from the page's stylesheet.

A picture that is drawn beforehand needs no script in the page, prints, and can be read out; the values stand in the
marks' titles. Colours are placeholders here and become the variables of flows/web/templates/page.css.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    import altair as alt

type Draw = Callable[[pl.DataFrame], "alt.Chart"]

#: Placeholder, and what it stands for; none of them is a colour of Vega's own.
_COLOURS = {
    "#010203": "--ink",
    "#010204": "--soft",
    "#010205": "--rule",
    "#010206": "--good",
    "#010207": "--bad",
    "#010208": "--one",
    "#010209": "--two",
    "#01020a": "--three",
    "#01020b": "--four",
    "#01020c": "--five",
    "#01020d": "--card",
}
_NAMED = {name.removeprefix("--"): colour for colour, name in _COLOURS.items()}
SERIES = [_NAMED[name] for name in ("one", "two", "three", "four", "five", "soft")]
#: Pixels: with labels as wide as one of the page's two columns on a desk, or as both; a phone scrolls.
_WIDTH, _WIDE, _ROW = 330, 640, 20
_WORDS = 34  # characters of a label on an axis


def to_svg(chart: "alt.Chart") -> str:
    """Draw a chart as an SVG element whose marks tell their values in titles."""
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(chart.configure(**_config()).to_dict())
    svg = re.sub(r'<rect width="\d+" height="\d+" fill="transparent"/>', "", svg, count=1)
    svg = re.sub(r'( width="[\d.]+") height="[\d.]+"( viewBox)', r"\1\2", svg, count=1)
    for colour, name in _COLOURS.items():
        svg = svg.replace(colour, f"var({name})")
    return re.sub(
        r'<(path|line|text)( aria-label="([^"]*)" role="graphics-symbol"[^>]*?)/>',
        r"<\1\2><title>\3</title></\1>",
        svg,
    )


def bars(
    label: str,
    value: str,
    colour: str | None = None,
    order: list[str] | None = None,
    **scale: Any,
) -> Draw:
    """Return a maker of horizontal bars: one a `label`, as long as `value`, stacked by `colour` where it is given."""

    def draw(frame: pl.DataFrame) -> "alt.Chart":
        import altair as alt

        encoded: dict[str, Any] = {
            "y": alt.Y(f"{label}:N", title=None, sort=None),
            "x": alt.X(
                f"{value}:Q", title=_said(value), axis=alt.Axis(tickCount=5), scale=alt.Scale(**scale)
            ),
        }
        if colour is not None:
            encoded["color"] = _series(colour, order)
        chart = alt.Chart(_short(frame, label)).mark_bar(color=_NAMED["one"], height=13).encode(**encoded)
        return chart.properties(width=_WIDTH, height=_ROW * max(frame[label].n_unique(), 1))

    return draw


def columns(when: str, value: str, colour: str | None = None, order: list[str] | None = None) -> Draw:
    """Return a maker of upright bars over ordered categories, stacked by `colour` where it is given."""

    def draw(frame: pl.DataFrame) -> "alt.Chart":
        import altair as alt

        encoded: dict[str, Any] = {
            "x": alt.X(
                f"{when}:O", title=_said(when), sort=None, axis=alt.Axis(labelAngle=-45, labelOverlap=True)
            ),
            "y": alt.Y(f"{value}:Q", title=_said(value), axis=_counted(frame[value])),
        }
        if colour is not None:
            encoded["color"] = _series(colour, order)
        chart = alt.Chart(frame).mark_bar(color=_NAMED["one"]).encode(**encoded)
        return chart.properties(width=min(_WIDTH, 60 * max(frame[when].n_unique(), 2)), height=180)

    return draw


def grid(across: str, down: str, value: str, *, colours: dict[str, str] | None = None) -> Draw:
    """Return a maker of a grid of cells: by `colours` of the values, else the darker the higher the number."""

    def draw(frame: pl.DataFrame) -> "alt.Chart":
        import altair as alt

        frame = _short(_short(frame, down), across)
        rows = frame[down].unique(maintain_order=True).to_list()
        is_square = set(rows) == set(frame[across])
        x = alt.X(
            f"{across}:O",
            title=None,
            sort=rows if is_square else None,
            axis=alt.Axis(labelAngle=-50, labelLimit=130, orient="top", grid=False),
        )
        y = alt.Y(f"{down}:N", title=None, sort=None, axis=alt.Axis(grid=False))
        chart = alt.Chart(frame).mark_rect(color=_NAMED["one"], stroke=_NAMED["card"], strokeWidth=1.5)
        if colours is None:
            most = frame[value].max() or 1
            shade = alt.Opacity(
                f"{value}:Q", legend=None, scale=alt.Scale(type="sqrt", domain=[0, most], range=[0.06, 1])
            )
            chart = chart.encode(x=x, y=y, opacity=shade)
        else:
            ranges = [_NAMED[name] for name in colours.values()]
            chart = chart.encode(x=x, y=y, color=_coloured(value, list(colours), ranges))
        cell = min(28, _WIDE // max(frame[across].n_unique(), 1))
        size = {"width": cell * frame[across].n_unique(), "height": 18 * frame[down].n_unique()}
        return chart.properties(**size)

    return draw


def timeline(when: str, lane: str, colour: str) -> Draw:
    """Return a maker of lanes with a dot for each report, coloured by its source."""

    def draw(frame: pl.DataFrame) -> "alt.Chart":
        import altair as alt

        names = frame[colour].value_counts(sort=True)[colour].to_list()
        shown = names if len(names) <= 6 else [*names[:5], "others"]
        frame = frame.with_columns(
            pl.when(pl.col(colour).is_in(shown)).then(colour).otherwise(pl.lit("others")).alias(colour)
        )
        chart = alt.Chart(_short(frame, lane, 52)).mark_circle(size=90, opacity=0.85, stroke=_NAMED["card"])
        encoded = chart.encode(
            x=alt.X(
                f"{when}:T", title=None, axis=alt.Axis(tickCount=6, format="%e %b %H:%M", labelOverlap=True)
            ),
            y=alt.Y(f"{lane}:N", title=None, sort=None, axis=alt.Axis(grid=True)),
            color=_coloured(colour, shown, SERIES),
        )
        return encoded.properties(width=_WIDE, height=26 * max(frame[lane].n_unique(), 1))

    return draw


def _counted(values: pl.Series) -> Any:
    import altair as alt

    whole = {"format": "~s", "tickMinStep": 1} if values.dtype.is_integer() else {}
    return alt.Axis(tickCount=5, **whole)


def _series(name: str, order: list[str] | None) -> Any:
    import altair as alt

    if order is not None:
        return _coloured(name, order, SERIES)
    return alt.Color(f"{name}:N", title=None, sort=None, scale=alt.Scale(range=SERIES))


def _coloured(name: str, values: list[str], colours: list[str]) -> Any:
    import altair as alt

    scale = alt.Scale(domain=values, range=colours[: len(values)])
    return alt.Color(f"{name}:N", title=None, sort=None, scale=scale)


def _short(frame: pl.DataFrame, column: str, room: int = _WORDS) -> pl.DataFrame:
    """Cut labels to what an axis has room for; those that are the same then stay apart by what they end in."""
    text = pl.col(column).cast(pl.String).fill_null("unknown")
    middle = room - 8
    short = (
        pl.when(text.str.len_chars() <= room)
        .then(text)
        .otherwise(pl.format("{}…{}", text.str.head(middle), text.str.tail(6)))
    )
    return frame.with_columns(short.alias(column))


def _said(column: str) -> str:
    return column.replace("_", " ").removeprefix("n ")


def _config() -> dict[str, Any]:
    ink, soft, rule = _NAMED["ink"], _NAMED["soft"], _NAMED["rule"]
    words = {
        "labelColor": ink,
        "titleColor": soft,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    }
    return {
        "background": "transparent",
        "font": "Arial, Liberation Sans, Helvetica, sans-serif",
        "padding": {"left": 14, "right": 8, "top": 4, "bottom": 4},
        "view": {"stroke": None},
        "axis": {**words, "gridColor": rule, "domainColor": rule, "tickColor": rule, "labelLimit": 340},
        "axisY": {"grid": True},
        "legend": {**words, "orient": "bottom", "columns": 4, "symbolType": "circle"},
    }
