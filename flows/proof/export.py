"""Write the proof sheets that a report links to."""

from itertools import batched
from pathlib import Path
from re import fullmatch

import duckdb
import polars as pl

from copydesk.expectations.suite import SUITES
from copydesk.flows.io.files import write_whole
from copydesk.flows.io.resources import load_cleaning_resources
from copydesk.flows.proof.page import to_page
from copydesk.flows.proof.rejected import mark_again
from copydesk.flows.proof.sheet import Sheet, to_sheet
from copydesk.flows.settings import Settings
from copydesk.transforms.clean.stage import CleaningResources
from copydesk.warehouse.queries.proof import choose_proofs, read_proofs

#: One row per page.
PAGES: dict[str, pl.DataType | type[pl.DataType]] = {
    "doc_id": pl.String,
    "title": pl.String,
    "reason": pl.String,
    "path": pl.String,
}
#: Documents held in memory at a time.
_AT_ONCE = 50


def read_sheet(settings: Settings, connection: duckdb.DuckDBPyConnection, doc_id: str) -> Sheet:
    """Return the sheet of one document. A record that was rejected after clean gets the edits of today's rules.

    Raises UsageError if the cleaning resources cannot be read.
    """
    frames = read_proofs(connection, [doc_id])
    if frames[doc_id]["document"].is_empty() and "clean" in frames[doc_id]["quarantine"]["stage"]:
        frames = mark_again(frames, connection, load_cleaning_resources(settings))
    return to_sheet(frames[doc_id], settings.suites)


def write_proofs(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    run_id: str | None = None,
    *,
    resources: CleaningResources | None = None,
    suites: Path = SUITES,
) -> pl.DataFrame:
    """Write the pages of quarantined records and of a sample of changed documents as `folder`/DOC_ID.html.

    The sample is from `run_id`, by default the latest run that loaded something (see
    :func:`copydesk.warehouse.queries.proof.choose_proofs`). With `resources`, records that were rejected after clean
    show what cleaning removes. Pages of other documents are deleted, unchanged pages are not rewritten. Returns
    PAGES in the order of the selection; paths are relative to the parent of `folder`.
    """
    chosen = choose_proofs(connection, run_id)
    linked = frozenset(chosen["doc_id"])
    titles: dict[str, str] = {}
    for doc_ids in batched(chosen["doc_id"], _AT_ONCE):
        frames = read_proofs(connection, doc_ids)
        if resources is not None:
            frames = mark_again(frames, connection, resources)
        for doc_id in doc_ids:
            sheet = to_sheet(frames[doc_id], suites)
            titles[doc_id] = sheet.title
            _write(folder / f"{doc_id}.html", to_page(sheet, linked))
    _tidy(folder, linked)
    return chosen.select(
        "doc_id",
        pl.col("doc_id").replace_strict(titles, return_dtype=pl.String).alias("title"),
        "reason",
        pl.format("{}/{}.html", pl.lit(folder.name), "doc_id").alias("path"),
    ).cast(PAGES)  # type: ignore[arg-type]


def _write(path: Path, page: str) -> None:
    if not path.is_file() or path.read_bytes() != page.encode():
        write_whole(path, page)


def _tidy(folder: Path, wanted: frozenset[str]) -> None:
    """Delete proof pages that are not wanted; leave all other files alone."""
    for path in folder.glob("*.html"):
        if fullmatch(r"[0-9a-f]{32}", path.stem) and path.stem not in wanted:
            path.unlink()
