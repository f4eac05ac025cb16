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


def fill(frame: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """Return `frame` as `schema`; columns that it does not have are null. Raises what :func:`conform` raises."""
    missing = {name: pl.lit(None, dtype) for name, dtype in schema.items() if name not in frame.columns}
    return conform(frame.with_columns(**missing), schema)


def empty(schema: Schema) -> pl.DataFrame:
    """Return a frame of `schema` without rows."""
    return pl.DataFrame(schema=schema)
