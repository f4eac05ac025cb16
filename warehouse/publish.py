"""Publication: everything that a run staged becomes visible in one transaction, or nothing does."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from copydesk.warehouse.digests import BY_HAND, FAILED, PUBLISHED, digested
from copydesk.warehouse.schema import list_sql, transaction

STATEMENTS = Path(__file__).parent / "statements"
#: The files that load a run, in order.
LOAD = ("documents", "duplicates", "mentions", "names", "stories", "quarantine")
#: What stands for a run in rows that were changed outside one.
BY_HAND_RUN = "by hand"
_RESULTS = "INSERT INTO quality_results BY NAME SELECT *, $run AS run_id FROM {source}"
_FAILURES = "INSERT INTO quality_failures BY NAME SELECT *, $run AS run_id FROM staged_failures"

type Staged = Mapping[str, pl.DataFrame | list[str]]
"""By name: a frame, or the Parquet files that hold one (never an empty list)."""


def publish(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    run: dict[str, Any],
    check: Callable[[duckdb.DuckDBPyConnection], pl.DataFrame],
) -> None:
    """Load `staged` in one transaction: insert, check, commit; then checkpoint.

    `run` is the row of `runs`. `check` sees the open transaction; it returns its quality results, or raises to roll
    everything back. Raises what `check` raises, duckdb.Error, and FileNotFoundError when the package has no statements.
    """
    with transaction(connection):
        for name, content in staged.items():
            _stage(connection, name, content)
        with digested(connection, run["run_id"], PUBLISHED):
            _insert_run(connection, run)
            for name in LOAD:
                _execute(connection, name, run["run_id"])
            connection.execute(_RESULTS.format(source="staged_results"), {"run": run["run_id"]})
            connection.execute(_FAILURES, {"run": run["run_id"]})
            results = check(connection)
            connection.register("results_of_load", results.to_arrow())
            connection.execute(_RESULTS.format(source="results_of_load"), {"run": run["run_id"]})
    connection.execute("CHECKPOINT")


def record_failure(
    connection: duckdb.DuckDBPyConnection,
    run: dict[str, Any],
    results: pl.DataFrame | None = None,
    failures: pl.DataFrame | None = None,
) -> None:
    """Record a run that published nothing, with its quality results and failures up to then.

    What was recorded of the same run before is replaced.
    """
    with transaction(connection), digested(connection, run["run_id"], FAILED):
        _insert_run(connection, run)
        for table in ("quality_results", "quality_failures"):
            connection.execute(f"DELETE FROM {table} WHERE run_id = ?", [run["run_id"]])
        if results is not None and failures is not None:
            _stage(connection, "results", results)
            _stage(connection, "failures", failures)
            connection.execute(_RESULTS.format(source="staged_results"), {"run": run["run_id"]})
            connection.execute(_FAILURES, {"run": run["run_id"]})


def replace_names(
    connection: duckdb.DuckDBPyConnection,
    names: pl.DataFrame,
    entities: pl.DataFrame,
    moves: pl.DataFrame,
    rules: pl.DataFrame,
) -> None:
    """Load NAMES that were resolved again outside a run, their ENTITIES and moves, and the ALIASES made by hand."""
    staged = {"entity_names": names, "entities": entities, "entity_moves": moves, "hand_rules": rules}
    with transaction(connection):
        for name, frame in staged.items():
            _stage(connection, name, frame)
        with digested(connection, BY_HAND_RUN, BY_HAND):
            connection.execute("DELETE FROM entity_rules WHERE made_by = 'hand'")
            connection.execute(
                "INSERT INTO entity_rules BY NAME SELECT *, 'hand' AS made_by FROM staged_hand_rules"
            )
            _execute(connection, "names", BY_HAND_RUN)
    connection.execute("CHECKPOINT")


def _execute(connection: duckdb.DuckDBPyConnection, name: str, run_id: str) -> None:
    """Execute the statements of one file of warehouse/statements; `$run` is `run_id`."""
    files = {file.stem: file for file in list_sql(STATEMENTS)}
    text = files[name].read_text(encoding="utf-8")
    for statement in connection.extract_statements(text):
        connection.execute(statement, {"run": run_id} if "run" in statement.named_parameters else None)


def _stage(connection: duckdb.DuckDBPyConnection, name: str, content: pl.DataFrame | list[str]) -> None:
    if isinstance(content, pl.DataFrame):
        connection.register(f"staged_{name}", content.to_arrow())
    else:
        files = ", ".join("'" + path.replace("'", "''") + "'" for path in content)
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW staged_{name} AS SELECT * FROM read_parquet([{files}])"
        )


def _insert_run(connection: duckdb.DuckDBPyConnection, run: dict[str, Any]) -> None:
    columns = [row[0] for row in connection.execute("SELECT column_name FROM (DESCRIBE runs)").fetchall()]
    connection.execute("DELETE FROM runs WHERE run_id = ?", [run["run_id"]])
    marks = ", ".join("?" for _ in columns)
    values = [
        value.isoformat() if isinstance(value := run.get(column), datetime) else value for column in columns
    ]
    connection.execute(f"INSERT INTO runs VALUES ({marks})", values)
