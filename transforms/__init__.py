"""Pure transforms: Polars frame in, Polars frame out. No file, no connection, no clock."""
