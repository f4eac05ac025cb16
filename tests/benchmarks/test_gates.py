"""False alarms of the gates, and which injected faults they must find."""

import shutil
from pathlib import Path

import pytest

from benchmarks.gates import FAULTS, INJECTED, inject, read_clean_month, score_alarms, simulate_month
from copydesk.expectations.suite import read_suite
from copydesk.transforms.quality.baselines import ALARMS

_STAGES = ("ingest", "clean", "dedupe", "tag")


def test_sources_without_a_fault_raise_few_alarms_and_those_with_one_are_seen() -> None:
    scored = score_alarms(200, 40, seed=3)
    total = (scored["alarms"] * scored["judged"]).sum() / scored["judged"].sum()
    assert total <= ALARMS
    assert scored["alarms"].max() <= 4 * ALARMS  # the number of records, with weekends that are the exception
    assert scored["seen"].min() >= 0.4
    assert scored["seen"].median() >= 0.9
    assert scored["judged"].min() > 5000


def test_every_learned_expectation_has_a_fault() -> None:
    learned = {each.name for stage in _STAGES for each in read_suite(stage) if each.learned}
    assert learned == set(FAULTS)


def test_faults_name_expectations_that_there_are() -> None:
    names = {each.name for stage in _STAGES for each in read_suite(stage)}
    assert {name for fault in INJECTED for name in fault.expected} <= names
    assert len(INJECTED) >= 12


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("month")


@pytest.mark.nightly
@pytest.mark.timeout(1500)
def test_a_clean_month_is_quiet_and_each_injected_fault_is_found(month: Path) -> None:
    home, folder = month / "home", month / "feeds"
    yesterday = simulate_month(home, folder, 14)
    clean = read_clean_month(home)
    by_severity = {row["severity"]: row for row in clean["by_severity"].to_dicts()}
    assert by_severity["critical"]["failed"] == 0
    for severity in ("warning", "notice"):
        assert by_severity[severity]["failed"] < 0.01 * float(by_severity[severity]["checked"])
    assert clean["quarantined"] < 0.01 * clean["read"]
    missed = [
        fault.name
        for fault in INJECTED
        if not set(inject(fault, home, folder, month / "aside", yesterday)) & set(fault.expected)
    ]
    shutil.rmtree(month / "aside")
    assert missed == []
