"""The gates in a run: limits of sources, a source's own history, what is told and what stops."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import polars as pl
import pytest

from copydesk.expectations.suite import SUITES
from copydesk.flows.errors import GateFailed, UsageError
from copydesk.flows.run.local_runner import LocalRunner
from copydesk.flows.run.pipeline import start
from copydesk.flows.settings import read_settings
from copydesk.flows.stages import clean
from tests.conftest import copydesk, load, rows, tamper

pytestmark = pytest.mark.usefixtures("stub_tagger")


def feed(folder: Path, article: Callable[..., str], numbers: range, **replaced: str) -> Path:
    """Write articles of one outlet."""
    outlet = folder / "northern-post"
    outlet.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        text = article(number)
        for old, new in replaced.items():
            text = text.replace(old, new)
        (outlet / f"{number:03}.txt").write_text(text)
    return outlet


def pretend_history(home: Path, **figures: Any) -> None:
    """Give northern-post ten daily runs with these figures, instead of those that it had."""
    columns = ", ".join(f"{value} AS {name}" for name, value in figures.items())
    tamper(
        home,
        f"""
        DELETE FROM source_runs;
        INSERT INTO runs BY NAME
        SELECT
            'old' || i AS run_id, now() - to_days(i::INT) AS started_at, 'completed' AS state, 0 AS n_records,
            0 AS n_known, 0 AS n_loaded, 0 AS n_duplicates, 0 AS n_quarantined, '0' AS code_version, '{{}}' AS settings
        FROM range(1, 11) AS t(i);
        INSERT INTO source_runs BY NAME
        SELECT
            'old' || i AS run_id, 'northern-post' AS source, 4 AS n_read, 0 AS n_known, 4 AS n_new,
            []::VARCHAR[] AS flagged, {columns}
        FROM range(1, 11) AS t(i);
        """,
    )


def test_a_run_leaves_the_figures_of_its_sources(sample_home: Path) -> None:
    found = rows(
        sample_home,
        "SELECT source, n_read, n_new, n_documents, lang, flagged FROM source_runs WHERE source = 'metro-wire'",
    )
    assert found == [("metro-wire", 6, 6, 5, "en", [])]
    assert rows(sample_home, "SELECT sum(n_new) FROM source_runs") == [(25,)]


def test_every_failure_is_kept_with_its_document_and_place(sample_home: Path) -> None:
    found = rows(
        sample_home,
        "SELECT f.expectation, f.severity, f.seen, f.uri = q.uri FROM quality_failures AS f "
        "INNER JOIN quarantine AS q USING (doc_id) WHERE f.expectation = q.expectation ORDER BY 1",
    )
    assert found == [
        ("record_is_not_empty", "warning", "n_bytes = 0", True),
        ("text_has_words", "warning", "n_words = 0", True),
    ]


def test_a_source_unlike_itself_goes_to_quarantine_whole(
    tmp_path: Path, one_article: Path, article: Callable[..., str]
) -> None:
    home = one_article
    pretend_history(home, median_kept=0.99, lang="'de'", lang_share=1.0, n_documents=4)
    result = load(home, feed(tmp_path / "b", article, range(2, 5)))
    assert (result.n_records, result.n_quarantined) == (3, 3)
    found = rows(home, "SELECT DISTINCT expectation, detail FROM quarantine")
    assert [row[0] for row in found] == ["language_as_usual"]
    assert "lang_share = 0, usual at least" in found[0][1]
    flagged = rows(home, f"SELECT flagged FROM source_runs WHERE run_id = '{result.run_id}'")
    assert flagged == [(["language_as_usual"],)]


def test_a_limits_file_is_obeyed_and_checked_before_anything_is_read(
    tmp_path: Path, home: Path, article: Callable[..., str]
) -> None:
    outlet = feed(tmp_path, article, range(2))
    limits = tmp_path / "limits.toml"
    limits.write_text('["*".language_is_wanted]\nseverity = "warning"\nvalue_set = ["de"]\n')
    assert load(home, outlet, limits=limits).n_quarantined == 2
    assert rows(home, "SELECT DISTINCT expectation FROM quarantine") == [("language_is_wanted",)]
    limits.write_text("[northern-post]\nnonsense = 1\n")
    with pytest.raises(UsageError, match='unknown expectation "nonsense"'):
        load(home, tmp_path / "nowhere", limits=limits)


@pytest.mark.nightly
def test_a_notice_is_told_and_nothing_is_withheld(
    tmp_path: Path, home: Path, article: Callable[..., str]
) -> None:
    load(home, feed(tmp_path / "a", article, range(1)))
    pretend_history(home, median_words=3000.0, median_kept=0.99)
    ended = copydesk(home, "run", str(feed(tmp_path / "b", article, range(1, 4))), "--direct")
    assert ended.returncode == 0, ended.stderr
    assert "notice" in ended.stdout
    assert "as_long_as_usual: northern-post median_words = " in ended.stdout
    assert rows(home, "SELECT count(*) FROM quarantine") == [(0,)]


def test_a_lost_record_stops_the_run_and_the_line_says_how_to_look(
    tmp_path: Path, home: Path, article: Callable[..., str]
) -> None:
    outlet = feed(tmp_path, article, range(3))
    whole = clean.clean_measures

    def lossy(*frames: pl.DataFrame) -> pl.DataFrame:
        return whole(*frames).head(2)

    with patch("copydesk.flows.stages.clean.clean_measures", lossy), pytest.raises(GateFailed) as caught:
        load(home, outlet)
    line = str(caught.value)
    assert line.startswith("the gate after clean stopped the run: every_record_is_cleaned: n_missing = 1: ")
    command = line.split("see: ")[1]
    query = command.split('"')[1]
    ((run_id,),) = rows(home, "SELECT run_id FROM runs")
    found = (run_id, "clean", "every_record_is_cleaned", "critical", None, None, "n_missing = 1", None)
    assert rows(home, query) == [found]
    assert rows(home, "SELECT state FROM runs") == [("failed",)]
    assert rows(home, "SELECT count(*) FROM documents") == [(0,)]


def test_a_run_that_was_stopped_is_in_the_report_and_in_the_results_beside_it(
    tmp_path: Path, home: Path, article: Callable[..., str]
) -> None:
    suites = tmp_path / "suites"
    shutil.copytree(SUITES, suites)
    text = (suites / "clean.yaml").read_text().replace("severity: warning", "severity: critical")
    (suites / "clean.yaml").write_text(text)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "menu.txt").write_text("Subscribe\nLog in\nHome\n")
    with pytest.raises(GateFailed, match="text_has_words: 1 of 1 documents: fewer than 5 words") as caught:
        start([str(tmp_path / "in")], read_settings(home=home, suites=suites), LocalRunner())
    assert "\n" not in str(caught.value)
    report = (home / "reports" / "index.html").read_text()
    assert ">failed</strong>" in report
    assert "text_has_words" in report
    assert "n_words at least 5" in report
    ((run_id,),) = rows(home, "SELECT run_id FROM runs")
    files = sorted((home / "reports" / "expectations").rglob("*.*"))
    assert [file.relative_to(home / "reports" / "expectations").as_posix() for file in files] == [
        *(f"{run_id}/clean.json", f"{run_id}/ingest.json"),
    ]
    assert json.loads(files[0].read_text())["clean documents"]["success"] is False


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("column: n_words", "column: n_wards", "suite clean.yaml: text_has_words could not be checked"),
        ("severity: warning", "severity: fatal", "suite clean.yaml: text_has_words has severity 'fatal'"),
    ],
)
def test_a_wrong_suite_is_one_line_and_exit_2(
    tmp_path: Path, home: Path, article: Callable[..., str], old: str, new: str, words: str
) -> None:
    suites = tmp_path / "suites"
    shutil.copytree(SUITES, suites)
    text = (suites / "clean.yaml").read_text()
    (suites / "clean.yaml").write_text(text.replace(old, new, 1))
    with pytest.raises(UsageError) as caught:
        load(home, feed(tmp_path, article, range(1)), suites=suites)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500


def test_a_critical_line_names_three_documents(
    tmp_path: Path, home: Path, article: Callable[..., str]
) -> None:
    whole = clean.clean_measures

    def off(*frames: pl.DataFrame) -> pl.DataFrame:
        return whole(*frames).with_columns(unaccounted=pl.lit(7, pl.Int64))

    with patch("copydesk.flows.stages.clean.clean_measures", off), pytest.raises(GateFailed) as caught:
        load(home, feed(tmp_path, article, range(5)))
    assert "edits_account_for_the_text: 5 of 5 documents: " in str(caught.value)
    found = rows(home, "SELECT doc_id, uri FROM quality_failures ORDER BY doc_id")
    assert len(found) == 5
    assert f"first {', '.join(row[0] for row in found[:3])};" in str(caught.value)
    assert all(row[1].endswith(".txt") for row in found)
