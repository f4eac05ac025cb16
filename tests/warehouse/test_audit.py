"""The audit: it holds after a run, and each kind of damage is found by the check that names it."""

import shutil
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from copydesk.flows.io.warehouse import reading
from copydesk.flows.settings import read_settings
from copydesk.warehouse import audit as audit_module
from copydesk.warehouse.audit import CHECKS, audit, run_checks
from tests.conftest import tamper

#: Edits by hand that leave every count and sum as it was.
BY_HAND = [
    "UPDATE raw_documents SET uri = uri || 'x' WHERE rowid = 0",
    "UPDATE raw_documents SET source = 'another-outlet' WHERE rowid = 0",
    "UPDATE raw_documents SET fetched_at = fetched_at + INTERVAL 1 DAY WHERE rowid = 0",
    "UPDATE raw_documents SET record_end = record_end + 1 WHERE rowid = 0",
    "UPDATE documents SET revision_of = doc_id WHERE rowid = 0",
    "UPDATE documents SET tagged_by = 'another model' WHERE rowid = 0",
    "UPDATE documents SET uri = uri || 'x', source = 'x' WHERE rowid = 0",
    "UPDATE edits SET rule = 'another_rule' WHERE rowid = 0",
    "UPDATE edits SET score = score / 2 WHERE rowid = 0",
    "UPDATE edits SET evidence = 777 WHERE rowid = 0",
    "UPDATE duplicates SET similarity = 0.5 WHERE kind = 'near'",
    "UPDATE duplicates SET kind = 'contained' WHERE kind = 'near'",
    "UPDATE duplicates SET containment = 0.5, canonical_containment = 0.5 WHERE kind = 'near'",
    "UPDATE signatures SET anchors = [] WHERE rowid = 0",
    "UPDATE signatures SET n_words = 1, published_at = NULL WHERE rowid = 0",
    "UPDATE source_lines SET n_seen = n_seen + 1 WHERE rowid = 0",
    "DELETE FROM source_lines WHERE rowid = 0",
    "UPDATE entities SET name = 'Another Name' WHERE rowid = 0",
    "UPDATE entities SET country_code = 'XX', kb_id = 'Q1' WHERE rowid = 0",
    "UPDATE entities SET first_seen = NULL WHERE rowid = 0",
    "UPDATE entity_names SET written = 'Another Name', score = 0.5 WHERE rowid = 0",
    "UPDATE mentions SET score = 0.5 WHERE rowid = 0",
    "UPDATE mentions SET resolved_by = 'label', label = 'ORG' WHERE rowid = 0",
    "INSERT INTO entity_rules VALUES ('a', 'b', NULL, NULL, false, 'hand')",
    "UPDATE stories SET label = 'Another headline' WHERE rowid = 0",
    "UPDATE story_documents SET score = 0.1 WHERE rowid = 0",
    "DELETE FROM story_terms WHERE rowid = 0",
    "UPDATE quarantine SET detail = 'another reason' WHERE rowid = 0",
    "UPDATE quarantine SET expectation = 'another', stage = 'clean' WHERE rowid = 0",
    "UPDATE quarantine SET payload = NULL WHERE payload IS NOT NULL",
    "UPDATE quality_results SET success = NOT success WHERE rowid = 0",
    "UPDATE quality_results SET because = 'another reason' WHERE rowid = 0",
    "DELETE FROM quality_results WHERE rowid = 0",
    "UPDATE source_runs SET median_words = 1 WHERE rowid = 0",
    "UPDATE runs SET settings = '{}'",
    "UPDATE runs SET started_at = started_at - INTERVAL 1 DAY",
    "UPDATE stages SET seconds = 0 WHERE rowid = 0",
    "DELETE FROM run_digests WHERE table_name = 'edits'",
]
DAMAGE = {
    "UPDATE raw_documents SET raw_text = raw_text || ' ' WHERE charset = 'utf-8'": "bytes_are_kept",
    "UPDATE raw_documents SET raw_text = raw_text || ' ' WHERE charset = 'windows-1252'": (
        "bytes_are_kept_in_other_charsets"
    ),
    "UPDATE documents SET title = 'x' WHERE rowid = 0": "documents_are_as_loaded",
    "UPDATE documents SET n_words = n_words + 1 WHERE rowid = 0": "documents_are_as_loaded",
    "UPDATE documents SET text = reverse(text) WHERE rowid = 0": "text_follows_from_edits",
    "UPDATE documents SET text = text || 'x' WHERE rowid = 0": "kept_and_removed_add_up",
    "DELETE FROM documents WHERE rowid = 0": "documents_stand_on_records",
    "DELETE FROM raw_documents WHERE rowid = 0": "documents_stand_on_records",
    "DELETE FROM edits WHERE rule = 'skip_link'": "kept_and_removed_add_up",
    'UPDATE edits SET "end" = "end" + 100000 WHERE rowid = 0': "edits_fit",
    "INSERT INTO edits SELECT * FROM edits WHERE rule = 'pointer' LIMIT 1": "edits_fit",
    "UPDATE edits SET replacement = 'x' WHERE rule = 'mojibake'": "text_follows_from_edits",
    "INSERT INTO quarantine BY NAME SELECT uri, record, doc_id, '' AS stage, '' AS expectation, '' AS detail, run_id, "
    "'rejected' AS state FROM raw_documents LIMIT 1": "records_have_one_outcome",
    "DELETE FROM quarantine": "runs_add_up",
    "UPDATE quarantine SET state = 'retried'": "retries_have_an_outcome",
    "UPDATE quarantine SET state = 'retried', retried_by = (SELECT run_id FROM runs)": "retries_have_an_outcome",
    "UPDATE quarantine SET retried_by = run_id": "retries_have_an_outcome",
    "UPDATE quarantine SET state = ''": "retries_have_an_outcome",
    "UPDATE runs SET n_loaded = n_loaded + 1": "runs_add_up",
    "UPDATE stages SET n_out = n_out - 1 WHERE stage = 'clean'": "stages_add_up",
    "UPDATE duplicates SET canonical_doc_id = 'nobody' WHERE kind = 'near'": "duplicates_have_canonicals",
    "INSERT INTO duplicates SELECT * FROM duplicates WHERE kind = 'near'": "duplicates_have_canonicals",
    "UPDATE duplicates SET canonical_key = text_key WHERE kind = 'near'": "merges_name_texts",
    "UPDATE duplicates SET text_key = NULL WHERE kind = 'near'": "merges_name_texts",
    "INSERT INTO text_overlaps SELECT text_key, text_key, 'near', 1, 1, 1 FROM signatures LIMIT 1": (
        "overlaps_are_of_articles"
    ),
    "DELETE FROM story_documents WHERE rowid = 0": "articles_have_stories",
    "UPDATE stories SET n_documents = 9 WHERE rowid = 0": "articles_have_stories",
    "UPDATE mentions SET entity_id = (SELECT any_value(entity_id) FROM entities WHERE label = 'PERSON') "
    "WHERE surface = 'Odesa'": "names_have_entities",
    "UPDATE entities SET n_documents = n_documents + 1 WHERE rowid = 0": "names_have_entities",
    "UPDATE mentions SET start = start + 1 WHERE rowid = 0": "mentions_fit",
    "DELETE FROM entities": "mentions_fit",
    "DELETE FROM signatures WHERE rowid = 0": "index_is_whole",
    "UPDATE quarantine SET payload = payload || 'x'::BLOB WHERE payload IS NOT NULL": "payloads_are_as_read",
    **dict.fromkeys(BY_HAND, "tables_are_as_written"),
    "DELETE FROM source_runs WHERE source = 'metro-wire'": "sources_add_up",
    "UPDATE source_runs SET n_known = 1 WHERE source = 'metro-wire'": "sources_add_up",
    "UPDATE source_runs SET run_id = 'nobody'": "sources_add_up",
}


