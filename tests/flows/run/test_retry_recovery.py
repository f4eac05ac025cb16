"""A retry that was killed: the same command given again ends in the same warehouse."""

import shutil
from pathlib import Path

import pytest

from copydesk.flows.io.warehouse import reading
from copydesk.flows.run.local_runner import LocalRunner
from copydesk.flows.run.pipeline import RunResult, retry_quarantined
from copydesk.flows.run.selection import QuarantineFilter
from copydesk.flows.settings import read_settings
from copydesk.warehouse.audit import audit
from tests.conftest import ARTICLES, dump, load
from tests.flows.conftest import kill_process_after

pytestmark = pytest.mark.usefixtures("stub_tagger")


def broken(home: Path) -> list[str]:
    with reading(read_settings(home=home)) as warehouse:
        return [check for check, n, _ in audit(warehouse).iter_rows() if n]


def retry(home: Path) -> RunResult | None:
    return retry_quarantined(QuarantineFilter(), read_settings(home=home), LocalRunner())


@pytest.fixture(scope="module")
def rejected(tmp_path_factory: pytest.TempPathFactory, stub_tagger: None, strict_suites: Path) -> Path:
    """Return a home in which all samples were rejected, and the same after an undisturbed retry beside it."""
    base = tmp_path_factory.mktemp("rejected")
    load(base / "home", ARTICLES, suites=strict_suites)
    shutil.copytree(base / "home", base / "undisturbed")
    retry(base / "undisturbed")
    return base


@pytest.mark.nightly
@pytest.mark.parametrize("stage", ["ingest", "clean", "dedupe", "tag", "load"])
def test_a_killed_retry_given_again_ends_in_the_same_warehouse(
    stage: str, rejected: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(rejected / "home", home)
    kill_process_after(home, stage, "quarantine", "retry", "--direct")
    result = retry(home)
    assert result is not None
    assert result.resumed
    assert result.n_loaded == 20
    assert dump(home) == dump(rejected / "undisturbed")
    assert list((home / "staging").glob("*")) == []
    assert broken(home) == []
