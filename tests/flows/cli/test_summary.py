"""What a run prints at its end."""

from pathlib import Path

from tests.conftest import rows


def test_the_suggested_queries_run(loaded: Path) -> None:
    from copydesk.flows.cli.summary import QUERIES

    for query in QUERIES:
        assert rows(loaded, query)
