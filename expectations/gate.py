"""The gate: runs a stage's suite over its measures and says which rows may not pass.

Great Expectations sees narrow tables of ids and numbers, never text: a million rows take it under a second so,
and no article text can reach its reports.
"""

import logging
import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from expectations.suite import SUITES, Expectation, read_suite

#: What one gate leaves in the warehouse's table quality_results, but for the run.
QUALITY: dict[str, pl.DataType | type[pl.DataType]] = {
    "stage": pl.String,
    "suite": pl.String,
    "expectation": pl.String,
    "severity": pl.String,
    "success": pl.Boolean,
    "observed": pl.String,
    "n_unexpected": pl.Int64,
    "doc_ids": pl.List(pl.String),
}
REJECTED: dict[str, pl.DataType | type[pl.DataType]] = {
    "doc_id": pl.String,
    "stage": pl.String,
    "expectation": pl.String,
    "detail": pl.String,
}
_SHOWN = 20  # doc_ids kept beside a result


@dataclass(frozen=True)
class Verdict:
    """What a gate found: `results` (QUALITY), `rejected` (REJECTED, a row a document), and what must stop the run."""

    results: pl.DataFrame
    rejected: pl.DataFrame
    critical: tuple[str, ...]


def judge_measures(stage: str, measures: pl.DataFrame, folder: Path = SUITES) -> Verdict:
    """Run the suite of `stage` over `measures` (doc_id and numbers or flags), in a database of its own."""
    with duckdb.connect() as connection:
        connection.register("measures", measures.to_arrow())
        return judge_table(stage, connection, "measures", folder)


def judge_table(
    stage: str, connection: duckdb.DuckDBPyConnection, table: str, folder: Path = SUITES
) -> Verdict:
    """Run the suite of `stage` over a table or view of `connection`, seeing its open transaction.

    The table has a column doc_id. A document that fails several expectations is rejected by the first of them.
    """
    suite = read_suite(stage, folder)
    found = _validate(suite, connection, table)
    rows = [_judge(stage, expectation, found[expectation.name], connection) for expectation in suite]
    rejected = pl.concat([pl.DataFrame(schema=REJECTED), *(failing for _, failing in rows)])
    results = pl.DataFrame([row for row, _ in rows], schema=QUALITY, orient="row")
    critical = tuple(
        f"{row[2]}: {row[5]}; {expectation.because}"
        for expectation, (row, _) in zip(suite, rows, strict=True)
        if not row[4] and expectation.severity == "critical"
    )
    return Verdict(results, rejected.unique("doc_id", keep="first", maintain_order=True), critical)


def warm_up() -> None:
    """Import Great Expectations, which takes seconds, before it is needed."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import great_expectations.expectations  # noqa: F401


def _validate(
    suite: tuple[Expectation, ...], connection: duckdb.DuckDBPyConnection, table: str
) -> dict[str, dict[str, Any]]:
    """Return Great Expectations' result for each expectation, by name."""
    warm_up()
    import great_expectations as gx
    from great_expectations import expectations as gxe
    from great_expectations.data_context.types.base import ProgressBarsConfig

    from expectations.link import engine_arguments

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own deprecations, and duckdb-engine's
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        source = context.data_sources.add_sql(
            name=table, connection_string="duckdb:///:memory:", kwargs=engine_arguments(connection)
        )
        batch = (
            source.add_table_asset(name=table, table_name=table)
            .add_batch_definition_whole_table("all")
            .get_batch()
        )
        checks = gx.ExpectationSuite(
            name=table,
            expectations=[
                getattr(gxe, "".join(part.title() for part in ("expect_" + expectation.type).split("_")))(
                    **expectation.arguments, severity=expectation.severity, meta={"name": expectation.name}
                )
                for expectation in suite
            ],
        )
        outcome = batch.validate(
            checks,
            result_format={
                "result_format": "COMPLETE",
                "unexpected_index_column_names": ["doc_id"],
                "return_unexpected_index_query": True,
            },
        )
    return {result.expectation_config.meta["name"]: result.to_json_dict() for result in outcome.results}


def _judge(
    stage: str, expectation: Expectation, found: dict[str, Any], connection: duckdb.DuckDBPyConnection
) -> tuple[tuple[Any, ...], pl.DataFrame]:
    """Turn one result into a row of QUALITY and the REJECTED rows it asks for.

    Raises RuntimeError where the expectation could not be checked at all: a suite that names a column wrongly
    must not look like bad data.
    """
    detail = found["result"]
    if not found["success"] and not detail:
        raise RuntimeError(
            f"{stage}.yaml: {expectation.name} could not be checked: {found['exception_info']}"
        )
    failing = pl.DataFrame(schema={"doc_id": pl.String, "seen": pl.String})
    if detail.get("unexpected_count") and detail.get("unexpected_index_query"):
        rows = connection.execute(detail["unexpected_index_query"]).fetchall()
        failing = pl.DataFrame([(row[0], str(row[-1])) for row in rows], schema=failing.schema, orient="row")
    column = expectation.arguments.get("column", "rows")
    observed = detail.get("observed_value")
    n_unexpected = int(detail.get("unexpected_count") or 0)
    text = (
        f"{column} = {observed}"
        if observed is not None
        else f"{n_unexpected} of {detail.get('element_count', 0)}"
    )
    row = (
        stage,
        stage,
        expectation.name,
        expectation.severity,
        bool(found["success"]),
        text,
        n_unexpected,
        failing["doc_id"].unique(maintain_order=True).sort().head(_SHOWN).to_list(),
    )
    if expectation.severity == "critical":
        return row, pl.DataFrame(schema=REJECTED)
    rejected = failing.select(
        "doc_id",
        stage=pl.lit(stage),
        expectation=pl.lit(expectation.name),
        detail=pl.lit(f"{column} = ") + pl.col("seen") + pl.lit(f": {expectation.because}"),
    )
    return row, rejected
