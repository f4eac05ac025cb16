"""What a run asks of the warehouse before it loads."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import polars as pl

from transforms.buckets import Part, choose
from transforms.contract import (
    ALIASES,
    ANCHORS,
    DUPLICATES,
    INDEXED,
    MERGES,
    NAMES,
    SOURCE_LINES,
    STAND_INS,
    conform,
)

HERE = Path(__file__).parent
#: Documents of a bucket above which it is never read whole, and may be a frame. Measured on 430,000 synthetic
#: documents: without frames four in five of the old texts that a batch is compared with share but a frame with it.
LARGE = 64


def _bring(connection: duckdb.DuckDBPyConnection, frame: pl.DataFrame, name: str = "incoming") -> None:
    """Make `frame` a temporary table. A registered Arrow table won't do: DuckDB gives pyarrow the bounds of a join as
    filters, and unsigned 64-bit keys overflow there.
    """
    connection.register("brought", frame.to_arrow())
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM brought")
    connection.unregister("brought")


def last_run(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Return the id of the latest run that was published, or None."""
    row = connection.execute(
        "SELECT run_id FROM runs WHERE state = 'completed' ORDER BY started_at DESC, rowid DESC LIMIT 1"
    ).fetchone()
    return None if row is None else str(row[0])


def known_records(
    connection: duckdb.DuckDBPyConnection, records: pl.DataFrame, retried: pl.DataFrame
) -> pl.DataFrame:
    """Return which of `records` (doc_id, uri, record) were loaded, or lie in quarantine and are not among `retried`."""
    _bring(connection, records.select("doc_id", "uri", "record"))
    _bring(connection, retried.select("doc_id", "uri", "record"), "incoming_retried")
    return connection.sql(
        "SELECT DISTINCT doc_id, uri, record FROM incoming SEMI JOIN ("
        "    SELECT doc_id, uri, record FROM raw_documents "
        "    UNION ALL "
        "    SELECT doc_id, uri, record FROM quarantine ANTI JOIN incoming_retried USING (doc_id, uri, record) "
        "    WHERE state <> 'retried'"
        ") USING (doc_id, uri, record)"
    ).pl()


def source_history(
    connection: duckdb.DuckDBPyConnection, sources: pl.DataFrame, n_runs: int = 100
) -> pl.DataFrame:
    """Return SOURCE_RUNS of the latest `n_runs` runs that brought something new of each of `sources` (source), oldest
    first, with `at`, when the run began.
    """
    _bring(connection, sources)
    return connection.execute(
        'SELECT s.* EXCLUDE (run_id), r.started_at AS "at" '
        "FROM source_runs AS s INNER JOIN runs AS r USING (run_id) SEMI JOIN incoming USING (source) "
        "WHERE s.n_new > 0 "
        "QUALIFY row_number() OVER (PARTITION BY s.source ORDER BY r.started_at DESC) <= $n "
        'ORDER BY s.source, "at"',
        {"n": n_runs},
    ).pl()


def known_documents(connection: duckdb.DuckDBPyConnection, doc_ids: pl.Series) -> pl.DataFrame:
    """Return which of `doc_ids` are in documents: doc_id."""
    _bring(connection, pl.DataFrame({"doc_id": doc_ids}))
    return connection.sql("SELECT doc_id FROM documents SEMI JOIN incoming USING (doc_id)").pl()


def known_anchors(
    connection: duckdb.DuckDBPyConnection,
    index: Sequence[Part],
    new: pl.DataFrame,
    texts: pl.DataFrame,
    heads: int,
) -> tuple[pl.DataFrame, pl.DataFrame, pl.Series]:
    """Return the ANCHORS of the `index` that meet those of `new` (ANCHORS), their documents (INDEXED), and the anchors
    that are frames; `texts` (INDEXED) are the documents of `new`.

    Of each anchor the first `heads` documents in the order of keepers, and all of up to LARGE where a new text is among
    these: a new text costs about the same however large the index grows. An anchor of more than LARGE documents, of
    whose heads most were merged into no other, is a frame: of a template, or of what an outlet puts around every text.
    """
    words = texts.group_by("text_key").agg(pl.col("n_words").max())
    longest = new.join(words, on="text_key").group_by("anchor").agg(pl.col("n_words").max()).sort("anchor")
    rows, documents = choose(longest, index, heads, LARGE)
    found = rows.join(documents, on="number")
    frames = _frames(connection, found.filter(pl.col("size") > LARGE))
    return conform(found, ANCHORS).unique(["text_key", "anchor"]), conform(documents, INDEXED), frames


def _frames(connection: duckdb.DuckDBPyConnection, heads: pl.DataFrame) -> pl.Series:
    """Return the anchors of `heads` (anchor, doc_id, text_key) most of whose documents were merged into no other."""
    _bring(connection, heads.select("text_key").unique())
    merged = connection.sql("SELECT doc_id FROM duplicates SEMI JOIN incoming USING (text_key)").pl()[
        "doc_id"
    ]
    is_merged = heads.select("anchor", is_merged=pl.col("doc_id").is_in(merged.implode()))
    return is_merged.group_by("anchor").mean().filter(pl.col("is_merged") < 1 / 2)["anchor"]


