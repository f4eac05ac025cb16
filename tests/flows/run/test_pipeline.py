"""The run as a whole: what it loads, that it is deterministic and incremental, and that a kill changes nothing."""

import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from copydesk.flows.errors import Busy, GateFailed
from copydesk.flows.io.warehouse import reading, run_lock
from copydesk.flows.settings import read_settings
from copydesk.warehouse.audit import audit
from tests.conftest import ARTICLES, COPYDESK, dump, load, rows, tamper

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


def test_order_batches_and_workers_do_not_matter(tmp_path: Path, article: Callable[..., str]) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    files = []
    for seed in range(6):
        files.append(folder / f"{seed}.txt")
        files[-1].write_text(article(seed % 5, extra="A line of its own." if seed == 5 else ""))
    load(tmp_path / "one", *files)
    load(tmp_path / "other", *reversed(files))
    load(tmp_path / "small", folder, batch_mb=0.001)
    assert dump(tmp_path / "one") == dump(tmp_path / "other")
    one, small = dump(tmp_path / "one"), dump(tmp_path / "small")
    for table in ("documents", "edits", "duplicates", "mentions", "entities", "signatures"):
        assert [row.replace(_run(tmp_path / "one"), "") for row in one[table]] == [
            row.replace(_run(tmp_path / "small"), "") for row in small[table]
        ]


def _run(home: Path) -> str:
    return str(rows(home, "SELECT run_id FROM runs")[0][0])


def test_a_better_copy_in_a_later_run_becomes_the_keeper(
    tmp_path: Path, home: Path, article: Callable[..., str]
) -> None:
    early, late = tmp_path / "early.txt", tmp_path / "late.txt"
    early.write_text(article(1))
    late.write_text(article(1, extra="The board meets again on Friday."))
    load(home, early)
    assert rows(home, "SELECT count(*) FROM articles") == [(1,)]
    result = load(home, late)
    assert (result.n_loaded, result.n_duplicates) == (1, 0)
    assert [file_name(uri) for (uri,) in rows(home, "SELECT uri FROM articles")] == ["late.txt"]
    assert [(file_name(u), k) for u, k in rows(home, "SELECT uri, kind FROM duplicates")] == [
        ("early.txt", "near")
    ]
    assert broken(home) == []


def test_a_copy_at_another_place_is_named(tmp_path: Path, home: Path, article: Callable[..., str]) -> None:
    (tmp_path / "a.txt").write_text(article(1))
    load(home, tmp_path / "a.txt")
    (tmp_path / "b.txt").write_text(article(1))
    result = load(home, tmp_path / "b.txt")
    assert (result.n_loaded, result.n_duplicates) == (0, 1)
    found = rows(home, "SELECT uri, kind, doc_id = canonical_doc_id FROM duplicates")
    assert [(file_name(uri), kind, same) for uri, kind, same in found] == [("b.txt", "exact", True)]
    assert rows(home, "SELECT n_duplicates FROM articles") == [(1,)]
    assert broken(home) == []


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

    monkeypatch.setattr(
        module, "_STATEMENTS", (*module._STATEMENTS, "UPDATE documents SET text = text || '!'")
    )
    (tmp_path / "a.txt").write_text(article())
    with pytest.raises(GateFailed, match="kept_and_removed_add_up"):
        load(home, tmp_path / "a.txt")
    assert rows(home, "SELECT count(*) FROM documents") == [(0,)]
    assert rows(home, "SELECT state FROM runs") == [("failed",)]


def test_two_runs_do_not_share_a_home(home: Path) -> None:
    settings = read_settings(home=home)
    with run_lock(settings), pytest.raises(Busy, match="another run holds"):
        load(home, ARTICLES)


