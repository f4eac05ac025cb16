"""What the report shows: each section with the SQL that made it, and how it is drawn."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import polars as pl

from copydesk.flows.web.charts.bars import bars, stacked_bars
from copydesk.flows.web.charts.columns import columns, histogram, over_time
from copydesk.flows.web.charts.grids import grid, heat_map
from copydesk.flows.web.charts.marks import Chart
from copydesk.flows.web.charts.timeline import timeline
from copydesk.warehouse.schema import HERE

type Draw = Callable[[pl.DataFrame], Chart]

#: One SQL file a section.
FOLDER = HERE / "queries" / "report"


@dataclass(frozen=True)
class Section:
    """One section: its heading, what it says, the name of its SQL, and how it is drawn (`draw` None: as a table).

    `wide` sections take the whole width; a column doc_id in the rows becomes a link to that document's proof sheet.
    """

    title: str
    about: str
    name: str
    draw: Draw | None = None
    wide: bool = False

    @property
    def sql(self) -> str:
        """The query that made it: a file of warehouse/report."""
        return (FOLDER / f"{self.name}.sql").read_text(encoding="utf-8").strip()


@dataclass(frozen=True)
class Chapter:
    """Sections under one heading, which the contents of the page name."""

    title: str
    sections: tuple[Section, ...]


_RUN = Chapter(
    "The latest run",
    (
        Section(
            "The funnel",
            "What became of the records that it read.",
            "funnel",
            partial(bars, label="became", value="records", unit="records"),
        ),
        Section(
            "Speed of each stage",
            "Seconds from start to end of a stage and its gate.",
            "stage_seconds",
            partial(bars, label="stage", value="seconds", unit="seconds"),
        ),
        Section(
            "Sources",
            "Each outlet in this run; `flagged` names what it did not meet.",
            "sources_of_run",
            wide=True,
        ),
    ),
)
_GATES = Chapter(
    "Gates",
    (
        Section(
            "Gates over the latest runs",
            "An expectation a row, a run a column; those that every run met are left out.",
            "gates_over_runs",
            partial(
                grid,
                across="run",
                down="expectation",
                value="result",
                colours={"met": "rule", "notice": "one", "warning": "two", "critical": "bad"},
            ),
            wide=True,
        ),
        Section(
            "Gates of the latest run",
            "A notice is only shown, a warning sends rows to quarantine, a critical one stops the run. "
            "Great Expectations' JSON results are beside this page, in expectations/RUN/STAGE.json.",
            "gates_of_run",
            wide=True,
        ),
        Section(
            "What failed in the latest run",
            "Up to twenty documents or sources for each expectation, with what was seen.",
            "failed_rows_of_run",
            wide=True,
        ),
        Section(
            "Gates by run",
            "The latest thirty runs: what each gate found.",
            "gates_by_run",
            wide=True,
        ),
        Section(
            "Gates that earlier runs failed",
            "Of the twenty-nine runs before the latest; quality_failures has their documents.",
            "failed_before",
            wide=True,
        ),
        Section(
            "Quarantine",
            "Rejected records, the newest first, each with the expectation that it failed.",
            "quarantine",
            wide=True,
        ),
    ),
)
_REMOVED = Chapter(
    "What was marked in the texts",
    (
        Section(
            "Characters by rule",
            "Of the latest run that loaded something. Nothing is deleted: the raw text keeps every one.",
            "characters_by_rule",
            partial(bars, label="rule", value="characters", unit="characters"),
        ),
        Section(
            "Share of characters kept",
            "Documents by how much of their raw text is in their article.",
            "kept_shares",
            partial(
                histogram, start="percent_kept", value="documents", step=5, unit="documents by percent kept"
            ),
        ),
        Section(
            "Rules",
            "The same run: how often each rule marked, how sure it was, and an example.",
            "rules",
            wide=True,
        ),
    ),
)
_ARTICLES = Chapter(
    "Articles",
    (
        Section(
            "Sources and languages",
            "Documents that were merged into no other, the fifteen largest outlets.",
            "languages",
            partial(stacked_bars, label="source", value="articles", part="language", unit="articles"),
        ),
        Section(
            "Length",
            "Documents by words, each column twice as long as the one before.",
            "lengths",
            partial(
                histogram, start="words_from", value="documents", step="double", unit="documents by words"
            ),
        ),
        Section(
            "Duplicates over time",
            "Records merged into others, by run; a row that a later run decided anew counts there.",
            "duplicates_over_runs",
            partial(
                columns,
                label="run",
                value="merged",
                part="kind",
                colours={"exact": "one", "near": "two", "contained": "three"},
                unit="merged",
            ),
        ),
        Section(
            "Articles over time",
            "By day of publication, else of the file; the latest sixty days that have any.",
            "articles_over_days",
            partial(over_time, when="day", value="articles", unit="articles"),
        ),
        Section(
            "Merged",
            "The latest hundred: each with its scores and the article that readers see instead.",
            "merged",
            wide=True,
        ),
    ),
)
_STORIES = Chapter(
    "Stories",
    (
        Section(
            "Stories of the day",
            "The ten stories with most outlets among those that ran on the last day; a dot is a report of that week.",
            "stories_of_day",
            partial(timeline, when="time", lane="story", colour="source", unit="reports"),
            wide=True,
        ),
        Section(
            "Latest stories",
            "Events that several articles report.",
            "stories",
            wide=True,
        ),
    ),
)
_NAMES = Chapter(
    "Names",
    (
        Section(
            "Most named",
            "By documents that name them.",
            "most_named",
            partial(bars, label="name", value="documents", colour="label", unit="documents"),
        ),
        Section(
            "Rising",
            "Named at least twice as often in the last seven days as in the four weeks before.",
            "rising",
        ),
        Section(
            "Who is named together",
            "Documents that name both, among the sixteen most named: the stronger the colour, the more.",
            "named_together",
            partial(
                heat_map, across="with_whom", down="name", value="documents", unit="documents that name both"
            ),
            wide=True,
        ),
        Section(
            "Names told to be one",
            "Entities with several spellings; in brackets how a spelling was told.",
            "spellings",
            wide=True,
        ),
    ),
)
_RUNS = Chapter(
    "Runs",
    (
        Section(
            "Records by run",
            "What the latest thirty runs loaded, merged and rejected.",
            "records_over_runs",
            partial(
                columns,
                label="run",
                value="records",
                part="became",
                colours={"loaded": "one", "merged": "three", "quarantined": "bad"},
                unit="records",
            ),
        ),
        Section(
            "Runs",
            "The latest fifty.",
            "runs",
            wide=True,
        ),
    ),
)
CHAPTERS = (_RUN, _GATES, _REMOVED, _ARTICLES, _STORIES, _NAMES, _RUNS)