def anchors_of(connection: duckdb.DuckDBPyConnection, text_keys: pl.Series) -> pl.DataFrame:
    """Return the ANCHORS of those of `text_keys` that are known."""
    _find_places(connection, "signatures", "text_key", text_keys)
    found = connection.sql(
        "SELECT DISTINCT text_key, unnest(anchors) AS anchor, n_sampled "
        "FROM signatures WHERE rowid IN (SELECT place FROM places)"
    ).pl()
    return conform(found, ANCHORS)


def merges_of(connection: duckdb.DuckDBPyConnection, text_keys: pl.Series) -> pl.DataFrame:
    """Return the MERGES of those of `text_keys` that were merged into another text."""
    _bring(connection, pl.DataFrame({"text_key": text_keys}))
    found = connection.sql(
        "SELECT DISTINCT text_key, canonical_key, kind, similarity, containment, keeper_containment "
        "FROM duplicates SEMI JOIN incoming USING (text_key) WHERE text_key <> canonical_key"
    ).pl()
    return conform(found, MERGES)


def members_of(connection: duckdb.DuckDBPyConnection, text_keys: pl.Series) -> pl.Series:
    """Return the keys of the texts that were merged into those of `text_keys`."""
    _bring(connection, pl.DataFrame({"canonical_key": text_keys}))
    return connection.sql(
        "SELECT DISTINCT text_key FROM duplicates SEMI JOIN incoming USING (canonical_key) "
        "WHERE text_key <> canonical_key"
    ).pl()["text_key"]


