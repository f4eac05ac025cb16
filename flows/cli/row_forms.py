"""How values of a query are written: the same forms in a table, in CSV and in JSON."""

import json
import math
from decimal import Decimal

import duckdb
from duckdb.sqltypes import DuckDBPyType

_NESTED = frozenset({"list", "struct", "map", "array", "union"})
_KEPT = frozenset({
    "boolean", "tinyint", "smallint", "integer", "bigint", "hugeint", "utinyint", "usmallint", "uinteger", "ubigint",
    "uhugeint", "float", "double", "decimal", "varchar",
})  # fmt: skip


def plain(relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """Return `relation` with numbers and truth values as they are and everything else as text.

    Times are as spreadsheets read them, in UTC: 2026-03-09 06:30:00. Lists and structs are JSON, bytes hexadecimal.
    """
    columns = zip(relation.columns, relation.types, strict=True)
    return relation.project(", ".join(_expression(name, kind) for name, kind in columns))


def _expression(name: str, kind: DuckDBPyType) -> str:
    column = '"' + name.replace('"', '""') + '"'
    if kind.id in _KEPT:
        return column
    value = {
        "timestamp with time zone": f"timezone('UTC', {column})::VARCHAR",
        "blob": f"lower(hex({column}))",
    }.get(kind.id, f"{column}::VARCHAR")
    if kind.id in _NESTED:
        value = f"to_json({column})::VARCHAR"
    return f"{value} AS {column}"


def to_json(relation: duckdb.DuckDBPyRelation) -> str:
    """Return the rows as one JSON array of objects; nested values are JSON's own."""
    nested = [kind.id in _NESTED or str(kind) == "JSON" for kind in relation.types]
    rows = [
        {
            name: _json_value(value, is_nested)
            for name, value, is_nested in zip(relation.columns, row, nested, strict=True)
        }
        for row in plain(relation).fetchall()
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _json_value(value: object, is_nested: bool) -> object:
    if isinstance(value, str) and is_nested:
        return json.loads(value)
    if isinstance(value, Decimal):
        return float(value)
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value
