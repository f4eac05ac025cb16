"""`copydesk status` and `copydesk audit`."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.conftest import copydesk, load, tamper


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
    assert "empty.txt" in re.sub(r"[\s│┃]", "", listing)  # a long path is wrapped in its cell


def test_status_says_how_to_close_a_home_that_others_may_read(
    tmp_path: Path, article: Callable[..., str]
) -> None:
    (tmp_path / "a.txt").write_text(article())
    home = tmp_path / "my home"
    load(home, tmp_path / "a.txt")
    home.chmod(0o755)
    assert f"chmod -R go= '{home}'" in copydesk(home, "status").stdout
    home.chmod(0o700)
    assert "chmod" not in copydesk(home, "status").stdout