def unsigned(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return doc_id, text, n_words and published_at of documents without a signature, after a change of the index."""
    sizes = "SELECT (SELECT count(*) FROM documents) = (SELECT count(*) FROM signatures)"
    is_whole = (connection.execute(sizes).fetchone() or [True])[0]
    return connection.sql(
        "SELECT doc_id, text, n_words, published_at FROM documents ANTI JOIN signatures USING (doc_id) "
        f"WHERE NOT {is_whole}"
    ).pl()


def source_lines(connection: duckdb.DuckDBPyConnection, lines: pl.DataFrame) -> pl.DataFrame:
    """Return what the warehouse knows (SOURCE_LINES) of `lines` (source, key)."""
    _bring(connection, lines)
    found = connection.sql('SELECT * FROM source_lines SEMI JOIN incoming USING (source, "key")').pl()
    return conform(found, SOURCE_LINES)


def texts_of(connection: duckdb.DuckDBPyConnection, doc_ids: pl.Series) -> pl.DataFrame:
    """Return doc_id and text of those of `doc_ids` that are known."""
    _find_places(connection, "documents", "doc_id", doc_ids)
    return connection.sql("SELECT doc_id, text FROM documents WHERE rowid IN (SELECT place FROM places)").pl()


def _find_places(connection: duckdb.DuckDBPyConnection, table: str, column: str, values: pl.Series) -> None:
    """Make the table `places` (place): where the rows of `table` are that have one of `values`.

    Long columns are stored in blocks of thousands of rows: of some rows, given by their places, DuckDB reads only the
    blocks that these are in; given by anything else it reads all.
    """
    _bring(connection, pl.DataFrame({column: values}))
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE places AS SELECT rowid AS place FROM {table} SEMI JOIN incoming USING ({column})"
    )


def merged(connection: duckdb.DuckDBPyConnection, text_keys: pl.Series) -> pl.DataFrame:
    """Return the DUPLICATES rows of `text_keys` as they stand, byte-for-byte copies left out."""
    _bring(connection, pl.DataFrame({"text_key": text_keys.unique()}))
    found = connection.sql(
        f"SELECT {', '.join(DUPLICATES)} FROM duplicates SEMI JOIN incoming USING (text_key)"
    ).pl()
    return conform(found, DUPLICATES)


def untagged(connection: duckdb.DuckDBPyConnection, doc_ids: pl.Series) -> pl.DataFrame:
    """Return doc_id, lang and text of those of `doc_ids` that no model has tagged."""
    _find_places(connection, "documents", "doc_id", doc_ids)
    return connection.sql(
        "SELECT doc_id, lang, text FROM documents "
        "WHERE rowid IN (SELECT place FROM places) AND tagged_by IS NULL"
    ).pl()


def documents_of(connection: duckdb.DuckDBPyConnection, doc_ids: pl.Series) -> pl.DataFrame:
    """Return doc_id, title, text, lang, published_at and fetched_at of those of `doc_ids` that are known."""
    texts = texts_of(connection, doc_ids)
    rest = connection.sql(
        "SELECT d.doc_id, any_value(d.title) AS title, any_value(d.lang) AS lang, "
        "    any_value(d.published_at) AS published_at, min(r.fetched_at) AS fetched_at "
        "FROM documents AS d SEMI JOIN incoming USING (doc_id) INNER JOIN raw_documents AS r USING (doc_id) "
        "GROUP BY d.doc_id"
    ).pl()
    return texts.join(rest, on="doc_id").sort("doc_id")


def without_story(connection: duckdb.DuckDBPyConnection, decided: pl.Series, merged: pl.Series) -> pl.Series:
    """Return the doc_ids of known documents that are articles and in no story: those that were merged before, and all
    that were loaded before there were stories. The rows of `decided` in duplicates are void, those of `merged` new.
    """
    _bring(connection, pl.DataFrame({"doc_id": decided}))
    _bring(connection, pl.DataFrame({"doc_id": merged}), "incoming_merged")
    return connection.sql(
        "SELECT doc_id FROM documents ANTI JOIN story_documents USING (doc_id) ANTI JOIN ("
        "    SELECT doc_id FROM duplicates ANTI JOIN incoming USING (doc_id) WHERE doc_id <> canonical_doc_id "
        "    UNION ALL FROM incoming_merged"
        ") USING (doc_id)"
    ).pl()["doc_id"]


def stories_of(connection: duckdb.DuckDBPyConnection, doc_ids: pl.Series) -> pl.DataFrame:
    """Return doc_id and story_id of those of `doc_ids` that are in a story."""
    _bring(connection, pl.DataFrame({"doc_id": doc_ids}))
    return connection.sql(
        "SELECT doc_id, story_id FROM story_documents SEMI JOIN incoming USING (doc_id)"
    ).pl()


def window(connection: duckdb.DuckDBPyConnection, new: pl.DataFrame, days: int) -> pl.DataFrame:
    """Return the articles in stories that were published, or fetched, at most `days` before the first or after the
    last of `new` (doc_id, published_at, fetched_at): doc_id, published_at, fetched_at, terms and weights (null where
    they are not kept), story_id.
    """
    _bring(connection, new)
    return connection.sql(
        "WITH span AS ("
        f"    SELECT min(t) - INTERVAL {days} DAY AS first_at, max(t) + INTERVAL {days} DAY AS last_at "
        "    FROM (SELECT published_at AS t FROM incoming UNION ALL SELECT fetched_at FROM incoming)"
        ") SELECT s.doc_id, s.published_at, s.fetched_at, t.terms, t.weights, s.story_id "
        "FROM story_documents AS s INNER JOIN span ON s.published_at BETWEEN first_at AND last_at "
        "    OR s.fetched_at BETWEEN first_at AND last_at "
        "LEFT JOIN story_terms AS t USING (doc_id) ANTI JOIN incoming USING (doc_id) ORDER BY s.doc_id"
    ).pl()


def entity_names(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return all NAMES."""
    return conform(connection.sql("SELECT * FROM entity_names").pl(), NAMES)


def stand_ins(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return all STAND_INS."""
    return conform(connection.sql("SELECT * FROM entity_stand_ins").pl(), STAND_INS)


def entity_rules(connection: duckdb.DuckDBPyConnection) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the ALIASES of the user's file, as the last run read it, and those that were made by hand."""
    rules = connection.sql("SELECT * FROM entity_rules ORDER BY rowid").pl()
    by_file, by_hand = (rules.filter(pl.col("made_by") == by) for by in ("file", "hand"))
    return conform(by_file, ALIASES), conform(by_hand, ALIASES)


def query(connection: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[object] = ()) -> pl.DataFrame:
    """Return the rows of one SQL statement. Raises duckdb.Error as DuckDB words it."""
    return connection.execute(sql, list(parameters)).pl()


def find_documents(connection: duckdb.DuckDBPyConnection, wanted: str, uri: str) -> pl.DataFrame:
    """Return doc_id and uri of every record that `wanted` may mean, sorted by uri.

    It may be the start of a doc_id, a uri (which `uri` spells in full), or the end of one from a slash on. Rows of the
    quarantine that a later run took up are found where nothing else is.
    """
    return connection.execute(
        # Not with a window over all rows: one such query in some hundreds ends DuckDB 1.5.5 with an internal error.
        "WITH found AS ("
        "    SELECT doc_id, uri, is_current FROM ("
        "        SELECT doc_id, uri, true AS is_current FROM raw_documents "
        "        UNION ALL SELECT doc_id, uri, state <> 'retried' FROM quarantine"
        "    ) WHERE starts_with(doc_id, lower($wanted)) OR uri IN ($wanted, $uri) OR ends_with(uri, '/' || $wanted)"
        ") SELECT DISTINCT doc_id, uri FROM found "
        "WHERE is_current OR NOT (SELECT coalesce(bool_or(is_current), false) FROM found) ORDER BY uri, doc_id",
        {"wanted": wanted, "uri": uri},
    ).pl()
