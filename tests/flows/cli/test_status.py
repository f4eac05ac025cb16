"""`copydesk status` and `copydesk audit`."""

import shutil
from pathlib import Path

from tests.conftest import copydesk, tamper


def test_audit_exits_1_when_a_row_was_changed_by_hand(home: Path, loaded: Path) -> None:
    shutil.copytree(loaded, home)
    assert copydesk(home, "audit").returncode == 0
    tamper(home, "UPDATE documents SET text = replace(text, 'Tuesday', 'Monday!')")
    done = copydesk(home, "audit")
    assert done.returncode == 1
    assert "text_follows_from_edits" in done.stderr
    assert done.stderr.count("\n") == 1


def test_status_and_quarantine_list(loaded: Path) -> None:
    status = copydesk(loaded, "status").stdout
    for word in ("completed", "copydesk.duckdb", "duckdb 1.5.5", "documents 1"):
        assert word in status
    listing = copydesk(loaded, "quarantine", "list").stdout
    assert "record_is_not_empty" in listing
    assert "empty.txt" in listing
