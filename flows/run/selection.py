"""Which records in quarantine a command means."""

import os
from dataclasses import dataclass

import duckdb
import polars as pl

from copydesk.flows.errors import UsageError
from copydesk.flows.staging import STAGES
from copydesk.transforms.text.printable import escape_invisible
from copydesk.warehouse.queries import documents, quarantine


@dataclass(frozen=True)
class QuarantineFilter:
    """Which records in quarantine are meant: all, or those of the named documents, stage and expectation."""

    documents: tuple[str, ...] = ()
    stage: str | None = None
    expectation: str | None = None


def select_quarantined(warehouse: duckdb.DuckDBPyConnection, choice: QuarantineFilter) -> pl.DataFrame:
    """Return the chosen rows of :func:`copydesk.warehouse.queries.quarantine.rejected`: none where no
    record in quarantine is meant.

    A document is named as for `copydesk show`; a name may mean several. Raises UsageError for a stage or expectation
    that there is none, and for a document that was never read.
    """
    if choice.stage is not None and choice.stage not in STAGES:
        raise UsageError(f"no stage {escape_invisible(choice.stage)!r}; stages are {', '.join(STAGES)}")
    if choice.expectation is not None and choice.expectation not in quarantine.expectations(warehouse):
        failed = quarantine.rejected(warehouse)["expectation"].unique().sort()
        raise UsageError(
            f"no expectation {escape_invisible(choice.expectation)!r}; records in quarantine failed: "
            + (", ".join(map(escape_invisible, failed)) or "none")
        )
    rows = quarantine.rejected(warehouse, choice.stage, choice.expectation)
    if not choice.documents:
        return rows
    named = pl.concat([_find(warehouse, wanted) for wanted in choice.documents])
    return rows.join(named, on=["doc_id", "uri"], how="semi", maintain_order="left")


def find_documents(warehouse: duckdb.DuckDBPyConnection, wanted: str) -> pl.DataFrame:
    """Return doc_id and uri of every record that a command line may mean by `wanted`, a path as seen from here too."""
    return documents.find_documents(warehouse, wanted, f"file://{os.path.abspath(wanted)}")  # noqa: PTH100


def _find(warehouse: duckdb.DuckDBPyConnection, wanted: str) -> pl.DataFrame:
    found = find_documents(warehouse, wanted)
    if found.is_empty():
        raise UsageError(
            f"no document {escape_invisible(wanted)!r} was ever read; see: copydesk quarantine list"
        )
    return found
