"""The audit: proves the conservation law from the warehouse alone.

Each file in warehouse/checks is one check: a query for the rows that break it. The checks that need Python's code
points and codecs, and that of the digests, are in this module.
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl

from copydesk.transforms.edits import apply_all
from copydesk.transforms.text.encoding import doc_id, encode
from copydesk.warehouse.digests import changed_tables
from copydesk.warehouse.schema import list_sql

CHECKS = Path(__file__).parent / "checks"
_BATCH = 5000  # documents held in memory at a time


def run_checks(connection: duckdb.DuckDBPyConnection, run_id: str | None = None) -> pl.DataFrame:
    """Run every SQL check, over one run or over all; return one row per check: check, n_broken, example.

    Raises FileNotFoundError when the package has no checks.
    """
    connection.execute(
        "CREATE OR REPLACE TEMP MACRO in_scope(r) AS getvariable('run') IS NULL OR r = getvariable('run')"
    )
    connection.execute("SET VARIABLE run = ?", [run_id])
    rows = []
    for file in list_sql(CHECKS):
        broken = connection.execute(file.read_text(encoding="utf-8")).fetchall()
        rows.append((file.stem, len(broken), " ".join(map(str, broken[0])) if broken else None))
    return pl.DataFrame(
        rows, schema={"check": pl.String, "n_broken": pl.Int64, "example": pl.String}, orient="row"
    )


def audit(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Check the whole warehouse; return one row per check: check, n_broken (rows that break it), example (one of them).

    Raises FileNotFoundError when the package has no checks.
    """
    rebuilt = [doc for batch in _documents(connection) for doc in _not_rebuilt(batch)]
    changed = [f"{table}: {what}" for table, what in changed_tables(connection)]
    odd = [doc for batch in _odd_charsets(connection) for doc in _not_encoded(batch)]
    own = pl.DataFrame(
        [
            ("text_follows_from_edits", len(rebuilt), rebuilt[0] if rebuilt else None),
            ("bytes_are_kept_in_other_charsets", len(odd), odd[0] if odd else None),
            ("tables_are_as_written", len(changed), "; ".join(changed) or None),
        ],
        schema={"check": pl.String, "n_broken": pl.Int64, "example": pl.String},
        orient="row",
    )
    return pl.concat([run_checks(connection), own])


def _documents(connection: duckdb.DuckDBPyConnection) -> Iterator[pl.DataFrame]:
    """Yield batches of documents: doc_id, text and rebuilt (null where the edits do not fit the raw text)."""
    ids = connection.sql("SELECT doc_id FROM documents ORDER BY doc_id").pl()
    for batch in ids.iter_slices(_BATCH):
        connection.register("audited", batch.to_arrow())
        pairs = connection.sql(
            "SELECT d.doc_id, any_value(d.text) AS text, any_value(r.raw_text) AS raw_text FROM documents AS d "
            "SEMI JOIN audited USING (doc_id) INNER JOIN raw_documents AS r USING (doc_id) GROUP BY d.doc_id"
        ).pl()
        edits = connection.sql(
            'SELECT doc_id, start, "end", replacement FROM edits SEMI JOIN audited USING (doc_id)'
        ).pl()
        yield pairs.with_columns(rebuilt=_rebuild(pairs, edits))


def _rebuild(documents: pl.DataFrame, edits: pl.DataFrame) -> pl.Series:
    try:
        return apply_all(documents, edits)["text"]
    except ValueError:  # one document's edits do not fit: find which
        if len(documents) == 1:
            return pl.Series([None], dtype=pl.String)
        halves = [documents.head(len(documents) // 2), documents.tail(-(len(documents) // 2))]
        return pl.concat(
            [_rebuild(half, edits.join(half.select("doc_id"), on="doc_id", how="semi")) for half in halves]
        )


def _not_rebuilt(batch: pl.DataFrame) -> list[str]:
    return batch.filter(pl.col("rebuilt").ne_missing(pl.col("text")))["doc_id"].to_list()


def _odd_charsets(connection: duckdb.DuckDBPyConnection) -> Iterator[pl.DataFrame]:
    query = "SELECT doc_id, raw_text, charset FROM raw_documents WHERE charset NOT IN ('utf-8', 'ascii')"
    yield from connection.sql(query).pl().iter_slices(_BATCH)


def _not_encoded(batch: pl.DataFrame) -> list[str]:
    rows = batch.select("doc_id", "raw_text", "charset").iter_rows()
    return [doc for doc, text, charset in rows if doc_id(encode(text, charset) or b"") != doc]
