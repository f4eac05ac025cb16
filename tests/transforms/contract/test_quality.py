"""The figures of sources: what the stages measure is, taken together, one row of this schema."""

from datetime import UTC, datetime

import polars as pl

from copydesk.transforms.contract import SOURCE_RUNS, conform, empty
from copydesk.transforms.quality.source_measures import (
    clean_sources,
    dedupe_sources,
    ingest_sources,
    tag_sources,
)

NOW = datetime(2026, 3, 4, tzinfo=UTC)


def test_the_figures_of_all_stages_are_a_row_of_the_schema():
    history = empty(SOURCE_RUNS).with_columns(at=pl.lit(None, pl.Datetime("us", "UTC")))
    measures = pl.DataFrame(
        {
            "source": ["post"], "n_words": [90], "kept_share": [0.5], "has_title": [True], "stamp": [NOW],
            "lost_per_1000": [0.0], "lang": ["en"], "mentions_per_100_words": [2.5],
        }
    )  # fmt: skip
    stages = [
        ingest_sources(pl.DataFrame({"source": ["post"], "is_known": [False]}), history, NOW),
        clean_sources(measures, history),
        dedupe_sources(pl.DataFrame({"source": ["post"], "is_copy": [False]})).drop("all_copied_share"),
        tag_sources(measures),
    ]
    figures = [name for stage in stages for name in stage.columns if name != "source"]
    assert len(figures) == len(set(figures)), "two stages measure the same"
    assert {"source", *figures, "flagged"} == set(SOURCE_RUNS)
    row = pl.concat(stages, how="align").with_columns(flagged=pl.lit(["too_few"]))
    assert conform(row, SOURCE_RUNS).row(0, named=True) == {
        "source": "post", "n_read": 1, "n_known": 0, "n_new": 1, "hours_since_new": None, "n_documents": 1,
        "median_words": 90.0, "median_kept": 0.5, "titled_share": 1.0, "dated_share": 1.0, "damaged_share": 0.0,
        "lang": "en", "lang_share": 1.0, "copied_share": 0.0, "mentions_per_100_words": 2.5, "flagged": ["too_few"],
    }  # fmt: skip
