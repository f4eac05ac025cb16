"""The figures of sources that gates check."""

import polars as pl

from copydesk.transforms.contract.schema import Schema

#: One row: one source in one run. Shares are of its new documents; `lang` is the most frequent language of the source,
#: `flagged` the names of the source expectations that it failed.
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
