"""Which records in quarantine a command selects."""

from dataclasses import dataclass

import duckdb
import polars as pl

from copydesk.flows.errors import UsageError
from copydesk.flows.io.file_uris import to_path, to_uri
from copydesk.flows.io.inputs import portable
from copydesk.flows.staging.frames import STAGES
from copydesk.transforms.text.printable import escape_invisible
from copydesk.warehouse.queries import documents, quarantine


@dataclass(frozen=True)
class QuarantineFilter:
    """Selects records in quarantine: all, or those of the named documents, stage and expectation."""

    documents: tuple[str, ...] = ()
    stage: str | None = None
    expectation: str | None = None


def select_quarantined(warehouse: duckdb.DuckDBPyConnection, selection: QuarantineFilter) -> pl.DataFrame:
    """Return the selected rows of :func:`copydesk.warehouse.queries.quarantine.rejected`.

    A document is named as for `copydesk show`; a name may match several. Raises UsageError for an unknown stage or
    expectation, and for a document that no run has read.
    """
    if selection.stage is not None and selection.stage not in STAGES:
        raise UsageError(f"no stage {escape_invisible(selection.stage)!r}; stages are {', '.join(STAGES)}")
    if selection.expectation is not None and selection.expectation not in quarantine.expectations(warehouse):
        failed = quarantine.rejected(warehouse)["expectation"].unique().sort()
        raise UsageError(
            f"no expectation {escape_invisible(selection.expectation)!r}; records in quarantine failed: "
            + (", ".join(map(escape_invisible, failed)) or "none")
        )
    rows = quarantine.rejected(warehouse, selection.stage, selection.expectation)
    if not selection.documents:
        return rows
    named = pl.concat([_find(warehouse, wanted) for wanted in selection.documents])
    return rows.join(named, on=["doc_id", "uri"], how="semi", maintain_order="left")


def find_documents(warehouse: duckdb.DuckDBPyConnection, wanted: str) -> pl.DataFrame:
    """Return doc_id and uri of every record that `wanted` may name: the start of a doc_id, a path, a uri or its end."""
    return documents.find_documents(warehouse, portable(wanted), to_uri(to_path(wanted)))


def _find(warehouse: duckdb.DuckDBPyConnection, wanted: str) -> pl.DataFrame:
    found = find_documents(warehouse, wanted)
    if found.is_empty():
        raise UsageError(
            f"no document {escape_invisible(wanted)!r} was ever read; see: copydesk quarantine list"
        )
    return found
