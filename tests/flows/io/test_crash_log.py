"""The crash log: in the home of the command line, for the user alone, and never lost."""

import stat
import tempfile
from pathlib import Path

import pytest

from copydesk.flows.io.crash_log import crash_log_path, write_crash_log
from copydesk.flows.settings import read_settings


@pytest.mark.parametrize("form", ["--home {}", "--home={}", "run a.txt --home {}", "sql --home={} SELECT"])
def test_it_is_in_the_home_that_the_command_line_names(home: Path, form: str) -> None:
    log = write_crash_log(form.format(home).split(), "Traceback")
    assert log == crash_log_path(read_settings(home=home))
    assert log.is_relative_to(home)
    assert log.read_text() == "Traceback"


def test_it_is_in_the_default_home_without_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COPYDESK_HOME", raising=False)
    for arguments in ([], ["status"], ["run", "--home"]):
        assert write_crash_log(arguments, "x").is_relative_to(tmp_path / "data")


def test_only_the_user_may_read_it(home: Path) -> None:
    log = write_crash_log(["--home", str(home)], "first")
    log.chmod(0o644)
    assert write_crash_log(["--home", str(home)], "other").read_text() == "other"
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert stat.S_IMODE(log.parent.stat().st_mode) == 0o700


def test_a_link_in_its_place_is_replaced_and_not_followed(home: Path, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("kept")
    (home / "logs").mkdir(parents=True)
    (home / "logs" / "crash.log").symlink_to(tmp_path / "precious")
    write_crash_log(["--home", str(home)], "Traceback")
    assert (tmp_path / "precious").read_text() == "kept"


def test_a_home_that_cannot_be_written_does_not_lose_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    log = write_crash_log(["--home", str(tmp_path / "file" / "home")], "Traceback")
    assert log.read_text() == "Traceback"
    assert log.parent.parent == tmp_path
    assert stat.S_IMODE(log.parent.stat().st_mode) == 0o700
