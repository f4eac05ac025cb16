"""`copydesk run`: the table it ends with, and where things are."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import copydesk

pytestmark = pytest.mark.usefixtures("stub_tagger")


def test_run_ends_in_one_table_and_says_where_things_lie(
    tmp_path: Path, home: Path, article: Callable[..., str]
) -> None:
    (tmp_path / "a.txt").write_text(article())
    first = copydesk(home, "run", "--direct", str(tmp_path / "a.txt"))
    assert first.returncode == 0, first.stderr
    assert first.stdout.count("┏") == 1
    for word in (
        "loaded",
        "quarantined",
        "duplicates",
        "seconds",
        "home/copydesk.duckdb",
        "index.html",
        "SELECT",
    ):
        assert word in first.stdout
    assert (home / "reports" / "index.html").exists()
    second = copydesk(home, "run", "--direct", str(tmp_path / "a.txt"))
    assert second.returncode == 0
    assert "Nothing new: all 1 records were read by earlier runs. 0 loaded." in second.stdout
