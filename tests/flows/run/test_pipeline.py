"""The run as a whole: what it loads, that it is deterministic and incremental, and never seen in part."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import polars as pl
import pytest

from copydesk.flows.errors import Busy, GateFailed
from copydesk.flows.io.warehouse import reading, run_lock
from copydesk.flows.run.local_runner import LocalRunner
from copydesk.flows.run.pipeline import run_pipeline
from copydesk.flows.settings import read_settings
from copydesk.warehouse.audit import audit, run_checks
from tests.conftest import ARTICLES, dump, load, rows, tamper

pytestmark = pytest.mark.usefixtures("stub_tagger")


def broken(home: Path) -> list[str]:
    with reading(read_settings(home=home)) as warehouse:
        return [check for check, n, _ in audit(warehouse).iter_rows() if n]


def file_name(uri: str) -> str:
    return uri.rsplit("/", 1)[-1]


def test_samples_end_as_their_readme_says(sample_home: Path) -> None:
    merged = rows(
        sample_home,
        "SELECT kind, u.uri, d.uri FROM duplicates u JOIN documents d ON d.doc_id = u.canonical_doc_id",
    )
    assert {(kind, file_name(a), file_name(b)) for kind, a, b in merged} == {
        ("exact", "rail-strike-suspended.txt", "rail-strike-suspended.txt"),
        ("near", "bridge-shut-for-repairs.txt", "harbour-bridge-closure.txt"),
        ("contained", "dam-level-warning.txt", "reservoir-wardens.txt"),
    }
    rejected = rows(sample_home, "SELECT uri, stage, expectation FROM quarantine")
    assert {(file_name(uri), stage, expectation) for uri, stage, expectation in rejected} == {
        ("late-edition.txt", "ingest", "record_is_not_empty"),
        ("subscriber-page.txt", "clean", "text_has_words"),
    }
    assert rows(sample_home, "SELECT lang, count(*) FROM articles GROUP BY lang ORDER BY 1") == [
        ("en", 19),
        ("es", 1),
    ]
    assert rows(sample_home, "SELECT count(*) FROM articles WHERE title IS NULL") == [(0,)]
    assert broken(sample_home) == []


@pytest.mark.parametrize(
    "phrase",
    [
        "Skip to",
        "READ ALSO",
        "SIGHT:",
        "MORE IN",
        "Share on",
        "Leave a Reply",
        "Previous article[A-Z0-9]",
        "cookie policy",
        "min read",
    ],
)
def test_no_boilerplate_is_left_in_the_samples(sample_home: Path, phrase: str) -> None:
    found = rows(sample_home, f"SELECT uri FROM documents WHERE regexp_matches(text, '(?m)^{phrase}')")
    assert found == []


def test_entities_are_tagged_only_in_articles_whose_language_the_model_knows(sample_home: Path) -> None:
    tagged = rows(sample_home, "SELECT DISTINCT doc_id FROM mentions")
    english = rows(sample_home, "SELECT doc_id FROM articles WHERE lang = 'en'")
    assert set(tagged) <= set(english)
    assert len(tagged) > 15
    assert rows(
        sample_home, "SELECT count(*) FROM documents WHERE lang <> 'en' AND tagged_by IS NOT NULL"
    ) == [(0,)]


def test_every_gate_left_its_results(sample_home: Path) -> None:
    assert rows(sample_home, "SELECT DISTINCT stage FROM quality_results ORDER BY 1") == [
        ("clean",), ("dedupe",), ("ingest",), ("load",), ("tag",)
    ]  # fmt: skip
    failed = rows(
        sample_home, "SELECT expectation, n_unexpected FROM quality_results WHERE NOT success ORDER BY 1"
    )
    assert failed == [
        ("enough_is_kept", 1),
        ("language_is_known", 1),
        ("record_has_words", 1),
        ("record_is_not_empty", 1),
        ("text_has_words", 1),
    ]


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


class Threads(LocalRunner):
    """Runs batches side by side, the last one first."""

    def __init__(self, n_workers: int) -> None:
        super().__init__()
        self._n_workers = n_workers

    def map[*Ts](self, name: str, function: Callable[[*Ts], None], items: Sequence[tuple[*Ts]]) -> None:
        with ThreadPoolExecutor(self._n_workers) as workers:
            list(workers.map(lambda item: function(*item), reversed(items)))


#: Runs the pipeline with another hash seed: home, megabytes per batch, workers, inputs.
_APART = """
import sys
from copydesk.flows.run.pipeline import run_pipeline
from copydesk.flows.run.local_runner import LocalRunner
from copydesk.flows.run.pipeline import run_pipeline
from copydesk.flows.settings import read_settings
from tests.flows.run.test_pipeline import Threads
home, batch_mb, workers, *inputs = sys.argv[1:]
run_pipeline(inputs, read_settings(home=home, batch_mb=float(batch_mb)), Threads(int(workers)))
"""


@pytest.fixture
def files(tmp_path: Path, article: Callable[..., str]) -> list[Path]:
    """Return six articles, two of them nearly the same."""
    paths = [tmp_path / "in" / f"{seed}.txt" for seed in range(6)]
    paths[0].parent.mkdir()
    for seed, path in enumerate(paths):
        path.write_text(article(seed % 5, extra="A line of its own." if seed == 5 else ""))
    return paths


def content(home: Path) -> dict[str, list[str]]:
    """Return the tables that must not depend on how a run was cut up, without the run's id."""
    run_id = str(rows(home, "SELECT run_id FROM runs")[0][0])
    names = (
        "raw_documents",
        "documents",
        "edits",
        "duplicates",
        "mentions",
        "entities",
        "signatures",
        "story_documents",
    )
    return {
        name: [row.replace(run_id, "") for row in found]
        for name, found in dump(home).items()
        if name in names
    }


