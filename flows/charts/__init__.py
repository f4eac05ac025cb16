"""Charts as inline SVG: each kind is a function from a frame to marks that flows/pages/chart.svg.j2 draws."""

from flows.charts.bars import bars, stacked_bars
from flows.charts.columns import columns, histogram, over_time
from flows.charts.grids import grid, heat_map
from flows.charts.marks import Chart
from flows.charts.timeline import timeline

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
