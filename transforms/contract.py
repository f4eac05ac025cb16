"""The frames that flow through copydesk: their schemas, declared once.

A frame is named the same everywhere: here, in staged Parquet, in the warehouse, in its suite, in its test.
Offsets count Unicode code points of the column that they name. Every transform ends in :func:`conform`.
"""

import polars as pl

type Schema = dict[str, pl.DataType | type[pl.DataType]]

UTC = pl.Datetime("us", "UTC")

#: One row: one record as read. `doc_id` is the first 128 bits of the sha256 of the record's bytes, in hex.
#: `raw_text` is null where the bytes are no text; `fault` then says why and `payload` keeps the bytes.
RAW: Schema = {
    "doc_id": pl.String,
    "uri": pl.String,
    "record": pl.Int64,
    "source": pl.String,
    "media_type": pl.String,
    "charset": pl.String,
    "record_start": pl.Int64,
    "record_end": pl.Int64,
    "fetched_at": UTC,
    "title": pl.String,
    "published_at": UTC,
    "raw_text": pl.String,
    "fault": pl.String,
    "payload": pl.Binary,
}

#: One row: one segment of `raw_text`: a line with its line end. Segments tile the text.
LINES: Schema = {
    "doc_id": pl.String,
    "line": pl.Int64,
    "start": pl.Int64,
    "end": pl.Int64,
    "text": pl.String,
}

#: One row: one line of one document, as its source's template is looked for: `key` is a hash of the folded line,
#: `prose_words` its words where it is a line of prose, else 0.
LINE_KEYS: Schema = {
    "doc_id": pl.String,
    "line": pl.Int64,
    "source": pl.String,
    "key": pl.UInt64,
    "prose_words": pl.Int64,
}

#: One row: one line of one source: how many documents hold it, and how many of them are independent of each other.
SOURCE_LINES: Schema = {
    "source": pl.String,
    "key": pl.UInt64,
    "n_seen": pl.Int64,
    "n_documents": pl.Int64,
}

#: One row: one line of one document that `evidence` independent documents of its source hold.
EVIDENCE: Schema = {
    "doc_id": pl.String,
    "line": pl.Int64,
    "evidence": pl.Int64,
}

#: One row: one mark on `raw_text`: the span [start, end) reads `replacement` in the clean text. `evidence` is how many
#: documents prove it, for rules that count; make rows with :func:`as_edits`.
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
#: characters that no boilerplate rule removed; `credit` is the source that the text itself names.
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
    "agency": pl.String,
    "dateline": pl.String,
    "published_from": pl.String,
    "url": pl.String,
    "site": pl.String,
}

#: One row: one document as the choice of keepers looks at it. Documents of the same words in the same order share a
#: `text_key`; of `numbers`, a bit is set for each number in the text, by its hash.
INDEXED: Schema = {
    "doc_id": pl.String,
    "text_key": pl.UInt64,
    "n_words": pl.Int64,
    "published_at": UTC,
    "numbers": pl.UInt64,
}

#: One row: one document's entry in the near-duplicate index. `anchors` are hashes sampled from the text's shingles,
#: `n_sampled` is how many of them any text would keep.
SIGNATURES: Schema = INDEXED | {
    "n_sampled": pl.Int64,
    "anchors": pl.List(pl.UInt32),
}

#: One row: the words of one text in order, sentinels with them, as codes of four bytes each, lowest byte first.
CODES: Schema = {
    "text_key": pl.UInt64,
    "codes": pl.Binary,
}

#: One row: one anchor of one text. The texts that share an anchor are its bucket.
ANCHORS: Schema = {
    "text_key": pl.UInt64,
    "anchor": pl.UInt32,
    "n_sampled": pl.Int64,
}

#: One row: one pair of texts worth comparing, text_key < other_key.
CANDIDATES: Schema = {
    "text_key": pl.UInt64,
    "other_key": pl.UInt64,
}

#: One row: the verdict on one pair of texts: kind is near, contained, or null where they say other things. `similarity`
#: is the Jaccard coefficient of their shingles, `containment` the share of the one's that the other has.
PAIRS: Schema = {
    "kind": pl.String,
    "similarity": pl.Float64,
    "containment": pl.Float64,
    "other_containment": pl.Float64,
}

#: One row: one text that was merged into another, on which evidence. `similarity` is the Jaccard coefficient of their
#: shingles, `containment` the share of the text's own that its keeper has, `keeper_containment` the reverse.
MERGES: Schema = {
    "text_key": pl.UInt64,
    "canonical_key": pl.UInt64,
    "kind": pl.String,
    "similarity": pl.Float64,
    "containment": pl.Float64,
    "keeper_containment": pl.Float64,
}

#: One row: one text under its best document; the columns of MERGES are null where it is a keeper.
TEXTS: Schema = INDEXED | MERGES

#: One row: one document that was merged into another, which readers see instead.
DUPLICATES: Schema = {
    "doc_id": pl.String,
    "canonical_doc_id": pl.String,
    "kind": pl.String,
    "similarity": pl.Float64,
    "containment": pl.Float64,
    "keeper_containment": pl.Float64,
    "text_key": pl.UInt64,
    "canonical_key": pl.UInt64,
}

#: One row: the terms that a document is known by among reports of the same event, and their weights.
TERMS: Schema = {
    "doc_id": pl.String,
    "terms": pl.List(pl.UInt32),
    "weights": pl.List(pl.Float32),
}

