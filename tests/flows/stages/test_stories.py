"""Stories over runs: ids survive, splits and merges leave a trail, duplicates go with their canonical document."""

import os
import shutil
from pathlib import Path

import polars as pl
import pytest

from copydesk.flows.stages.stories import list_changes
from tests.conftest import ARTICLES, load, rows, tamper

pytestmark = pytest.mark.usefixtures("stub_tagger", "open_gates")

STORIES = "SELECT story_id, doc_id FROM story_documents ORDER BY ALL"
GRAIN = "SELECT s.label, s.n_documents, s.n_sources FROM stories AS s WHERE n_documents > 1"


def test_the_samples_have_one_story_of_three_outlets(sample_home: Path) -> None:
    assert rows(sample_home, GRAIN) == [("Ukraine signs ten-year grain deal with port of Selwick", 3, 3)]
    assert rows(sample_home, "SELECT count(*) FROM articles WHERE story_id IS NULL") == [(0,)]
    # The rail strike stands in two outlets, word for word: one article, two sources.
    assert rows(sample_home, "SELECT n_documents, n_sources FROM stories WHERE label LIKE 'Rail union%'") == [
        (1, 2)
    ]


@pytest.mark.nightly
def test_runs_in_parts_come_to_the_same_stories(sample_home: Path, home: Path) -> None:
    for outlet in sorted(ARTICLES.iterdir(), reverse=True):
        load(home, outlet)
    groups = "SELECT list(doc_id ORDER BY doc_id) FROM story_documents GROUP BY story_id ORDER BY 1"
    assert rows(home, groups) == rows(sample_home, groups)


def test_what_leaves_a_story_is_written_down() -> None:
    known = pl.DataFrame({"doc_id": ["a", "b", "c", "d"], "story_id": ["x", "y", "z", "z"]})
    linked = pl.DataFrame({"doc_id": ["a", "b", "c", "new"], "story_id": ["x", "x", "new", "x"]})
    gone = pl.DataFrame({"doc_id": ["e"], "story_id": ["x"]})
    assert list_changes(known, linked, gone).rows() == [
        ("b", "y", "x", "merge"),
        ("c", "z", "new", "split"),
        ("e", "x", None, "duplicate"),
    ]


def test_articles_of_an_old_warehouse_get_stories(sample_home: Path, home: Path) -> None:
    shutil.copytree(sample_home, home)
    tamper(home, "DELETE FROM story_documents; DELETE FROM stories; DELETE FROM story_terms")
    (home.parent / "new.txt").write_text(
        "A walker found a purse on the north quay on Sunday morning and handed it to the clerk, who said that nobody "
        "had asked for it so far and that it would be kept for a year and a day in the office by the tide gate."
    )
    load(home, home.parent / "new.txt")
    assert rows(home, GRAIN) == rows(sample_home, GRAIN)
    assert rows(home, "SELECT count(*) FROM articles WHERE story_id IS NULL") == [(0,)]


def test_a_merged_article_hands_its_story_to_its_canonical_document(home: Path, tmp_path: Path) -> None:
    text = (ARTICLES / "metro-wire" / "selwick-grain-deal-signed.txt").read_text(encoding="utf-8")
    (tmp_path / "short.txt").write_text(text, encoding="utf-8")
    load(home, tmp_path / "short.txt")
    ((story, short),) = rows(home, STORIES)
    (tmp_path / "long.txt").write_text(
        text
        + "\n\nThe port's clerk added that the quay would be swept twice a day while lorries came and went.\n",
        encoding="utf-8",
    )
    load(home, tmp_path / "long.txt")
    ((kept, long),) = rows(home, STORIES)
    assert rows(home, "SELECT doc_id, canonical_doc_id FROM duplicates") == [(short, long)]
    assert kept == story
    assert rows(home, "SELECT doc_id, new_story_id, kind FROM story_changes") == [(short, None, "duplicate")]


def test_a_story_is_called_by_a_headline_where_any_of_its_articles_has_one(
    home: Path, tmp_path: Path
) -> None:
    central = "selwick-grain-deal-signed.txt"
    samples = shutil.copytree(ARTICLES, tmp_path / "samples")
    for path in samples.rglob("*.txt"):
        if path.name in {central, "grain-contract-analysis.txt", "brass-band-waits-for-grain-men.txt"}:
            text = path.read_text(encoding="utf-8")
            (tmp_path / path.name).write_text(text.split("\n", 1)[1] if path.name == central else text)
    for path in tmp_path.rglob("*.txt"):  # articles without a date come with their files' (4 March 2026)
        os.utime(path, (1_772_600_000, 1_772_600_000))
    load(home, tmp_path / "*.txt")
    tamper(
        home, f"UPDATE documents SET title = NULL WHERE uri LIKE '%{central}'"
    )  # whatever was taken for one
    load(home, samples)  # the story meets its articles again, and is written anew
    ((label,),) = rows(home, "SELECT label FROM stories WHERE n_documents > 1")
    assert label.startswith("Who Carries the Risk in Selwick")


def test_a_story_without_a_headline_is_called_by_whole_words(home: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "a walker found a purse on the north quay on Sunday morning and handed it to the clerk, who said that nobody "
        "had asked for it so far and that it would be kept for a year and a day in the office by the tide gate.\n"
    )
    load(home, tmp_path / "a.txt")
    assert rows(home, "SELECT title FROM documents") == [(None,)]
    assert rows(home, "SELECT label FROM stories") == [
        ("a walker found a purse on the north quay on Sunday morning and handed it to the…",)
    ]
