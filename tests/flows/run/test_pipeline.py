"""The run as a whole: what it loads, that it is deterministic and incremental, and never seen in part."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pytest

from copydesk.flows.errors import Busy, GateFailed
from copydesk.flows.io.warehouse import reading, run_lock
from copydesk.flows.settings import read_settings
from copydesk.warehouse.audit import audit, run_checks
from tests.conftest import ARTICLES, dump, load, rows, tamper

pytestmark = pytest.mark.usefixtures("stub_tagger")


def broken(home: Path) -> list[str]:
    with reading(read_settings(home=home)) as warehouse:
        return [check for check, n, _ in audit(warehouse).iter_rows() if n]


def file_name(uri: str) -> str:
    return uri.rsplit("/", 1)[-1]


def test_a_second_run_loads_nothing(tmp_path: Path, home: Path, article: Callable[..., str]) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for seed in range(4):
        (folder / f"{seed}.txt").write_text(article(seed))
    (folder / "empty.txt").touch()
    first = load(home, folder)
    before = dump(home)
    second = load(home, folder)
    assert (first.n_loaded, first.n_quarantined, first.n_known) == (4, 1, 0)
    assert (second.n_loaded, second.n_quarantined, second.n_known) == (0, 0, 5)
    after = dump(home)
    for table in ("raw_documents", "documents", "edits", "mentions", "quarantine", "signatures", "entities"):
        assert after[table] == before[table]
    assert broken(home) == []


def test_a_better_copy_in_a_later_run_becomes_the_canonical_document(
    tmp_path: Path, one_article: Path, article: Callable[..., str], empty_suites: Path
) -> None:
    (tmp_path / "late.txt").write_text(article(1, extra="The board meets again on Friday."))
    assert rows(one_article, "SELECT count(*) FROM articles") == [(1,)]
    result = load(one_article, tmp_path / "late.txt", suites=empty_suites)
    assert (result.n_loaded, result.n_duplicates) == (1, 0)
    assert [file_name(uri) for (uri,) in rows(one_article, "SELECT uri FROM articles")] == ["late.txt"]
    found = rows(one_article, "SELECT uri, kind FROM duplicates")
    assert [(file_name(uri), kind) for uri, kind in found] == [("a.txt", "near")]
    assert broken(one_article) == []


def test_a_copy_at_another_place_is_named(
    tmp_path: Path, one_article: Path, article: Callable[..., str], empty_suites: Path
) -> None:
    (tmp_path / "b.txt").write_text(article(1))
    result = load(one_article, tmp_path / "b.txt", suites=empty_suites)
    assert (result.n_loaded, result.n_duplicates) == (0, 1)
    found = rows(one_article, "SELECT uri, kind, doc_id = canonical_doc_id FROM duplicates")
    assert [(file_name(uri), kind, same) for uri, kind, same in found] == [("b.txt", "exact", True)]
    assert rows(one_article, "SELECT n_duplicates FROM articles") == [(1,)]
    assert broken(one_article) == []


def test_a_changed_file_is_a_revision(
    tmp_path: Path, home: Path, article: Callable[..., str], empty_suites: Path
) -> None:
    file = tmp_path / "a.txt"
    file.write_text(article(1))
    load(home, file, suites=empty_suites)
    file.write_text(article(7))
    load(home, file, suites=empty_suites)
    ((old,),) = rows(home, "SELECT doc_id FROM documents WHERE revision_of IS NULL")
    assert rows(home, "SELECT revision_of FROM documents WHERE revision_of IS NOT NULL") == [(old,)]


def test_a_critical_expectation_stops_the_run_and_nothing_is_published(
    tmp_path: Path, home: Path, article: Callable[..., str]
) -> None:
    suites = tmp_path / "suites"
    shutil.copytree(read_settings().suites, suites)
    with (suites / "clean.yaml").open("a") as suite:
        suite.write(
            "\n- {name: long_reads_only, severity: critical, expect: column_values_to_be_between,"
            " column: n_words, min_value: 5000, because: we print long reads}\n"
        )
    (tmp_path / "a.txt").write_text(article())
    with pytest.raises(GateFailed, match=r"clean.*long_reads_only.*1 of 1.*long reads"):
        load(home, tmp_path / "a.txt", suites=suites)
    assert rows(home, "SELECT state FROM runs") == [("failed",)]
    assert rows(home, "SELECT count(*) FROM documents") == [(0,)]
    assert rows(home, "SELECT n_unexpected FROM quality_results WHERE expectation = 'long_reads_only'") == [
        (1,)
    ]
    assert load(home, tmp_path / "a.txt").n_loaded == 1


def test_the_load_suite_sees_the_open_transaction(
    tmp_path: Path, home: Path, article: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A law broken by the load itself rolls the whole load back."""
    from copydesk.warehouse import publish as module

    statements = shutil.copytree(module.STATEMENTS, tmp_path / "statements")
    (statements / "damage.sql").write_text("UPDATE documents SET text = text || '!'")
    monkeypatch.setattr(module, "STATEMENTS", statements)
    monkeypatch.setattr(module, "LOAD", (*module.LOAD, "damage"))
    (tmp_path / "a.txt").write_text(article())
    with pytest.raises(GateFailed, match="kept_and_removed_add_up"):
        load(home, tmp_path / "a.txt")
    assert rows(home, "SELECT count(*) FROM documents") == [(0,)]
    assert rows(home, "SELECT state FROM runs") == [("failed",)]


def test_two_runs_do_not_share_a_home(home: Path) -> None:
    settings = read_settings(home=home)
    with run_lock(settings), pytest.raises(Busy, match="another run holds"):
        load(home, ARTICLES)


def test_a_reader_keeps_a_run_waiting_and_then_gets_a_clear_word(tmp_path: Path, one_article: Path) -> None:
    hold = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(1, flush=True); sys.stdin.read()"
    holder = subprocess.Popen(
        [sys.executable, "-c", hold, str(one_article / "copydesk.duckdb")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(Busy, match="close it and try again"):
            load(one_article, ARTICLES, wait_seconds=0.5)
        holder.communicate()


def test_tampering_is_found_by_the_audit_of_a_fresh_connection(one_article: Path) -> None:
    assert broken(one_article) == []
    tamper(one_article, "UPDATE documents SET title = title || '!'")
    assert broken(one_article) == ["documents_are_as_loaded", "tables_are_as_written"]


def test_readers_of_the_warehouse_never_see_half_a_run(
    tmp_path: Path,
    one_article: Path,
    article: Callable[..., str],
    empty_suites: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """When everything is inserted and not committed yet, another connection still sees the state before the run."""
    seen = []

    def look(warehouse: duckdb.DuckDBPyConnection, run_id: str) -> pl.DataFrame:
        for table in ("documents", "articles", "edits", "runs", "signatures"):
            query = f"SELECT count(*) FROM {table}"
            inside, outside = (
                warehouse.execute(query).fetchone(),
                warehouse.cursor().execute(query).fetchone(),
            )
            seen.append((table, inside, outside))
        return run_checks(warehouse, run_id)

    before = {name: rows(one_article, f"SELECT count(*) FROM {name}")[0] for name in ("documents", "edits")}
    monkeypatch.setattr("copydesk.flows.stages.load.run_checks", look)
    (tmp_path / "b.txt").write_text(article(6))
    load(one_article, tmp_path / "b.txt", suites=empty_suites)
    assert [table for table, inside, outside in seen if inside == outside] == []
    assert {table: outside for table, _, outside in seen if table in before} == before
    assert seen[0] == ("documents", (2,), (1,))
    assert rows(one_article, "SELECT count(*) FROM documents") == [(2,)]
