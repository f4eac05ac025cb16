"""Pages of proof sheets: which are written, what they say of rejected records, and that they are kept in order."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from copydesk.flows.io.warehouse import reading
from copydesk.flows.proof.export import PAGES, read_sheet, write_proofs
from copydesk.flows.settings import read_settings
from copydesk.transforms.clean.stage import CleaningResources
from copydesk.warehouse.queries.proof import COMPARED, choose_proofs, proof, read_proofs
from tests.conftest import load


@pytest.fixture
def warehouse(proof_home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with reading(read_settings(home=proof_home)) as connection:
        yield connection


def doc_id_of(warehouse: duckdb.DuckDBPyConnection, end: str) -> str:
    """Return the id of the record at the uri that ends so."""
    ((doc_id,),) = warehouse.execute(
        "SELECT doc_id FROM (SELECT doc_id, uri FROM raw_documents UNION ALL SELECT doc_id, uri FROM quarantine) "
        "WHERE ends_with(uri, $end)",
        {"end": end},
    ).fetchall()
    return str(doc_id)


def test_many_documents_at_once_are_what_each_is_alone(warehouse: duckdb.DuckDBPyConnection) -> None:
    ids = choose_proofs(warehouse, None)["doc_id"].to_list()
    together = read_proofs(warehouse, ids)
    assert list(together) == ids
    for doc_id in ids:
        alone = proof(warehouse, doc_id)
        assert list(alone) == list(together[doc_id])
        for name, frame in alone.items():
            assert_frame_equal(frame, together[doc_id][name])


def test_the_pages_are_those_of_the_quarantine_and_of_changed_documents(
    warehouse: duckdb.DuckDBPyConnection, proof_home: Path, tmp_path: Path
) -> None:
    pages = write_proofs(warehouse, tmp_path / "proofs")
    assert pages.schema == pl.Schema(PAGES)
    assert pages["doc_id"].is_unique().all()
    assert {f"{tmp_path}/{path}" for path in pages["path"]} == set(map(str, tmp_path.glob("proofs/*")))
    reasons = dict(pages.select("doc_id", "reason").iter_rows())
    assert reasons[doc_id_of(warehouse, "picture.txt")] == "in quarantine: record_is_text"
    assert reasons[doc_id_of(warehouse, "inside.txt")].startswith("merged: contained, similarity 0.54")
    kept = warehouse.execute("SELECT doc_id FROM documents WHERE kept_share < 1").fetchall()
    assert {doc_id for (doc_id,) in kept} <= set(reasons)
    merged = warehouse.execute("SELECT doc_id FROM duplicates WHERE doc_id <> canonical_doc_id").fetchall()
    assert {doc_id for (doc_id,) in merged} <= set(reasons)


def test_what_failed_in_the_latest_run_has_a_page_even_where_nothing_was_withheld(
    proof_home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "copy.duckdb"
    path.write_bytes((proof_home / "copydesk.duckdb").read_bytes())
    with duckdb.connect(str(path)) as warehouse:
        warehouse.execute("DELETE FROM runs WHERE started_at < (SELECT max(started_at) FROM runs)")
        ((run_id,),) = warehouse.execute("SELECT run_id FROM runs").fetchall()
        warehouse.execute(
            "INSERT INTO quality_failures BY NAME SELECT $run AS run_id, stage, expectation, severity, doc_id FROM "
            "(SELECT doc_id FROM documents ORDER BY doc_id LIMIT 12), (VALUES ('tag', 'b', 'notice'), "
            "('clean', 'a', 'notice')) AS t(stage, expectation, severity)",
            {"run": run_id},
        )
        warehouse.execute(
            "INSERT INTO quality_failures BY NAME SELECT DISTINCT ON (stage) * REPLACE ('gone' AS doc_id) "
            "FROM quality_failures WHERE run_id = $run",
            {"run": run_id},
        )
        ids = warehouse.sql("SELECT doc_id FROM documents ORDER BY doc_id LIMIT 10").pl()["doc_id"].to_list()
        chosen = choose_proofs(warehouse, "no run")
    failed = chosen.filter(pl.col("reason").str.contains("failed"))
    assert failed.rows() == [(doc_id, "failed: a; failed: b") for doc_id in ids]
    assert set(chosen["reason"]) - set(failed["reason"]) == {
        *("in quarantine: record_is_text", "in quarantine: text_has_words"),
    }


def test_a_second_call_writes_nothing_and_removes_only_old_pages(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    pages = write_proofs(warehouse, tmp_path)
    old, mine = tmp_path / f"{'0' * 32}.html", tmp_path / "notes.html"
    old.write_text("old", encoding="utf-8")
    mine.write_text("mine", encoding="utf-8")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir() if path != old}
    spoilt = tmp_path / Path(pages["path"][0]).name
    spoilt.write_text("half a pa", encoding="utf-8")
    assert_frame_equal(write_proofs(warehouse, tmp_path), pages)
    after = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert {path for path in after if after[path] != before[path]} == {spoilt}
    assert set(after) == set(before)
    assert spoilt.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_pages_link_to_the_partners_that_have_one(
    warehouse: duckdb.DuckDBPyConnection, proof_home: Path, tmp_path: Path
) -> None:
    pages = write_proofs(warehouse, tmp_path)
    for doc_id, canonical in warehouse.execute(
        "SELECT doc_id, canonical_doc_id FROM duplicates WHERE doc_id <> canonical_doc_id"
    ).fetchall():
        page = (tmp_path / f"{doc_id}.html").read_text(encoding="utf-8")
        assert (f'<a href="{canonical}.html">' in page) == (canonical in pages["doc_id"])
    for path in tmp_path.iterdir():
        for part in path.read_text(encoding="utf-8").split('<a href="')[1:]:
            target = part.split('"')[0]
            assert target.startswith("#") or (tmp_path / target).is_file()


def test_a_later_run_that_loads_nothing_keeps_the_pages(proof_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "copydesk.duckdb").write_bytes((proof_home / "copydesk.duckdb").read_bytes())
    with reading(read_settings(home=home)) as warehouse:
        before = write_proofs(warehouse, tmp_path / "proofs")
    assert load(home, proof_home.parent / "desk").n_loaded == 0
    with reading(read_settings(home=home)) as warehouse:
        assert_frame_equal(write_proofs(warehouse, tmp_path / "proofs"), before)
        ((last,),) = warehouse.execute("SELECT run_id FROM runs ORDER BY started_at DESC LIMIT 1").fetchall()
        of_last = write_proofs(warehouse, tmp_path / "proofs", run_id=last)
    assert set(of_last["reason"]) == {"in quarantine: record_is_text", "in quarantine: text_has_words"}


def test_an_empty_warehouse_gives_no_page(home: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    load(home, tmp_path / "empty.txt")
    with reading(read_settings(home=home)) as warehouse:
        warehouse.execute("CREATE TEMP TABLE quarantine AS FROM main.quarantine LIMIT 0")
        pages = write_proofs(warehouse, tmp_path / "proofs")
    assert pages.is_empty()
    assert pages.schema == pl.Schema(PAGES)


def test_copies_are_compared_up_to_a_number_and_listed_beyond(
    warehouse: duckdb.DuckDBPyConnection, proof_home: Path
) -> None:
    ((canonical, n),) = warehouse.execute(
        "SELECT canonical_doc_id, count(*) FROM duplicates WHERE doc_id <> canonical_doc_id GROUP BY 1"
    ).fetchall()
    sheet = read_sheet(read_settings(home=proof_home), warehouse, canonical)
    assert (sheet.n_partners, len(sheet.partners)) == (n, n) == (8, 8)
    assert [partner.lines is None for partner in sheet.partners] == [False] * COMPARED + [True] * (
        n - COMPARED
    )
    assert {partner.is_canonical for partner in sheet.partners} == {False}


def test_a_record_rejected_after_clean_shows_what_the_cleaner_removes(
    warehouse: duckdb.DuckDBPyConnection, proof_home: Path, resources: CleaningResources, tmp_path: Path
) -> None:
    doc_id = doc_id_of(warehouse, "subscribe.html")
    sheet = read_sheet(read_settings(home=proof_home), warehouse, doc_id)
    assert ["".join(piece.text for piece in row.pieces) for row in sheet.rows if row.sign == "-"] == [
        *("Home", "Sport", "Accept all cookies"),
    ]
    write_proofs(warehouse, tmp_path, resources=resources)
    assert "<del>Accept all cookies</del>" in (tmp_path / f"{doc_id}.html").read_text(encoding="utf-8")
    write_proofs(warehouse, tmp_path)
    assert "<del>Accept all cookies</del>" not in (tmp_path / f"{doc_id}.html").read_text(encoding="utf-8")
