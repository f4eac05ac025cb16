"""Validation by Great Expectations, and its results: one finding per expectation."""

import logging
import os
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl

from copydesk.expectations.suite import Expectation

if TYPE_CHECKING:
    from great_expectations.datasource.fluent import SQLDatasource

SHOWN = 20  # rows kept beside a result
#: What the rows of a suite over documents are in stages in which they are something else.
_ROWS = {"ingest": "records", "load": "laws"}


@dataclass(frozen=True)
class Finding:
    """The result of one expectation.

    `failing` has one row per failing row: row (the doc_id, the source, or "run") and seen (its value in words).
    `n_checked` is the number of rows, `observed` the observed values in words.
    """

    expectation: Expectation
    success: bool
    n_checked: int
    n_unexpected: int
    observed: str
    failing: pl.DataFrame

    @property
    def stops(self) -> bool:
        """Whether it must stop the run."""
        return not self.success and self.expectation.severity == "critical"

    @property
    def line(self) -> str:
        """What failed, what that means, and up to three rows, in one line."""
        rows = self.failing["row"].sort().head(3).to_list() if self.expectation.over != "run" else []
        examples = f"; first {', '.join(rows)}" if rows else ""
        return f"{self.expectation.name}: {self.observed}: {self.expectation.because}{examples}"

    def result(self, stage: str) -> tuple[Any, ...]:
        """Return the row of QUALITY."""
        expectation = self.expectation
        rows = self.failing["row"].sort().head(SHOWN).to_list() if expectation.over == "documents" else []
        return (
            *(stage, stage, expectation.name, expectation.severity, self.success, self.observed),
            *(self.n_unexpected, rows, self.n_checked),
            *(expectation.over, expectation.only, expectation.because, expectation.asks),
        )


def warm_up() -> None:
    """Import Great Expectations, which takes seconds, ahead of its use."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import great_expectations.expectations  # noqa: F401


def open_source(connection: duckdb.DuckDBPyConnection) -> "SQLDatasource":
    """Return Great Expectations' data source of a connection, for :func:`validate`; making one takes 10 ms."""
    warm_up()
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    from copydesk.expectations.duckdb_sqlalchemy import URL, engine_arguments

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own deprecations, and duckdb-engine's
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        return context.data_sources.add_sql(
            name="measures", connection_string=URL, kwargs=engine_arguments(connection)
        )


def validate(suite: list[Expectation], source: "SQLDatasource", table: str) -> dict[str, Any]:
    """Return Great Expectations' validation result of `suite` over a table, as JSON.

    The names of expectations are in `meta`; lists of values are cut to 20.
    """
    import great_expectations as gx
    from great_expectations import expectations as gxe

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        batch = (
            source.add_table_asset(name=table, table_name=table)
            .add_batch_definition_whole_table("all")
            .get_batch()
        )
        checks = gx.ExpectationSuite(name=table, expectations=[_to_gx(gxe, each) for each in suite])
        outcome: dict[str, Any] = batch.validate(
            checks,
            result_format={
                "result_format": "COMPLETE",
                "unexpected_index_column_names": ["doc_id"],
                "return_unexpected_index_query": True,
            },
        ).to_json_dict()
    for found in outcome["results"]:  # some lists have an item for each row
        detail = found["result"] or {}
        found["result"] = {
            name: part[:SHOWN] if isinstance(part, list) else part for name, part in detail.items()
        }
    return outcome


def _to_gx(gxe: Any, expectation: Expectation) -> Any:
    """Return Great Expectations' expectation; that of a learned one checks the flag of its baseline."""
    kind, arguments = expectation.type, expectation.arguments
    if expectation.learned:
        kind, arguments = "column_values_to_be_in_set", {"column": expectation.name, "value_set": [True]}
    severity = "info" if expectation.severity == "notice" else expectation.severity
    meta = {
        "name": expectation.name,
        "severity": expectation.severity,
        "over": expectation.over,
        "because": expectation.because,
    }
    make = getattr(gxe, "".join(part.title() for part in ("expect_" + kind).split("_")))
    return make(**arguments, severity=severity, meta=meta)


def read_finding(
    stage: str, expectation: Expectation, found: dict[str, Any], connection: duckdb.DuckDBPyConnection
) -> Finding:
    """Return the finding of one of Great Expectations' results. Raises RuntimeError when it could not be checked."""
    detail = found["result"]
    if not found["success"] and not detail:
        raise RuntimeError(f"{stage}.yaml: {expectation.name} could not be checked: {_fault(found)}")
    failing = pl.DataFrame(schema={"row": pl.String, "seen": pl.String})
    n_unexpected = int(detail.get("unexpected_count") or 0)
    if n_unexpected and detail.get("unexpected_index_query"):
        failing = _read_failing(expectation, detail["unexpected_index_query"], connection)
    value = detail.get("observed_value")
    n_checked = int(detail.get("element_count") or 0) - int(detail.get("missing_count") or 0)
    if value is not None:
        observed = f"{expectation.column} = {value}"
    elif expectation.learned and not n_checked:
        observed = "no source has enough history yet"
    elif n_unexpected and expectation.over != "documents":
        observed = "; ".join(
            f"{row} {seen}" if expectation.over == "sources" else seen for row, seen in failing.head(3).rows()
        )
    else:
        rows = _ROWS.get(stage, "documents") if expectation.over == "documents" else expectation.over
        observed = "nothing" if rows == "run" else f"{n_unexpected} of {n_checked} {rows}"
    return Finding(expectation, bool(found["success"]), n_checked, n_unexpected, observed, failing)


def _fault(found: dict[str, Any]) -> str:
    """Return the first line of the error of a check."""
    info = found["exception_info"]
    messages = [
        info.get("exception_message"),
        *(each.get("exception_message") for each in info.values() if isinstance(each, dict)),
    ]
    return (
        str(next((message for message in messages if message), "no reason given"))
        .strip()
        .split("\n")[0][:300]
    )


def _read_failing(
    expectation: Expectation, query: str, connection: duckdb.DuckDBPyConnection
) -> pl.DataFrame:
    """Return row and seen of every row that failed. (Great Expectations itself returns at most twenty.)"""
    rows = connection.execute(query).fetchall()
    found = pl.DataFrame(
        [(row[0], f"{expectation.column} = {row[-1]}") for row in rows],
        schema={"row": pl.String, "seen": pl.String},
        orient="row",
    )
    if expectation.learned:
        said = connection.sql(f'SELECT source AS "row", "{expectation.name} said" AS seen FROM sources').pl()
        found = found.select("row").join(said, on="row", how="left")
    return found.unique("row", keep="first", maintain_order=True)
