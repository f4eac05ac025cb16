"""The sections of the report: each query runs, each chart draws what its query returns, no query is left over."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from copydesk.flows.report.section import FOLDER, Section
from copydesk.flows.report.sections import CHAPTERS
from copydesk.flows.web.charts.marks import Chart

SECTIONS = [section for chapter in CHAPTERS for section in chapter.sections]
#: Sections that have rows only after several runs, or after a run that failed.
LATER = {"rising", "failed_before", "named_together"}


@pytest.fixture
def warehouse(sample_home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(sample_home / "copydesk.duckdb", read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection


def test_every_query_is_in_one_section() -> None:
    assert sorted(section.name for section in SECTIONS) == sorted(path.stem for path in FOLDER.glob("*.sql"))


def test_headings_are_told_apart_and_explained() -> None:
    for each in (SECTIONS, CHAPTERS):
        titles = [one.title for one in each]
        assert len(set(titles)) == len(titles)
    assert all(section.about.endswith(".") for section in SECTIONS)


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
def test_a_query_answers_and_its_chart_is_drawn(
    section: Section, warehouse: duckdb.DuckDBPyConnection
) -> None:
    found = warehouse.sql(section.sql).pl()
    assert len(found) > 0 or section.name in LATER
    assert not [name for name, dtype in found.schema.items() if dtype == pl.Binary]
    if section.draw is not None:
        assert isinstance(section.draw(found), Chart)


@pytest.mark.parametrize(
    "section", [section for section in SECTIONS if section.draw], ids=lambda section: section.name
)
def test_a_chart_of_nothing_is_drawn_too(section: Section, warehouse: duckdb.DuckDBPyConnection) -> None:
    assert section.draw is not None
    assert isinstance(section.draw(warehouse.sql(section.sql).pl().clear()), Chart)
