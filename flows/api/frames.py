"""Frames of the user's own: their columns are checked, cast and given the names that the transforms know."""

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from copydesk.flows.errors import needing
from copydesk.transforms.contract import UTC

#: What the functions of the public face take: a Polars frame, a pandas frame, or the texts alone.
type Frame = pl.DataFrame | pl.LazyFrame | pl.Series | Sequence[str | None] | Any
type Table = pl.DataFrame | pl.LazyFrame

#: Rows of a batch.
BATCH = 2_000
_STRINGS = ("text", "source", "title", "url", "lang")
_KEY_DIGITS = 12


def to_table(data: Frame, text: str) -> Table:
    """Return `data` as a Polars frame; texts alone (a series or a list) become its column `text`.

    Raises TypeError for anything else, and for texts that are no strings.
    """
    if isinstance(data, pl.DataFrame | pl.LazyFrame):
        return data
    if isinstance(data, pl.Series):
        return data.alias(text).to_frame()
    if type(data).__module__.partition(".")[0] == "pandas":
        with needing("pipeline", "reading a pandas frame"):
            converted: pl.DataFrame | pl.Series = pl.from_pandas(data)
        return to_table(converted, text)
    if isinstance(data, Sequence) and not isinstance(data, str | bytes):
        try:
            return pl.Series(text, data, dtype=pl.String).to_frame()
        except TypeError as error:
            raise TypeError(
                f"a list of texts must hold strings or None: {str(error).splitlines()[0]}"
            ) from error
    raise TypeError(
        f"a frame is needed (Polars or pandas), or a series or a list of texts; this is {_kind(data)}"
    )


def select_columns(table: Table, **columns: str | None) -> Table:
    """Return the `columns` of `table` (by role the name, or None where it has no such column), named by role; and
    `row`, the number of each row.

    The roles are text, source, title, url and lang (strings), published_at (dates, or times: without a zone they
    are UTC), html (booleans) and id. Raises ValueError for a column that is not there, TypeError for one of a
    type that does not fit; both name the column.
    """
    schema = table.collect_schema()
    chosen = []
    for role, name in columns.items():
        if name is None:
            continue
        if not isinstance(name, str):
            raise TypeError(f"{role} must be the name of a column; this is {_kind(name)}")
        if name not in schema:
            raise ValueError(f"no column {name!r} for {role}; the frame has: {', '.join(schema) or 'none'}")
        chosen.append(_cast(role, name, schema[name]).alias(role))
    return table.select(chosen).with_row_index("row")


def read_documents(data: Frame, **columns: str | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows of `data` that have a text, under the roles of `columns` (as in :func:`select_columns`), with
    their key as doc_id; and the ids of all rows (:func:`key_ids`).

    A role whose name is None has the column that is named as the role (for id: doc_id), if there is one.
    """
    table = to_table(data, columns["text"] or "text")
    schema = table.collect_schema()
    usual = {role: "doc_id" if role == "id" else role for role in columns}
    named = {
        role: name if name is not None else usual[role] if usual[role] in schema else None
        for role, name in columns.items()
    }
    rows = select_columns(table, **named).lazy().collect()
    ids = key_ids(rows, named["id"])
    documents = rows.with_columns(doc_id=ids["key"]).filter(pl.col("text").is_not_null())
    return documents.drop("row", "id", strict=False), ids


def batches(table: Table) -> Iterator[pl.DataFrame]:
    """Yield the rows of `table` in order, BATCH at a time; a lazy one is run, and never held whole."""
    if isinstance(table, pl.LazyFrame):
        yield from table.collect_batches(chunk_size=BATCH, maintain_order=True)
    else:
        yield from table.iter_slices(BATCH)


def key_ids(table: Table, name: str | None) -> pl.DataFrame:
    """Return row, id (the value of the column `name`, or the number of the row) and key of every row.

    A key is a string, and keys are ordered as the ids are. Raises ValueError for ids that are null or not unique.
    """
    ids = table.select("row", id="row" if name is None else "id").lazy().collect()
    if n_null := ids["id"].null_count():
        raise ValueError(f"column {name!r} for id has {n_null} nulls; every row needs an id")
    if not ids["id"].is_unique().all():
        twice = ids["id"].filter(ids["id"].is_duplicated())[0]
        raise ValueError(f"column {name!r} for id holds {twice!r} more than once; ids must be unique")
    rank = ids["row"] if name is None else ids["id"].rank("ordinal")
    return ids.with_columns(key=rank.cast(pl.String).str.zfill(_KEY_DIGITS))


def replace_keys(frame: pl.DataFrame, ids: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Return `frame` with the ids (:func:`key_ids`) in place of the keys in `columns`."""
    order = frame.columns
    for column in columns:
        named = ids.select(pl.col("key").alias(column), "id")
        frame = frame.join(named, on=column, how="left", maintain_order="left").drop(column)
        frame = frame.rename({"id": column})
    return frame.select(order)


def _cast(role: str, name: str, dtype: pl.DataType) -> pl.Expr:
    """Return the column as the type that its role has."""
    column = pl.col(name)
    if role == "id":
        if dtype.is_nested() or dtype == pl.Object:
            raise TypeError(f"column {name!r} for id holds {dtype}; strings or numbers are needed")
        return column
    if role in _STRINGS:
        if not isinstance(dtype, pl.String | pl.Categorical | pl.Enum | pl.Null):
            raise TypeError(f"column {name!r} for {role} holds {dtype}; strings are needed")
        return column.cast(pl.String)
    if role == "html":
        if not isinstance(dtype, pl.Boolean | pl.Null):
            raise TypeError(f"column {name!r} for html holds {dtype}; booleans are needed")
        return column.cast(pl.Boolean)
    if isinstance(dtype, pl.Datetime):
        return column.dt.convert_time_zone("UTC").cast(UTC) if dtype.time_zone else _as_utc(column)
    if isinstance(dtype, pl.Date | pl.Null):
        return _as_utc(column)
    raise TypeError(
        f"column {name!r} for {role} holds {dtype}; dates or times are needed: parse it, as with str.to_datetime()"
    )


def _as_utc(column: pl.Expr) -> pl.Expr:
    return column.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")


def _kind(value: object) -> str:
    return f"a {type(value).__name__}"
