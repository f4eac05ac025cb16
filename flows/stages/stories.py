"""The stories part of the tag stage: terms of articles per batch, then stories of the window."""

import duckdb
import polars as pl

from copydesk.flows.io.warehouse import reading
from copydesk.flows.settings import Settings
from copydesk.flows.stages.clean import articles_of
from copydesk.flows.staging.folder import Staging
from copydesk.flows.staging.frames import REOPENED
from copydesk.transforms.contract import TERMS, conform
from copydesk.transforms.stories.clustering import assign_stories
from copydesk.transforms.stories.similarity import WINDOW
from copydesk.transforms.stories.terms import compute_terms
from copydesk.warehouse.queries import stories

_TIMES = ["doc_id", "published_at", "fetched_at"]


def describe_batch(settings: Settings, staging: Staging, number: str) -> None:
    """Stage the TERMS of the articles of one batch, with their times; of the batch REOPENED those of loaded documents
    that are articles now and in no story.
    """
    if number == REOPENED:
        decided, merged = (
            staging.read("dedupe", name, columns=["doc_id"])["doc_id"] for name in ("decided", "duplicates")
        )
        with reading(settings) as warehouse:
            without = stories.without_story(warehouse, decided, merged)
            documents = stories.documents_of(warehouse, without)
    else:
        raw = staging.read("ingest", "raw", number, columns=["doc_id", "fetched_at"])
        fetched = raw.group_by("doc_id").agg(pl.col("fetched_at").min())
        documents = articles_of(staging, number).join(fetched, on="doc_id", how="left")
    terms = compute_terms(documents).join(documents.select(_TIMES), on="doc_id")
    staging.write("tag", "terms", terms, number)


def link_stories(settings: Settings, staging: Staging) -> None:
    """Stage the STORY_DOCUMENTS that are new or changed, and story_changes: articles that left their story."""
    new = staging.read_all("tag", "terms")
    merged = staging.read("dedupe", "duplicates", columns=["doc_id", "canonical_doc_id"])
    with reading(settings) as warehouse:
        gone = stories.stories_of(warehouse, merged["doc_id"])
        known = _window(warehouse, new, gone)
    handed = merged.join(gone, on="doc_id").select(doc_id="canonical_doc_id", story_id="story_id")
    new = new.join(handed.unique("doc_id"), on="doc_id", how="left", maintain_order="left")
    linked = assign_stories(pl.concat([new.select(known.columns), known]), new["doc_id"])
    staging.write("tag", "story_documents", linked)
    staging.write("tag", "story_terms", conform(new, TERMS))
    staging.write("tag", "story_changes", list_changes(known, linked, gone))


def _window(warehouse: duckdb.DuckDBPyConnection, new: pl.DataFrame, gone: pl.DataFrame) -> pl.DataFrame:
    """Return the known articles that new ones may be compared with, with the columns that
    copydesk.transforms.stories.clustering.assign_stories takes.
    """
    found = stories.window(warehouse, new.select(_TIMES), WINDOW).join(gone, on="doc_id", how="anti")
    missing = found.filter(pl.col("terms").is_null())
    if not missing.is_empty():
        made = compute_terms(stories.documents_of(warehouse, missing["doc_id"]))
        found = found.update(made, on="doc_id")
    return found


def list_changes(known: pl.DataFrame, linked: pl.DataFrame, gone: pl.DataFrame) -> pl.DataFrame:
    """Return doc_id, old_story_id, new_story_id and kind of every article that left its story (`known`), because it was
    linked to others (`linked`) or merged into another document (`gone`).
    """
    before = known.select("doc_id", old_story_id="story_id")
    moved = before.join(linked.select("doc_id", new_story_id="story_id"), on="doc_id").filter(
        pl.col("old_story_id") != pl.col("new_story_id")
    )
    kept = before.join(moved, on="doc_id", how="anti")["old_story_id"]
    kind = (
        pl.when(pl.col("old_story_id").is_in(kept.implode())).then(pl.lit("split")).otherwise(pl.lit("merge"))
    )
    left = gone.select(
        "doc_id", old_story_id="story_id", new_story_id=pl.lit(None, pl.String), kind=pl.lit("duplicate")
    )
    return pl.concat([moved.with_columns(kind=kind).select(left.columns), left]).sort("doc_id")
