"""Frames as temporary tables, to be joined with the tables of the warehouse."""

import duckdb
import polars as pl


def to_temp_table(connection: duckdb.DuckDBPyConnection, frame: pl.DataFrame, name: str = "incoming") -> None:
    """Make `frame` a temporary table. A registered Arrow table won't do: DuckDB gives pyarrow the bounds of a join as
    filters, and unsigned 64-bit keys overflow there.
    """
    connection.register("brought", frame.to_arrow())
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM brought")
    connection.unregister("brought")


def find_rowids(connection: duckdb.DuckDBPyConnection, table: str, column: str, values: pl.Series) -> None:
    """Make the table `places` (place): where the rows of `table` are that have one of `values`.

    Long columns are stored in blocks of thousands of rows: of some rows, given by their places, DuckDB reads only the
    blocks that these are in; given by anything else it reads all.
    """
    to_temp_table(connection, pl.DataFrame({column: values}))
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE places AS SELECT rowid AS place FROM {table} SEMI JOIN incoming USING ({column})"
    )
