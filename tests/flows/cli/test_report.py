"""`copydesk report`: where it is, and that it is opened where that is wanted."""

from pathlib import Path

import pytest
import typer

from tests.conftest import copydesk


def test_it_is_written_again_and_its_path_is_printed(loaded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(typer, "launch", opened.append)
    page = loaded / "reports" / "index.html"
    page.unlink(missing_ok=True)
    done = copydesk(loaded, "report")
    assert (done.returncode, done.stdout.split(), opened) == (0, ["report", "home/reports/index.html"], [])
    assert "Pier to reopen in May" in page.read_text(encoding="utf-8")
    assert copydesk(loaded, "report", "--open").returncode == 0
    assert opened == [page.as_uri()]


def test_without_a_warehouse_there_is_none(home: Path) -> None:
    done = copydesk(home, "report")
    assert (done.returncode, done.stderr.count("\n"), home.exists()) == (2, 1, False)
    assert "copydesk run" in done.stderr
