"""`copydesk.dedupe` and `copydesk.find_stories`: which documents say the same, and which report the same event."""

import polars as pl

from copydesk.flows.api.frames import Frame, read_documents, replace_keys
from copydesk.transforms.contract import RAW, as_clean
from copydesk.transforms.dedupe.in_memory import find_duplicates
from copydesk.transforms.stories.clustering import assign_stories
from copydesk.transforms.stories.terms import compute_terms
from copydesk.transforms.text.language import detect_language
from copydesk.transforms.text.words import WORD


def dedupe(
    frame: Frame, text: str = "text", id: str | None = None, published_at: str | None = None
) -> pl.DataFrame:
    """Find the documents of `frame` that are copies of others; return one row per duplicate.

    `frame` is what :func:`clean` takes, best its `documents`. The other arguments name its columns: `text` (null: a
    duplicate of nothing), `id` (unique) and `published_at` (dates or times). Where they are not named, `doc_id` and
    `published_at` are taken if the frame has them; without an id, documents are known by their row's number.

    The rows have doc_id, canonical_doc_id (the document to keep: the one of most words, then the earliest published,
    then the one of the smallest id), kind (exact: the same words; near; contained: the canonical document holds it),
    similarity (Jaccard coefficient of the shingles) and containment (the share of its shingles that the canonical
    document has), sorted by doc_id. Raises as :func:`clean` does.
    """
    documents, ids = read_documents(frame, text=text, id=id, published_at=published_at)
    found = find_duplicates(as_clean(documents.with_columns(n_words=pl.col("text").str.count_matches(WORD))))
    found = found.select("doc_id", "canonical_doc_id", "kind", "similarity", "containment")
    return replace_keys(found, ids, "doc_id", "canonical_doc_id")


def find_stories(
    frame: Frame,
    text: str = "text",
    id: str | None = None,
    title: str | None = None,
    published_at: str | None = None,
    lang: str | None = None,
) -> pl.DataFrame:
    """Group the documents of `frame` into stories: reports of the same event in different words.

    `frame` is what :func:`clean` takes, best its `documents` without those that :func:`dedupe` names. The other
    arguments name its columns: `text`, `id`, `title`, `published_at` (reports more than 14 days apart are of two
    events) and `lang` (ISO 639-1; detected if there is none). Where they are not named, `doc_id` and the columns of
    these names are taken if the frame has them.

    The rows, one per document with a text, in the frame's order, have doc_id, story_id (the id of the story's first
    document) and score (the mean similarity to the story's others, 1 for one that is alone). Raises as :func:`clean`
    does.
    """
    documents, ids = read_documents(
        frame, text=text, id=id, title=title, published_at=published_at, lang=lang
    )
    if "lang" not in documents.columns:
        documents = documents.with_columns(detect_language(documents["text"])["lang"])
    documents = as_clean(documents)
    window = compute_terms(documents).join(documents.select("doc_id", "published_at"), on="doc_id")
    window = window.with_columns(fetched_at=pl.lit(None, RAW["fetched_at"]), story_id=pl.lit(None, pl.String))
    found = assign_stories(window, window["doc_id"]).select("doc_id", "story_id", "score")
    found = documents.select("doc_id").join(found, on="doc_id", maintain_order="left")
    return replace_keys(found, ids, "doc_id", "story_id")
