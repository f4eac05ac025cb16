"""Stories in the browser: outlets, articles and changes of a story."""

from pathlib import Path

import duckdb
import pytest

from copydesk.warehouse.queries import browse_events
from copydesk.warehouse.schema import connect, migrate


def test_a_storys_outlets_are_as_many_as_the_story_says(sample: duckdb.DuckDBPyConnection) -> None:
    _, every = browse_events.stories(sample, alone=True, limit=1000)
    for row in every.iter_rows(named=True):
        frames = browse_events.story(sample, row["story_id"])
        assert len(frames["sources"]) == row["n_sources"], row
        assert frames["sources"]["n_documents"].sum() == len(frames["articles"]) == row["n_documents"]
        assert frames["articles"]["n_duplicates"].sum() == frames["sources"]["n_copies"].sum()
    alone, _ = browse_events.stories(sample, limit=1)
    assert alone == (every["n_documents"] > 1).sum()


def test_the_id_of_a_story_that_is_no_more_leads_to_the_one_it_was_merged_into(tmp_path: Path) -> None:
    with connect(tmp_path / "w.duckdb") as warehouse:
        migrate(warehouse)
        warehouse.execute(
            "INSERT INTO stories VALUES ('new', 'New', NULL, NULL, 1, 1);"
            "INSERT INTO story_changes VALUES ('r', 'd', 'old', 'new', 'merge'), ('r', 'd', 'other', 'new', 'split')"
        )
        assert browse_events.moved_to(warehouse, "old") == "new"
        assert browse_events.moved_to(warehouse, "other") is None
        assert [frame.rows() for frame in browse_events.story(warehouse, "nope").values()] == [[], [], [], []]


@pytest.mark.parametrize("order", browse_events.ORDERS)
def test_a_list_of_stories_is_cut_into_pages_without_loss(
    sample: duckdb.DuckDBPyConnection, order: str
) -> None:
    n, whole = browse_events.stories(sample, order=order, alone=True, limit=1000)
    parts = [
        browse_events.stories(sample, order=order, alone=True, limit=3, offset=at)[1] for at in range(0, n, 3)
    ]
    assert [key for part in parts for key in part["story_id"]] == whole["story_id"].to_list()
    assert sorted(whole["story_id"]) == sorted(
        row[0] for row in sample.sql("SELECT story_id FROM stories").fetchall()
    )
    by = {"latest": "last_at", "largest": "n_documents"}[order]
    assert whole[by].to_list() == sorted(whole[by], reverse=True)


def test_an_order_that_is_none_raises(sample: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(KeyError):
        browse_events.stories(sample, order="by chance", limit=1)
