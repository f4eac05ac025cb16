"""Known texts: what the dedupe stage reads of the texts that earlier runs loaded."""

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

#: A bucket of more documents is never read whole, and its anchor may be a template anchor. Measured on 430,000
#: synthetic documents: without this rule four in five of the old texts that a batch is compared with share only a
#: template anchor.
LARGE_BUCKET = 64


def known_anchors(
    connection: duckdb.DuckDBPyConnection,
    index: Sequence[Segment],
    new: pl.DataFrame,
    texts: pl.DataFrame,
    heads: int,
) -> tuple[pl.DataFrame, pl.DataFrame, pl.Series]:
    """Return the ANCHORS of the `index` that `new` (ANCHORS) has too, their documents (INDEXED), and the template
    anchors among them; `texts` (INDEXED) are the documents of `new`.

    Of each anchor the first `heads` documents in canonical order are returned, and all of up to LARGE_BUCKET if a new
    text is among the first: a new text costs about the same however large the index grows. A template anchor has more
    than LARGE_BUCKET documents, most of whose heads were merged into no other document: it is part of a page template,
    or of what an outlet puts around every text.
    """
    words = texts.group_by("text_key").agg(pl.col("n_words").max())
    longest = new.join(words, on="text_key").group_by("anchor").agg(pl.col("n_words").max()).sort("anchor")
    rows, documents = find_known_buckets(longest, index, heads, LARGE_BUCKET)
    found = rows.join(documents, on="number")
    templates = _template_anchors(connection, found.filter(pl.col("size") > LARGE_BUCKET))
    return conform(found, ANCHORS).unique(["text_key", "anchor"]), conform(documents, INDEXED), templates


def _template_anchors(connection: duckdb.DuckDBPyConnection, heads: pl.DataFrame) -> pl.Series:
    """Return the anchors of `heads` (anchor, doc_id, text_key) whose documents were mostly merged into no other."""
    to_temp_table(connection, heads.select("text_key").unique())
    merged = connection.sql("SELECT doc_id FROM duplicates SEMI JOIN incoming USING (text_key)").pl()
    is_merged = heads.select("anchor", is_merged=pl.col("doc_id").is_in(merged["doc_id"].implode()))
    return is_merged.group_by("anchor").mean().filter(pl.col("is_merged") < 1 / 2)["anchor"]


def anchors_of(connection: duckdb.DuckDBPyConnection, text_keys: pl.Series) -> pl.DataFrame:
    """Return the ANCHORS of the known texts among `text_keys`."""
    find_rowids(connection, "signatures", "text_key", text_keys)
    found = connection.sql(
        "SELECT DISTINCT text_key, unnest(anchors) AS anchor, n_sampled "
        "FROM signatures WHERE rowid IN (SELECT place FROM places)"
    ).pl()
    return conform(found, ANCHORS)


def merges_of(connection: duckdb.DuckDBPyConnection, text_keys: pl.Series) -> pl.DataFrame:
    """Return the MERGES of the texts among `text_keys` that were merged into another text."""
    to_temp_table(connection, pl.DataFrame({"text_key": text_keys}))
    found = connection.sql(
        "SELECT DISTINCT text_key, canonical_key, kind, similarity, containment, canonical_containment "
        "FROM duplicates SEMI JOIN incoming USING (text_key) WHERE text_key <> canonical_key"
    ).pl()
    return conform(found, MERGES)


def members_of(connection: duckdb.DuckDBPyConnection, text_keys: pl.Series) -> pl.Series:
    """Return the keys of the texts that were merged into one of `text_keys`."""
    to_temp_table(connection, pl.DataFrame({"canonical_key": text_keys}))
    return connection.sql(
        "SELECT DISTINCT text_key FROM duplicates SEMI JOIN incoming USING (canonical_key) "
        "WHERE text_key <> canonical_key"
    ).pl()["text_key"]


def without_signature(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return doc_id, text, n_words and published_at of the documents without a signature; there are some after an
    upgrade that changed the index.
    """
    sizes = "SELECT (SELECT count(*) FROM documents) = (SELECT count(*) FROM signatures)"
    is_whole = (connection.execute(sizes).fetchone() or [True])[0]
    return connection.sql(
        "SELECT doc_id, text, n_words, published_at FROM documents ANTI JOIN signatures USING (doc_id) "
        f"WHERE NOT {is_whole}"
    ).pl()


def texts_of(connection: duckdb.DuckDBPyConnection, doc_ids: pl.Series) -> pl.DataFrame:
    """Return doc_id and text of the known documents among `doc_ids`."""
    find_rowids(connection, "documents", "doc_id", doc_ids)
    return connection.sql("SELECT doc_id, text FROM documents WHERE rowid IN (SELECT place FROM places)").pl()


def duplicates_of(connection: duckdb.DuckDBPyConnection, text_keys: pl.Series) -> pl.DataFrame:
    """Return the DUPLICATES of `text_keys` as loaded, without byte-for-byte copies."""
    to_temp_table(connection, pl.DataFrame({"text_key": text_keys.unique()}))
    found = connection.sql(
        f"SELECT {', '.join(DUPLICATES)} FROM duplicates SEMI JOIN incoming USING (text_key)"
    ).pl()
    return conform(found, DUPLICATES)
