"""What the tests of retries share."""

from pathlib import Path
from typing import Any

from copydesk.flows.io.warehouse import reading
from copydesk.flows.run.local_runner import LocalRunner
from copydesk.flows.run.pipeline import RunResult, retry_quarantined
from copydesk.flows.run.selection import QuarantineFilter
from copydesk.flows.settings import read_settings
from copydesk.warehouse.audit import audit
from tests.conftest import rows


def broken(home: Path) -> list[str]:
    with reading(read_settings(home=home)) as warehouse:
        return [check for check, n, _ in audit(warehouse).iter_rows() if n]


def retry(home: Path, *documents: str, **flags: Any) -> RunResult | None:
    selection = QuarantineFilter(documents, flags.pop("stage", None), flags.pop("expectation", None))
    return retry_quarantined(selection, read_settings(home=home, **flags), LocalRunner())


def parts(result: RunResult | None) -> tuple[int, int, int, int]:
    """Return loaded, duplicates, quarantined, known."""
    assert result is not None
    return result.n_loaded, result.n_duplicates, result.n_quarantined, result.n_known


def states(home: Path) -> list[tuple[Any, ...]]:
    return rows(
        home, "SELECT parse_filename(uri), expectation, state, retried_by FROM quarantine ORDER BY rowid"
    )
