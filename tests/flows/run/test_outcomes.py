"""Great Expectations' results as JSON: one file per stage, for the last runs; the old HTML pages are removed."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from copydesk.expectations.suite import SCOPES
from copydesk.flows.run.outcomes import KEPT, write_outcomes
from copydesk.flows.settings import Settings, read_settings
from copydesk.flows.staging.folder import Staging
from tests.conftest import load, rows

FOUND = {"clean documents": {"success": True, "results": [], "meta": {"source": "“Ñandú”"}}}


@pytest.fixture
def settings(home: Path) -> Settings:
    return read_settings(home=home)


def staged(settings: Settings, run_id: str, **outcomes: dict[str, Any]) -> Staging:
    staging = Staging(settings.staging / run_id)
    staging.note("identity", {"run_id": run_id})
    for stage, found in outcomes.items():
        staging.note(f"{stage}-outcomes", found)
    return staging


def files(settings: Settings) -> list[str]:
    folder = settings.reports / "expectations"
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_run_leaves_what_great_expectations_said_of_each_stage(sample_home: Path) -> None:
    ((run_id,),) = rows(sample_home, "SELECT run_id FROM runs")
    found = {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in (sample_home / "reports" / "expectations" / run_id).iterdir()
    }
    over = {f"{stage} {scope}" for stage in ("ingest", "clean", "dedupe", "tag") for scope in SCOPES}
    assert {view for views in found.values() for view in views} == {*over, "load documents"}
    assert all(view.startswith(f"{stage} ") for stage, views in found.items() for view in views)
    said = {
        (stage, result["expectation_config"]["meta"]["name"], result["success"])
        for stage, views in found.items()
        for view in views.values()
        for result in view["results"]
    }
    assert said == set(rows(sample_home, "SELECT stage, expectation, success FROM quality_results"))
    (words,) = [
        each
        for each in found["clean"]["clean documents"]["results"]
        if each["expectation_config"]["meta"]["name"] == "text_has_words"
    ]
    assert words["expectation_config"]["type"] == "expect_column_values_to_be_between"
    assert words["expectation_config"]["kwargs"]["min_value"] == 5
    assert (words["result"]["element_count"], words["result"]["unexpected_count"]) == (23, 1)
    assert words["result"]["partial_unexpected_list"] == [0]


def test_lists_are_cut_and_hold_no_text(tmp_path: Path, home: Path, article: Callable[..., str]) -> None:
    for number in range(30):
        (tmp_path / f"{number}.txt").write_text(f"Subscribe\nMenu {number}\n")
    (tmp_path / "a.txt").write_text(article())
    outcome = load(home, tmp_path)
    text = (home / "reports" / "expectations" / outcome.run_id / "clean.json").read_text(encoding="utf-8")
    results = [found["result"] for found in json.loads(text)["clean documents"]["results"]]
    assert max(result.get("unexpected_count", 0) for result in results) == 30
    assert max(len(part) for result in results for part in result.values() if isinstance(part, list)) == 20
    assert "Subscribe" not in text
    assert "Harbour" not in text


def test_a_stage_that_a_second_try_does_not_reach_leaves_no_old_file(settings: Settings) -> None:
    write_outcomes(settings, staged(settings, "a" * 16, ingest=FOUND, clean=FOUND))
    assert files(settings) == [f"{'a' * 16}/clean.json", f"{'a' * 16}/ingest.json"]
    staging = staged(settings, "a" * 16)
    staging.clear()
    folder = write_outcomes(settings, staged(settings, "a" * 16, ingest=FOUND))
    assert files(settings) == [f"{'a' * 16}/ingest.json"]
    assert json.loads((folder / "ingest.json").read_text(encoding="utf-8")) == FOUND


def test_the_last_runs_stay_and_what_is_not_ours(settings: Settings) -> None:
    mine = settings.reports / "expectations" / "notes" / "mine.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    for number in range(KEPT + 2):
        folder = write_outcomes(settings, staged(settings, f"{number:016x}", clean=FOUND))
        os.utime(folder, (number, number))
    expected = [f"{number:016x}/clean.json" for number in range(2, KEPT + 2)]
    assert files(settings) == [*expected, "notes/mine.txt"]


def test_the_first_run_removes_the_pages_of_earlier_versions(settings: Settings) -> None:
    folder = settings.reports / "expectations"
    old = ("index.html", "site.css", "results/a.json", "validations/a/clean.html", "expectations/clean.html")
    for name in (*old, "mine.html"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("old")
    write_outcomes(settings, staged(settings, "b" * 16, clean=FOUND))
    assert files(settings) == [f"{'b' * 16}/clean.json", "mine.html"]
    assert {path.name for path in folder.iterdir()} == {"b" * 16, "mine.html"}


def test_a_run_whose_suites_expect_nothing_leaves_no_file(settings: Settings) -> None:
    run = write_outcomes(settings, staged(settings, "0" * 16, ingest={}))
    assert not run.exists()
    assert files(settings) == []
