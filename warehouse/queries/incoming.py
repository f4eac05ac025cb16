"""Frames as temporary tables, to join them with the tables of the warehouse."""

import duckdb
import polars as pl


def to_temp_table(connection: duckdb.DuckDBPyConnection, frame: pl.DataFrame, name: str = "incoming") -> None:
    """Write `frame` to the temporary table `name`.

    A registered Arrow table is not enough: DuckDB passes the bounds of a join to pyarrow as filters, and unsigned
    64-bit keys overflow there.
    """
    connection.register("incoming_frame", frame.to_arrow())
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM incoming_frame")
    connection.unregister("incoming_frame")


def find_rowids(connection: duckdb.DuckDBPyConnection, table: str, column: str, values: pl.Series) -> None:
    """Write the rowids of the rows of `table` with one of `values` in `column` to the temporary table `places` (place).

    Long columns are stored in blocks of thousands of rows. DuckDB reads only the blocks of rows that are given by their
    rowids; for any other condition it reads all blocks.
    """
    to_temp_table(connection, pl.DataFrame({column: values}))
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE places AS SELECT rowid AS place FROM {table} SEMI JOIN incoming USING ({column})"
    )