@pytest.mark.nightly
def test_a_run_killed_and_not_resumed_is_marked(
    tmp_path: Path, home: Path, article: Callable[..., str]
) -> None:
    (tmp_path / "a.txt").write_text(article(1))
    (tmp_path / "b.txt").write_text(article(2))
    _kill_after("clean", home, tmp_path / "a.txt")
    load(home, tmp_path / "b.txt")
    assert sorted(rows(home, "SELECT state FROM runs")) == [("completed",), ("killed",)]
    assert list((home / "staging").glob("*")) == []


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    home = tmp_path_factory.mktemp("undisturbed") / "home"
    load(home, ARTICLES)
    return dump(home)


@pytest.mark.parametrize(
    "stage",
    [
        "load",
        *(pytest.param(name, marks=pytest.mark.nightly) for name in ("ingest", "clean", "dedupe", "tag")),
    ],
)
def test_a_killed_run_started_again_ends_in_the_same_warehouse(
    stage: str, home: Path, undisturbed: dict[str, list[str]]
) -> None:
    _kill_after(stage, home, ARTICLES)
    result = load(home, ARTICLES)
    assert result.resumed
    assert result.n_loaded == 20
    assert dump(home) == undisturbed
    assert broken(home) == []


@pytest.mark.nightly
@pytest.mark.parametrize("tenths", range(20, 140, 5))
def test_a_run_killed_at_any_time_ends_in_the_same_warehouse(
    tenths: int, home: Path, undisturbed: dict[str, list[str]]
) -> None:
    process = subprocess.Popen(
        [COPYDESK, "--home", str(home), "run", "--direct", str(ARTICLES)], stderr=subprocess.DEVNULL
    )
    time.sleep(tenths / 10)
    process.send_signal(signal.SIGKILL)
    process.wait()
    load(home, ARTICLES)
    found = dump(home)
    for table in ("documents", "raw_documents", "edits", "duplicates", "mentions", "entities", "quarantine"):
        assert found[table] == undisturbed[table]


def _kill_after(stage: str, home: Path, *inputs: Path) -> None:
    """Run copydesk and end it with SIGKILL as soon as `stage` has left its summary (load: as soon as it is public)."""
    process = subprocess.Popen(
        [COPYDESK, "--home", str(home), "run", "--direct", *map(str, inputs)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        if list((home / "staging").glob(f"*/{stage}.json")):
            break
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL, "the run ended before it could be killed"


def test_a_reader_keeps_a_run_waiting_and_then_gets_a_clear_word(
    tmp_path: Path, home: Path, article: Callable[..., str]
) -> None:
    (tmp_path / "a.txt").write_text(article())
    load(home, tmp_path / "a.txt")
    hold = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(1, flush=True); input()"
    holder = subprocess.Popen(
        [COPYDESK.with_name("python"), "-c", hold, str(home / "copydesk.duckdb")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    assert holder.stdin is not None
    holder.stdout.readline()
    try:
        with pytest.raises(Busy, match="close it and try again"):
            load(home, tmp_path / "a.txt", wait_seconds=0.5)
    finally:
        holder.stdin.close()
        holder.wait()
        holder.stdout.close()


def test_tampering_is_found_by_the_audit_of_a_fresh_connection(
    tmp_path: Path, home: Path, article: Callable[..., str]
) -> None:
    (tmp_path / "a.txt").write_text(article())
    load(home, tmp_path / "a.txt")
    assert broken(home) == []
    tamper(home, "UPDATE documents SET title = title || '!'")
    assert broken(home) == ["documents_are_as_loaded"]


def test_readers_of_the_warehouse_never_see_half_a_run(home: Path) -> None:
    """Between the first insert and the commit, a second connection sees the old state."""
    load(home, ARTICLES / "metro-wire")
    with duckdb.connect(home / "copydesk.duckdb") as writer:
        writer.execute("BEGIN; DELETE FROM documents")
        assert writer.cursor().execute("SELECT count(*) > 0 FROM documents").fetchone() == (True,)
        writer.execute("ROLLBACK")
