"""A section of the report, and a chapter of them."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from copydesk.flows.web.charts.marks import Chart
from copydesk.warehouse.schema import HERE

type Draw = Callable[[pl.DataFrame], Chart]


#: Folder of the SQL files, one per section.
FOLDER = HERE / "queries" / "report"


@dataclass(frozen=True)
class Section:
    """One section: heading, explanation, name of its SQL file, and chart function (`draw` None: a table).

    `wide` sections take the full width; in tables, doc_id becomes a link to the proof sheet of the document.
    """

    title: str
    about: str
    name: str
    draw: Draw | None = None
    wide: bool = False

    @property
    def sql(self) -> str:
        """Its query, a file of warehouse/queries/report."""
        return (FOLDER / f"{self.name}.sql").read_text(encoding="utf-8").strip()


@dataclass(frozen=True)
class Chapter:
    """Sections under one heading of the table of contents."""

    title: str
    sections: tuple[Section, ...]
