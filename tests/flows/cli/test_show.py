"""`copydesk show`: which document is meant, and the forms it is shown in."""

import shutil
from pathlib import Path

import pytest

from tests.conftest import copydesk, rows, tamper


def test_a_document_is_named_by_its_id_the_beginning_of_it_or_its_path(loaded: Path) -> None:
    ((doc_id, uri),) = rows(loaded, "SELECT doc_id, uri FROM documents")
    whole = copydesk(loaded, "show", doc_id)
    assert whole.returncode == 0, whole.stderr
    assert "Pier to reopen in May" in whole.stdout
    assert "credit 0." in whole.stdout
    for name in (doc_id[:10], uri, "a.txt"):
        assert copydesk(loaded, "show", name).stdout == whole.stdout


def test_colours_are_for_terminals_unless_they_are_wanted(loaded: Path) -> None:
    assert "\x1b[" not in copydesk(loaded, "show", "a.txt").stdout
    assert "\x1b[" in copydesk(loaded, "show", "a.txt", "--color").stdout


def test_a_page_is_written_where_it_is_wanted(loaded: Path, tmp_path: Path) -> None:
    page = tmp_path / "proof.html"
    done = copydesk(loaded, "show", "a.txt", "--html", str(page))
    assert done.stdout.split() == ["proof", "sheet", str(page)]
    written = page.read_text(encoding="utf-8")
    assert written.startswith("<!doctype html>")
    assert "Pier to reopen in May" in written
    refused = copydesk(loaded, "show", "a.txt", "--html", str(tmp_path / "none" / "proof.html"))
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "No such file or directory" in refused.stderr


def test_a_rejected_record_is_shown_too(loaded: Path) -> None:
    shown = copydesk(loaded, "show", "empty.txt").stdout
    assert "In quarantine: empty.txt" in shown
    assert "record_is_not_empty" in shown


def test_differences_of_a_document_without_copies(loaded: Path) -> None:
    assert "has no copies" in copydesk(loaded, "show", "a.txt", "--diff").stdout


def test_differences_of_copies(sample_home: Path) -> None:
    ((doc_id,),) = rows(sample_home, "SELECT doc_id FROM duplicates WHERE kind = 'near' ORDER BY 1 LIMIT 1")
    shown = copydesk(sample_home, "show", doc_id, "--diff").stdout
    assert "merged into" in shown
    assert "words in both" in shown


@pytest.mark.parametrize("name", ["nowhere.txt", "odd\u202e\x1b[1m"])
def test_a_document_that_is_none_is_one_line(loaded: Path, name: str) -> None:
    done = copydesk(loaded, "show", name)
    assert (done.returncode, done.stderr.count("\n"), done.stdout) == (2, 1, "")
    assert "no document" in done.stderr
    assert not {"\u202e", "\x1b"} & set(done.stderr)


def test_a_name_of_several_documents_lists_them(sample_home: Path, home: Path) -> None:
    shutil.copytree(sample_home, home)
    for table in ("documents", "raw_documents"):
        tamper(home, f"UPDATE {table} SET uri = '/news/' || doc_id || '/story.txt'")
    done = copydesk(home, "show", "story.txt")
    assert done.returncode == 2
    first, *others = done.stderr.splitlines()
    assert "name one by its id" in first
    assert len(others) == 11
    assert others[-1].split()[0] == "and"
