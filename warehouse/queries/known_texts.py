"""What a run asks of the warehouse before it loads."""

from collections.abc import Sequence

import duckdb
import polars as pl

from copydesk.transforms.contract import (
    ANCHORS,
    DUPLICATES,
    INDEXED,
    MERGES,
    conform,
)
from copydesk.transforms.dedupe.index_lookup import Segment, find_known_buckets
from copydesk.warehouse.queries.incoming import find_rowids, to_temp_table

#: Documents of a bucket above which it is never read whole, and may be a frame. Measured on 430,000 synthetic
#: documents: without frames four in five of the old texts that a batch is compared with share but a frame with it.
LARGE = 64


def known_anchors(
    connection: duckdb.DuckDBPyConnection,
    index: Sequence[Segment],
    new: pl.DataFrame,
    texts: pl.DataFrame,
    heads: int,
) -> tuple[pl.DataFrame, pl.DataFrame, pl.Series]:
    """Return the ANCHORS of the `index` that meet those of `new` (ANCHORS), their documents (INDEXED), and the anchors
    that are frames; `texts` (INDEXED) are the documents of `new`.

    Of each anchor the first `heads` documents in canonical order, and all of up to LARGE where a new text is among
    these: a new text costs about the same however large the index grows. An anchor of more than LARGE documents, of
    whose heads most were merged into no other, is a frame: of a template, or of what an outlet puts around every text.
    """
    words = texts.group_by("text_key").agg(pl.col("n_words").max())
    longest = new.join(words, on="text_key").group_by("anchor").agg(pl.col("n_words").max()).sort("anchor")
    rows, documents = find_known_buckets(longest, index, heads, LARGE)
    found = rows.join(documents, on="number")
    frames = _frames(connection, found.filter(pl.col("size") > LARGE))
    return conform(found, ANCHORS).unique(["text_key", "anchor"]), conform(documents, INDEXED), frames


def _frames(connection: duckdb.DuckDBPyConnection, heads: pl.DataFrame) -> pl.Series:
    """Return the anchors of `heads` (anchor, doc_id, text_key) most of whose documents were merged into no other."""
    to_temp_table(connection, heads.select("text_key").unique())
    merged = connection.sql("SELECT doc_id FROM duplicates SEMI JOIN incoming USING (text_key)").pl()
    is_merged = heads.select("anchor", is_merged=pl.col("doc_id").is_in(merged["doc_id"].implode()))
    return is_merged.group_by("anchor").mean().filter(pl.col("is_merged") < 1 / 2)["anchor"]


def anchors_of(connection: duckdb.DuckDBPyConnection, text_keys: pl.Series) -> pl.DataFrame:
    """Return the ANCHORS of those of `text_keys` that are known."""
    find_rowids(connection, "signatures", "text_key", text_keys)
    found = connection.sql(
        "SELECT DISTINCT text_key, unnest(anchors) AS anchor, n_sampled "
        "FROM signatures WHERE rowid IN (SELECT place FROM places)"
    ).pl()
    return conform(found, ANCHORS)


def merges_of(connection: duckdb.DuckDBPyConnection, text_keys: pl.Series) -> pl.DataFrame:
    """Return the MERGES of those of `text_keys` that were merged into another text."""
    to_temp_table(connection, pl.DataFrame({"text_key": text_keys}))
    found = connection.sql(
        "SELECT DISTINCT text_key, canonical_key, kind, similarity, containment, canonical_containment "
        "FROM duplicates SEMI JOIN incoming USING (text_key) WHERE text_key <> canonical_key"
    ).pl()
    return conform(found, MERGES)


def members_of(connection: duckdb.DuckDBPyConnection, text_keys: pl.Series) -> pl.Series:
    """Return the keys of the texts that were merged into those of `text_keys`."""
    to_temp_table(connection, pl.DataFrame({"canonical_key": text_keys}))
    return connection.sql(
        "SELECT DISTINCT text_key FROM duplicates SEMI JOIN incoming USING (canonical_key) "
        "WHERE text_key <> canonical_key"
    ).pl()["text_key"]


def without_signature(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return doc_id, text, n_words and published_at of documents without a signature, after a change of the index."""
    sizes = "SELECT (SELECT count(*) FROM documents) = (SELECT count(*) FROM signatures)"
    is_whole = (connection.execute(sizes).fetchone() or [True])[0]
    return connection.sql(
        "SELECT doc_id, text, n_words, published_at FROM documents ANTI JOIN signatures USING (doc_id) "
        f"WHERE NOT {is_whole}"
    ).pl()


def texts_of(connection: duckdb.DuckDBPyConnection, doc_ids: pl.Series) -> pl.DataFrame:
    """Return doc_id and text of those of `doc_ids` that are known."""
    find_rowids(connection, "documents", "doc_id", doc_ids)
    return connection.sql("SELECT doc_id, text FROM documents WHERE rowid IN (SELECT place FROM places)").pl()


def duplicates_of(connection: duckdb.DuckDBPyConnection, text_keys: pl.Series) -> pl.DataFrame:
    """Return the DUPLICATES rows of `text_keys` as they stand, byte-for-byte copies left out."""
    to_temp_table(connection, pl.DataFrame({"text_key": text_keys.unique()}))
    found = connection.sql(
        f"SELECT {', '.join(DUPLICATES)} FROM duplicates SEMI JOIN incoming USING (text_key)"
    ).pl()
    return conform(found, DUPLICATES)
