"""Names, stand-ins and alias rules of earlier runs."""

import duckdb
import polars as pl

from copydesk.transforms.contract import ALIASES, NAMES, STAND_INS, conform


def entity_names(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return all NAMES."""
    return conform(connection.sql("SELECT * FROM entity_names").pl(), NAMES)


def stand_ins(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return all STAND_INS."""
    return conform(connection.sql("SELECT * FROM entity_stand_ins").pl(), STAND_INS)


def entity_rules(connection: duckdb.DuckDBPyConnection) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the ALIASES of the user's file, as the last run read it, and those that `copydesk entities` made."""
    rules = connection.sql("SELECT * FROM entity_rules ORDER BY rowid").pl()
    by_file, by_hand = (rules.filter(pl.col("made_by") == by) for by in ("file", "hand"))
    return conform(by_file, ALIASES), conform(by_hand, ALIASES)
