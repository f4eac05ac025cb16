"""The warehouse for one request: its queries are bounded as those of `copydesk sql` are."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from copydesk.flows.settings import read_settings
from copydesk.flows.ui.app import make_app
from copydesk.flows.ui.view import warehouse
from copydesk.warehouse.schema import connect, migrate


@pytest.mark.parametrize(
    ("sql", "limits", "error"),
    [
        (
            "SELECT sum(a.range * b.range) FROM range(10_000_000) a, range(100_000) b",
            {"query_seconds": 0.5},
            duckdb.InterruptException,
        ),
        (
            "SELECT count(DISTINCT range || 'x') FROM range(30_000_000)",
            {"query_mb": 100},
            duckdb.OutOfMemoryException,
        ),
    ],
    ids=["time", "memory"],
)
def test_a_query_that_passes_a_limit_ends_and_has_a_page(
    tmp_path: Path, sql: str, limits: dict[str, Any], error: type[Exception]
) -> None:
    with connect(tmp_path / "copydesk.duckdb") as connection:
        migrate(connection)
    settings = read_settings(home=tmp_path, **limits)
    request: Any = SimpleNamespace(app=SimpleNamespace(state=SimpleNamespace(settings=settings)))
    with pytest.raises(error), warehouse(request) as connection:
        connection.execute("SET max_temp_directory_size = '0B'")
        connection.execute(sql)
    handlers = make_app(settings, None).exception_handlers  # type: ignore[arg-type]
    assert handlers[error] is not handlers[duckdb.Error]
