"""The console: paths as seen from here."""

from pathlib import Path

import pytest

from copydesk.flows.console import short


def test_a_path_below_the_working_directory_is_relative(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert short(tmp_path / "data" / "copydesk.duckdb") == "data/copydesk.duckdb"
    assert short(tmp_path) == "."


def test_any_other_path_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert short(tmp_path / "other.txt") == str(tmp_path / "other.txt")
    assert short(tmp_path / "here-too") == str(tmp_path / "here-too")