#: One row: one document's story. `at` is the time that counts, and `at_from` says whether it is that of publication or,
#: where none is known, that of ingestion.
STORY_DOCUMENTS: Schema = {
    "story_id": pl.String,
    "doc_id": pl.String,
    "score": pl.Float64,
    "at": UTC,
    "at_from": pl.String,
    "published_at": UTC,
    "fetched_at": UTC,
}

#: One row: one entity mention in `text`. `kind` and `key` are its name: those of the longer name of its document that
#: it stands for, where there is one (`own_key` is its own). An entity is what a name means: entity_id follows from
#: them. `sentence` is the number of the sentence of its document, from 0.
MENTIONS: Schema = {
    "doc_id": pl.String,
    "start": pl.Int64,
    "end": pl.Int64,
    "surface": pl.String,
    "label": pl.String,
    "entity_id": pl.String,
    "resolved_by": pl.String,
    "score": pl.Float64,
    "kind": pl.String,
    "key": pl.String,
    "own_key": pl.String,
    "sentence": pl.Int64,
}

#: One row: one mention as read: `key` is its own name, `full` the longer name of its document that it stands for (or
#: null), by `rule`, one of 1 / `likelihood` such names.
READ: Schema = {
    "doc_id": pl.String,
    "start": pl.Int64,
    "end": pl.Int64,
    "surface": pl.String,
    "label": pl.String,
    "name": pl.String,
    "kind": pl.String,
    "key": pl.String,
    "full": pl.String,
    "rule": pl.String,
    "likelihood": pl.Float64,
    "sentence": pl.Int64,
}

#: One row: one distinct name: in how many documents it stands, its best writing and label, and what it means; `block`
#: is what names that may be spellings of one share.
NAMES: Schema = {
    "kind": pl.String,
    "key": pl.String,
    "block": pl.String,
    "n_documents": pl.Int64,
    "written": pl.String,
    "label": pl.String,
    "entity_id": pl.String,
    "resolved_by": pl.String,
    "score": pl.Float64,
}

#: One row: in how many documents the short name `key` stands for the longer name `full`, by `rule`.
STAND_INS: Schema = {
    "kind": pl.String,
    "key": pl.String,
    "full": pl.String,
    "rule": pl.String,
    "n_documents": pl.Int64,
}

#: One row: what one distinct name means. The hash of `target` is the entity's id.
MEANINGS: Schema = {
    "kind": pl.String,
    "key": pl.String,
    "target": pl.String,
    "resolved_by": pl.String,
    "score": pl.Float64,
    "printed": pl.String,
    "country_code": pl.String,
    "kb_id": pl.String,
}

#: One row: one name that a list tells: `only` is its kind, `target` its entity.
LISTED: Schema = {
    "key": pl.String,
    "only": pl.String,
    "rule": pl.String,
    "target": pl.String,
    "printed": pl.String,
    "country_code": pl.String,
    "kb_id": pl.String,
}

#: One row: one row of the user's alias file, or a merge or split by hand. `label` may be null: the alias then counts
#: for every kind. A merge gives the alias the entity of `name`; with `apart` the alias is an entity of its own.
ALIASES: Schema = {
    "alias": pl.String,
    "name": pl.String,
    "label": pl.String,
    "kb_id": pl.String,
    "apart": pl.Boolean,
}

#: One row: one entity.
ENTITIES: Schema = {
    "entity_id": pl.String,
    "label": pl.String,
    "name": pl.String,
    "country_code": pl.String,
    "kb_id": pl.String,
}

#: One row: one source in one run. Shares are of its new documents; `lang` is the source's main language, `flagged` the
#: names of the expectations of sources that it failed.
SOURCE_RUNS: Schema = {
    "source": pl.String,
    "n_read": pl.Int64,
    "n_known": pl.Int64,
    "n_new": pl.Int64,
    "hours_since_new": pl.Float64,
    "n_documents": pl.Int64,
    "median_words": pl.Float64,
    "median_kept": pl.Float64,
    "titled_share": pl.Float64,
    "dated_share": pl.Float64,
    "damaged_share": pl.Float64,
    "lang": pl.String,
    "lang_share": pl.Float64,
    "copied_share": pl.Float64,
    "mentions_per_100_words": pl.Float64,
    "flagged": pl.List(pl.String),
}

#: One row: one rejected record, with the record itself in `payload`.
QUARANTINE: Schema = {
    "uri": pl.String,
    "record": pl.Int64,
    "doc_id": pl.String,
    "stage": pl.String,
    "expectation": pl.String,
    "detail": pl.String,
    "payload": pl.Binary,
    "record_start": pl.Int64,
    "record_end": pl.Int64,
    "fetched_at": UTC,
}

#: One row: one row of the quarantine that a run takes up again.
RETRIED: Schema = {
    "uri": pl.String,
    "record": pl.Int64,
    "doc_id": pl.String,
    "stage": pl.String,
    "run_id": pl.String,
}


def conform(frame: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """Return `frame` with exactly the columns and types of `schema`, in its order.

    Raises polars.exceptions.ColumnNotFoundError for a missing column and InvalidOperationError for a value
    that does not fit its type: a transform never guesses.
    """
    return frame.select(pl.col(name).cast(dtype, strict=True) for name, dtype in schema.items())


def as_edits(frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` as EDITS, without evidence where it has no such column. Raises what :func:`conform` raises."""
    if "evidence" not in frame.columns:
        frame = frame.with_columns(evidence=pl.lit(None, pl.Int64))
    return conform(frame, EDITS)


def empty(schema: Schema) -> pl.DataFrame:
    """Return a frame of `schema` without rows."""
    return pl.DataFrame(schema=schema)
