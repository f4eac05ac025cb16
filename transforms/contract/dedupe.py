"""Signatures, candidate pairs and merged texts."""

import polars as pl

from copydesk.transforms.contract.schema import UTC, Schema

#: One row: one document, with what clusters are decided by. Documents of the same words in the same order share a
#: `text_key`. `numbers` has one bit set for each number in the text, by the number's hash.
INDEXED: Schema = {
    "doc_id": pl.String,
    "text_key": pl.UInt64,
    "n_words": pl.Int64,
    "published_at": UTC,
    "numbers": pl.UInt64,
}


#: One row: one document in the near-duplicate index. `anchors` are hashes sampled from the text's shingles,
#: `n_sampled` is the number of them that a text of any length would keep.
SIGNATURES: Schema = INDEXED | {
    "n_sampled": pl.Int64,
    "anchors": pl.List(pl.UInt32),
}


#: One row: one text. `token_hashes` are the hashes of its words in order, with closing sentinels, four bytes each,
#: lowest byte first.
TOKEN_HASHES: Schema = {
    "text_key": pl.UInt64,
    "token_hashes": pl.Binary,
}


#: One row: one anchor of one text. The texts that share an anchor are an LSH bucket.
ANCHORS: Schema = {
    "text_key": pl.UInt64,
    "anchor": pl.UInt32,
    "n_sampled": pl.Int64,
}


#: One row: one candidate pair of texts, text_key < other_key.
CANDIDATES: Schema = {
    "text_key": pl.UInt64,
    "other_key": pl.UInt64,
}


#: One row: one compared pair of texts. `kind` is near, contained, or null for unrelated texts. `similarity` is the
#: Jaccard coefficient of their shingles, `containment` the share of the first text's shingles that the other has,
#: `other_containment` the reverse.
PAIRS: Schema = {
    "kind": pl.String,
    "similarity": pl.Float64,
    "containment": pl.Float64,
    "other_containment": pl.Float64,
}


#: One row: one text that was merged into a canonical text, with the evidence. `similarity` is the Jaccard coefficient
#: of their shingles, `containment` the share of the merged text's shingles that the canonical text has,
#: `canonical_containment` the reverse.
MERGES: Schema = {
    "text_key": pl.UInt64,
    "canonical_key": pl.UInt64,
    "kind": pl.String,
    "similarity": pl.Float64,
    "containment": pl.Float64,
    "canonical_containment": pl.Float64,
}


#: One row: one text, with its first document in canonical order. The columns of MERGES are null for a canonical text.
TEXTS: Schema = INDEXED | MERGES


#: One row: one document that was merged into its canonical document, which readers see instead.
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
