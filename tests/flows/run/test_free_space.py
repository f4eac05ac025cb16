"""Room on the disk is asked for by what the inputs need, and only new files count."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from copydesk.flows.errors import MachineFailed
from copydesk.flows.io.inputs import LISTING
from copydesk.flows.run.free_space import BASE, PER_BYTE, check_free_space
from copydesk.flows.settings import read_settings
from tests.conftest import copydesk, load


def listed(uri: str, size: int) -> pl.DataFrame:
    return pl.DataFrame(
        {"uri": [uri], "size": [size], "modified_at": [None], "fault": [None]}, schema=LISTING
    )


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Return a function that sets what the disk has free."""

    def set_free(n_bytes: int) -> None:
        usage: Any = type("Usage", (), {"free": n_bytes})
        monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)

    return set_free


def test_a_run_that_has_no_room_is_refused(home: Path, free: Callable[[int], None]) -> None:
    settings = read_settings(home=home)
    free(BASE + PER_BYTE * 1000)
    check_free_space(settings, listed("file:///a", 1000))
    with pytest.raises(MachineFailed, match="may need"):
        check_free_space(settings, listed("file:///a", 1001))


def test_a_full_disk_is_no_fault_of_a_run_with_nothing_new(
    tmp_path: Path, home: Path, article: Callable[..., str], free: Callable[[int], None]
) -> None:
    (tmp_path / "a.txt").write_text(article())
    load(home, tmp_path / "a.txt")
    free(0)
    again = copydesk(home, "run", "--direct", str(tmp_path / "a.txt"))
    assert again.returncode == 0, again.stderr
    (tmp_path / "b.txt").write_text(article(2))
    refused = copydesk(home, "run", "--direct", str(tmp_path / "b.txt"))
    assert refused.returncode == 2
    assert "0 MB free" in refused.stderr
    assert refused.stderr.count("\n") == 1
