"""Frames as temporary tables: values, types, and the rowids of rows."""

from collections.abc import Iterator

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from copydesk.warehouse.queries.incoming import find_rowids, to_temp_table


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE kept AS SELECT 18446744073709551615::UBIGINT - range AS k FROM range(5000)"
        )
        yield connection


def test_a_frame_is_a_table_until_the_next_one(connection: duckdb.DuckDBPyConnection) -> None:
    frame = pl.DataFrame({"k": [2**64 - 1, None], "t": ["x", "'"]}, schema={"k": pl.UInt64, "t": pl.String})
    to_temp_table(connection, frame)
    to_temp_table(connection, frame.tail(1), "another")
    assert_frame_equal(connection.sql("SELECT * FROM incoming").pl(), frame)
    assert_frame_equal(connection.sql("SELECT * FROM another").pl(), frame.tail(1))
    to_temp_table(connection, frame.clear())
    assert_frame_equal(connection.sql("SELECT * FROM incoming").pl(), frame.clear())


def test_keys_of_64_bits_can_be_joined(connection: duckdb.DuckDBPyConnection) -> None:
    """With a registered Arrow table this join overflows."""
    to_temp_table(connection, pl.DataFrame({"k": [2**64 - 1, 2**64 - 4000, 7]}, schema={"k": pl.UInt64}))
    found = connection.sql("SELECT k FROM kept SEMI JOIN incoming USING (k) ORDER BY k").fetchall()
    assert found == [(2**64 - 4000,), (2**64 - 1,)]


@pytest.mark.parametrize("rowids", [[], [0], [4999, 3, 17]])
def test_rowids_are_those_of_the_values(connection: duckdb.DuckDBPyConnection, rowids: list[int]) -> None:
    keys = pl.Series([2**64 - 1 - rowid for rowid in rowids] + [5], dtype=pl.UInt64)
    find_rowids(connection, "kept", "k", keys)
    found = connection.sql("SELECT place FROM places ORDER BY 1").fetchall()
    assert found == [(rowid,) for rowid in sorted(rowids)]
