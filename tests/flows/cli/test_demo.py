"""`copydesk demo`: the shipped samples, without a home of the user's."""

import re
from pathlib import Path

import pytest

from copydesk.flows.cli.demo import ARTICLE
from tests.conftest import copydesk, rows


def test_the_samples_are_loaded_into_the_given_home_and_one_is_shown(tmp_path: Path) -> None:
    home = tmp_path / "data"  # where a home is by default, which makes no difference once it is given
    done = copydesk(home, "demo")
    assert done.returncode == 0, done.stderr
    assert rows(home, "SELECT n_records, n_loaded FROM runs") == [(25, 20)]
    for shown in ("share_widget 0.99", "→ title", "mojibake", ARTICLE, "reports/demo.html"):
        assert shown in done.stdout
    assert "<title>" in (home / "reports" / "demo.html").read_text(encoding="utf-8")


@pytest.mark.nightly
def test_without_a_home_it_uses_a_new_temporary_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from copydesk.flows.cli.main import app

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    done = CliRunner().invoke(app, ["demo"])
    assert done.exit_code == 0, done.output
    assert not (tmp_path / "data").exists()
    (folder,) = (tmp_path / "temporary").glob("copydesk-demo-*")
    assert (folder / "copydesk.duckdb").is_file()
    assert re.search(r"^proof sheet .*demo\.html$", done.output, re.M)