def test_order_batches_and_workers_do_not_matter(tmp_path: Path, files: list[Path]) -> None:
    load(tmp_path / "one", *files)
    settings = read_settings(home=tmp_path / "other", batch_mb=0.001)
    run_pipeline([str(path) for path in reversed(files)], settings, Threads(3))
    assert content(tmp_path / "one") == content(tmp_path / "other")
    assert len(content(tmp_path / "one")["mentions"]) >= 5


@pytest.mark.nightly
def test_the_hash_seed_does_not_matter(tmp_path: Path, files: list[Path]) -> None:
    load(tmp_path / "home", *files)
    for seed, batch_mb, workers in (("0", "32", "1"), ("1", "32", "4"), ("4711", "0.001", "4")):
        home = tmp_path / seed / "home"
        inputs = [str(path) for path in (files if seed == "0" else reversed(files))]
        command = [sys.executable, "-c", _APART, str(home), batch_mb, workers, *inputs]
        subprocess.run(command, check=True, env=os.environ | {"PYTHONHASHSEED": seed}, cwd=Path.cwd())
        assert content(home) == content(tmp_path / "home")
        if batch_mb == "32":
            assert dump(home) == dump(tmp_path / "home")


def test_a_better_copy_in_a_later_run_becomes_the_canonical_document(
    tmp_path: Path, one_article: Path, article: Callable[..., str]
) -> None:
    (tmp_path / "late.txt").write_text(article(1, extra="The board meets again on Friday."))
    assert rows(one_article, "SELECT count(*) FROM articles") == [(1,)]
    result = load(one_article, tmp_path / "late.txt")
    assert (result.n_loaded, result.n_duplicates) == (1, 0)
    assert [file_name(uri) for (uri,) in rows(one_article, "SELECT uri FROM articles")] == ["late.txt"]
    found = rows(one_article, "SELECT uri, kind FROM duplicates")
    assert [(file_name(uri), kind) for uri, kind in found] == [("a.txt", "near")]
    assert broken(one_article) == []


def test_a_copy_at_another_place_is_named(
    tmp_path: Path, one_article: Path, article: Callable[..., str]
) -> None:
    (tmp_path / "b.txt").write_text(article(1))
    result = load(one_article, tmp_path / "b.txt")
    assert (result.n_loaded, result.n_duplicates) == (0, 1)
    found = rows(one_article, "SELECT uri, kind, doc_id = canonical_doc_id FROM duplicates")
    assert [(file_name(uri), kind, same) for uri, kind, same in found] == [("b.txt", "exact", True)]
    assert rows(one_article, "SELECT n_duplicates FROM articles") == [(1,)]
    assert broken(one_article) == []


def test_a_changed_file_is_a_revision(tmp_path: Path, home: Path, article: Callable[..., str]) -> None:
    file = tmp_path / "a.txt"
    file.write_text(article(1))
    load(home, file)
    file.write_text(article(7))
    load(home, file)
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
    assert broken(one_article) == ["documents_are_as_loaded"]


def test_readers_of_the_warehouse_never_see_half_a_run(
    tmp_path: Path, one_article: Path, article: Callable[..., str], monkeypatch: pytest.MonkeyPatch
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
    load(one_article, tmp_path / "b.txt")
    assert [table for table, inside, outside in seen if inside == outside] == []
    assert {table: outside for table, _, outside in seen if table in before} == before
    assert seen[0] == ("documents", (2,), (1,))
    assert rows(one_article, "SELECT count(*) FROM documents") == [(2,)]