def broken(home: Path) -> set[str]:
    with reading(read_settings(home=home)) as warehouse:
        return {check for check, n_broken, _ in audit(warehouse).iter_rows() if n_broken}


def test_it_holds_after_a_run(sample_home: Path) -> None:
    assert broken(sample_home) == set()


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_found_and_named(sample_home: Path, tmp_path: Path, damage: str) -> None:
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(sample_home / "copydesk.duckdb", home)
    tamper(home, damage)
    assert DAMAGE[damage] in broken(home)  # nothing is broken before: test_it_holds_after_a_run


def test_every_check_is_named_by_some_damage() -> None:
    own = {"text_follows_from_edits", "bytes_are_kept_in_other_charsets", "tables_are_as_written"}
    assert set(DAMAGE.values()) == {file.stem for file in CHECKS.glob("*.sql")} | own


def test_checks_can_be_limited_to_a_run(sample_home: Path, tmp_path: Path) -> None:
    shutil.copy(sample_home / "copydesk.duckdb", tmp_path)
    tamper(tmp_path, "UPDATE documents SET title = 'x' WHERE rowid = 0")
    with reading(read_settings(home=tmp_path)) as warehouse:
        ((run_id, doc_id),) = warehouse.execute(
            "SELECT run_id, doc_id FROM documents WHERE rowid = 0"
        ).fetchall()
        other, own = run_checks(warehouse, "no such run"), run_checks(warehouse, run_id)
    names = sorted(file.stem for file in CHECKS.glob("*.sql"))
    nothing = pl.DataFrame({"check": names, "n_broken": 0, "example": None}, schema=dict(own.schema))
    assert_frame_equal(other, nothing)
    is_broken = pl.col("check") == "documents_are_as_loaded"
    assert_frame_equal(own.filter(~is_broken), nothing.filter(~is_broken))
    assert own.filter(is_broken).rows() == [("documents_are_as_loaded", 1, doc_id)]


def test_an_audit_without_checks_raises(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(audit_module, "CHECKS", tmp_path)
    with duckdb.connect() as connection, pytest.raises(FileNotFoundError, match="no SQL files"):
        run_checks(connection)
