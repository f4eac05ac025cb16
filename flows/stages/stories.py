"""The stories part of the tag stage: terms of articles per batch, then stories of the window."""

from typing import Any

import duckdb
import polars as pl

from copydesk.flows.io.warehouse import reading
from copydesk.flows.settings import Settings
from copydesk.flows.stages.clean import articles_of
from copydesk.flows.staging import Staging
from copydesk.transforms.contract import RAW, TERMS, conform
from copydesk.transforms.stories.clustering import assign_stories
from copydesk.transforms.stories.similarity import WINDOW
from copydesk.transforms.stories.terms import compute_terms
from copydesk.warehouse.queries import stories

_TIMES = ["doc_id", "published_at", "fetched_at"]


def describe_batch(settings: Settings, staging: Staging, number: str) -> dict[str, Any]:
    """Stage the TERMS of the articles of one batch, with their times; of batch `reopened` those of older documents that
    are articles now and in no story.
    """
    if number == "reopened":
        decided, merged = (staging.read("dedupe", name)["doc_id"] for name in ("decided", "duplicates"))
        with reading(settings) as warehouse:
            without = stories.without_story(warehouse, decided, merged)
            documents = stories.documents_of(warehouse, without)
    else:
        raw = staging.read("ingest", f"raw-{number}")
        fetched = raw.group_by("doc_id").agg(pl.col("fetched_at").min())
        documents = articles_of(staging, number).join(fetched, on="doc_id", how="left")
    terms = compute_terms(documents).join(documents.select(_TIMES), on="doc_id")
    staging.write("tag", f"terms-{number}", terms)
    return {"batch": number, "n_documents": len(documents)}


def link_stories(settings: Settings, staging: Staging) -> dict[str, Any]:
    """Stage the STORY_DOCUMENTS that are new or changed, and story_changes: articles that left their story."""
    new = staging.read_all("tag", "terms", TERMS | dict.fromkeys(_TIMES[1:], RAW["fetched_at"]))
    merged = staging.read("dedupe", "duplicates").select("doc_id", "canonical_doc_id")
    with reading(settings) as warehouse:
        gone = stories.stories_of(warehouse, merged["doc_id"])
        known = _window(warehouse, new, gone)
    handed = merged.join(gone, on="doc_id").select(doc_id="canonical_doc_id", story_id="story_id")
    new = new.join(handed.unique("doc_id"), on="doc_id", how="left", maintain_order="left")
    linked = assign_stories(pl.concat([new.select(known.columns), known]), new["doc_id"])
    staging.write("tag", "story_documents", linked)
    staging.write("tag", "story_terms", conform(new, TERMS))
    staging.write("tag", "story_changes", list_changes(known, linked, gone))
    return {"n_documents": len(linked), "n_stories": linked["story_id"].n_unique()}


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
