"""Lines, edits and clean documents."""

import polars as pl

from copydesk.transforms.contract.schema import UTC, Schema, conform, fill

#: One row: one segment of `raw_text`: a line with its line end. Segments tile the text.
LINES: Schema = {
    "doc_id": pl.String,
    "line": pl.Int64,
    "start": pl.Int64,
    "end": pl.Int64,
    "text": pl.String,
}


#: One row: one line of one document, for its source's template: `key` is a hash of the folded line, `prose_words` the
#: number of its words if it is a line of prose, else 0.
LINE_KEYS: Schema = {
    "doc_id": pl.String,
    "line": pl.Int64,
    "source": pl.String,
    "key": pl.UInt64,
    "prose_words": pl.Int64,
}


#: One row: one line of one source: the number of documents with it, and of those that are independent of each other.
SOURCE_LINES: Schema = {
    "source": pl.String,
    "key": pl.UInt64,
    "n_seen": pl.Int64,
    "n_documents": pl.Int64,
}


#: One row: one line of one document that `evidence` independent documents of its source have.
EVIDENCE: Schema = {
    "doc_id": pl.String,
    "line": pl.Int64,
    "evidence": pl.Int64,
}


#: One row: one edit of `raw_text`: the span [start, end) is `replacement` in the clean text. `evidence` is the number
#: of documents that support it, for rules that count them; :func:`as_edits` makes such frames.
EDITS: Schema = {
    "doc_id": pl.String,
    "start": pl.Int64,
    "end": pl.Int64,
    "rule": pl.String,
    "replacement": pl.String,
    "score": pl.Float64,
    "evidence": pl.Int64,
}


#: One row: one document after its edits. `kept_share` is the share of the raw text's
#: characters that no boilerplate rule removed; `credit` is the source that the text itself names. The three columns of
#: :func:`copydesk.transforms.clean.article_evidence.judge_articles` say whether there is an article, and all of it.
CLEAN: Schema = {
    "doc_id": pl.String,
    "source": pl.String,
    "title": pl.String,
    "byline": pl.String,
    "credit": pl.String,
    "published_at": UTC,
    "lang": pl.String,
    "lang_confidence": pl.Float64,
    "text": pl.String,
    "n_words": pl.Int64,
    "kept_share": pl.Float64,
    "article_score": pl.Float64,
    "is_listing": pl.Boolean,
    "is_truncated": pl.Boolean,
    "agency": pl.String,
    "dateline": pl.String,
    "published_from": pl.String,
    "url": pl.String,
    "site": pl.String,
}


def as_edits(frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` as EDITS; a missing column `evidence` is null. Raises what :func:`conform` raises."""
    if "evidence" not in frame.columns:
        frame = frame.with_columns(evidence=pl.lit(None, pl.Int64))
    return conform(frame, EDITS)


def as_clean(frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` (doc_id, text and any other columns of CLEAN) as CLEAN; the columns it lacks are null.

    Raises polars.exceptions.InvalidOperationError for a value that does not fit its column.
    """
    return fill(frame, CLEAN)
