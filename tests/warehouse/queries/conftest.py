"""The warehouse of the sample articles, open to read."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from copydesk.warehouse.schema import connect


@pytest.fixture
def sample(sample_home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Return the warehouse of the sample articles, open to read."""
    with connect(sample_home / "copydesk.duckdb", read_only=True) as connection:
        yield connection
