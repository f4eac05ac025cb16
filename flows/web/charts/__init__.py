"""Charts as inline SVG: each kind is a function from a frame to marks that flows/web/templates/chart.svg.j2 draws."""

from copydesk.flows.web.charts.bars import bars, stacked_bars
from copydesk.flows.web.charts.columns import columns, histogram, over_time
from copydesk.flows.web.charts.grids import grid, heat_map
from copydesk.flows.web.charts.marks import Chart
from copydesk.flows.web.charts.timeline import timeline

__all__ = [
    "Chart",
    "bars",
    "columns",
    "grid",
    "heat_map",
    "histogram",
    "over_time",
    "stacked_bars",
    "timeline",
]
