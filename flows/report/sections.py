"""What the report shows: each section with the SQL that made it, and how it is drawn."""

from functools import partial

from copydesk.flows.report.section import Chapter, Section
from copydesk.flows.web.charts.bars import bars, stacked_bars
from copydesk.flows.web.charts.columns import columns, histogram, over_time
from copydesk.flows.web.charts.grids import grid, heat_map
from copydesk.flows.web.charts.timeline import timeline

_RUN = Chapter(
    "The latest run",
    (
        Section(
            "The funnel",
            "What happened to the records that were read.",
            "funnel",
            partial(bars, label="became", value="records", unit="records"),
        ),
        Section(
            "Speed of each stage",
            "Seconds from the start of a stage to the end of its gate.",
            "stage_seconds",
            partial(bars, label="stage", value="seconds", unit="seconds"),
        ),
        Section(
            "Sources",
            "Each outlet in this run; `flagged` lists the expectations that it failed.",
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
            "One row per expectation, one column per run; expectations that every run met are left out.",
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
            "Up to twenty documents or sources for each expectation, with the observed value.",
            "failed_rows_of_run",
            wide=True,
        ),
        Section(
            "Gates by run",
            "The latest thirty runs, with the results of each gate.",
            "gates_by_run",
            wide=True,
        ),
        Section(
            "Expectations that earlier runs failed",
            "In the twenty-nine runs before the latest; the table quality_failures has the documents.",
            "failed_before",
            wide=True,
        ),
        Section(
            "Quarantine",
            "Rejected records, newest first, with the expectation that each failed.",
            "quarantine",
            wide=True,
        ),
    ),
)
_REMOVED = Chapter(
    "Edits",
    (
        Section(
            "Characters by rule",
            "In the latest run that loaded something. Nothing is deleted: the raw text keeps all characters.",
            "characters_by_rule",
            partial(bars, label="rule", value="characters", unit="characters"),
        ),
        Section(
            "Share of characters kept",
            "Documents by the share of their raw text that is in the clean text.",
            "kept_shares",
            partial(
                histogram, start="percent_kept", value="documents", step=5, unit="documents by percent kept"
            ),
        ),
        Section(
            "Rules",
            "In the same run: edits per rule, mean score, and an example.",
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
            "Articles of the fifteen largest outlets, by language.",
            "languages",
            partial(stacked_bars, label="source", value="articles", part="language", unit="articles"),
        ),
        Section(
            "Length",
            "Documents by number of words; each bin is twice as wide as the one before.",
            "lengths",
            partial(
                histogram, start="words_from", value="documents", step="double", unit="documents by words"
            ),
        ),
        Section(
            "Duplicates over time",
            "Merged records by run; a record that a later run decided again counts in that run.",
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
            "By day of publication, or of the file if it is unknown; the latest sixty days with articles.",
            "articles_over_days",
            partial(over_time, when="day", value="articles", unit="articles"),
        ),
        Section(
            "Merged",
            "The latest hundred, with scores and the canonical article that readers see instead.",
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
            "The ten stories of the last day with the most outlets; one dot per report in that week.",
            "stories_of_day",
            partial(timeline, when="time", lane="story", colour="source", unit="reports"),
            wide=True,
        ),
        Section(
            "Latest stories",
            "Events that several articles report, latest first.",
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
            "Entities by number of documents.",
            "most_named",
            partial(bars, label="name", value="documents", colour="label", unit="documents"),
        ),
        Section(
            "Rising",
            "Entities named at least twice as often in the last seven days as in the four weeks before.",
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
            "Names resolved to one entity",
            "Entities with several spellings; in brackets how each was resolved.",
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
