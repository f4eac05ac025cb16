"""The type of schemas, and conform: the last step of every transform."""

import polars as pl

type Schema = dict[str, pl.DataType | type[pl.DataType]]


UTC = pl.Datetime("us", "UTC")


def conform(frame: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """Return `frame` with exactly the columns and types of `schema`, in its order.

    Raises polars.exceptions.ColumnNotFoundError for a missing column and InvalidOperationError for a value that does
    not fit its type.
    """
    return frame.select(pl.col(name).cast(dtype, strict=True) for name, dtype in schema.items())


def empty(schema: Schema) -> pl.DataFrame:
    """Return a frame of `schema` without rows."""
    return pl.DataFrame(schema=schema)
