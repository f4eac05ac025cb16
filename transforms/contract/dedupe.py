"""Signatures, candidate pairs and merged texts."""

import polars as pl

from copydesk.transforms.contract.schema import UTC, Schema

#: One row: one document as the choice of canonical texts sees it. Documents of the same words in the same order share a
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
TOKEN_HASHES: Schema = {
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
#: shingles, `containment` the share of the text's own that its canonical text has, `canonical_containment` the reverse.
MERGES: Schema = {
    "text_key": pl.UInt64,
    "canonical_key": pl.UInt64,
    "kind": pl.String,
    "similarity": pl.Float64,
    "containment": pl.Float64,
    "canonical_containment": pl.Float64,
}


#: One row: one text under its best document; the columns of MERGES are null for a canonical text.
TEXTS: Schema = INDEXED | MERGES


#: One row: one document that was merged into another, which readers see instead.
DUPLICATES: Schema = {
    "doc_id": pl.String,
    "canonical_doc_id": pl.String,
    "kind": pl.String,
    "similarity": pl.Float64,
    "containment": pl.Float64,
    "canonical_containment": pl.Float64,
    "text_key": pl.UInt64,
    "canonical_key": pl.UInt64,
}
