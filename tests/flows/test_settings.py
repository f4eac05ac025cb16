"""Settings: which source wins, which copydesk.toml is read, and one line for what is wrong."""

import pickle
from pathlib import Path

import pytest

from copydesk.flows.errors import UsageError
from copydesk.flows.settings import Settings, read_settings


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty directory, with no settings in the environment."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"COPYDESK_{name.upper()}", raising=False)
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_defaults_are_absolute_and_exist(here: Path) -> None:
    found = read_settings()
    assert found.home == here / "data"
    assert found.config_file is None
    for path in (found.rules, found.line_model, found.glue, found.agencies, found.entities, found.suites):
        assert path.is_absolute()
        assert path.exists()
    assert found.is_at_usual_home
    assert found.command == "copydesk"


def test_flags_win_over_the_environment_over_the_file_over_defaults(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "copydesk.toml").write_text("batch_mb = 1\nmax_record_mb = 1\nwait_seconds = 1\n")
    monkeypatch.setenv("COPYDESK_MAX_RECORD_MB", "2")
    monkeypatch.setenv("COPYDESK_WAIT_SECONDS", "2")
    found = read_settings(wait_seconds=3, batch_mb=None)
    assert (found.batch_mb, found.max_record_mb, found.wait_seconds) == (1, 2, 3)
    assert found.config_file == here / "copydesk.toml"


def test_the_file_in_the_home_wins_over_the_one_in_the_working_directory(here: Path, tmp_path: Path) -> None:
    home = tmp_path / "news"
    home.mkdir()
    (here / "copydesk.toml").write_text("batch_mb = 1\nwait_seconds = 1\n")
    (home / "copydesk.toml").write_text("batch_mb = 2\n")
    found = read_settings(home=home)
    assert (found.batch_mb, found.wait_seconds) == (2, 20)
    assert found.config_file == home / "copydesk.toml"
    assert read_settings().batch_mb == 1


@pytest.mark.parametrize("said_by", ["flag", "environment", "file", "default"])
def test_the_home_is_found_before_its_file(here: Path, monkeypatch: pytest.MonkeyPatch, said_by: str) -> None:
    home = here / ("data" if said_by == "default" else "news")
    home.mkdir()
    (home / "copydesk.toml").write_text("batch_mb = 2\n")
    if said_by == "environment":
        monkeypatch.setenv("COPYDESK_HOME", "news")
    if said_by == "file":
        (here / "copydesk.toml").write_text('home = "news"\n')
    found = read_settings(home="news" if said_by == "flag" else None)
    assert (found.home, found.batch_mb, found.config_file) == (home, 2, home / "copydesk.toml")
    assert found.home_is_given == (said_by != "default")


def test_the_default_home_can_be_given(here: Path) -> None:
    (here / "data").mkdir()
    (here / "data" / "copydesk.toml").write_text('home = "elsewhere"\n')
    assert (read_settings().home, read_settings().home_is_given) == (here / "data", False)
    assert (read_settings(home="data").home, read_settings(home="data").home_is_given) == (
        here / "data",
        True,
    )
    assert read_settings(home="data").is_at_usual_home


def test_relative_paths_in_a_file_are_seen_from_its_folder(here: Path, tmp_path: Path) -> None:
    home = tmp_path / "news"
    home.mkdir()
    (home / "copydesk.toml").write_text('limits = "limits.toml"\naliases = "../names.csv"\n')
    found = read_settings(home=home, rules="rules.toml")
    assert found.limits == home / "limits.toml"
    assert found.aliases is not None
    assert found.aliases.resolve() == (tmp_path / "names.csv").resolve()
    assert found.rules == here / "rules.toml"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("batch_mb = 'x'", "setting batch_mb: .*number"),
        ("batch_mb = 0", "setting batch_mb: .*greater than 0"),
        ("batches = 1", "setting batches: Extra inputs"),
        ("home = 3", "copydesk.toml: home must be a path"),
        ("limits = 3", "setting limits: .*path"),
        ("batch_mb", "copydesk.toml: "),
    ],
)
def test_what_is_wrong_is_one_line(here: Path, content: str, words: str) -> None:
    (here / "copydesk.toml").write_text(content)
    with pytest.raises(UsageError, match=words) as caught:
        read_settings()
    assert "\n" not in str(caught.value)


def test_everything_of_a_home_is_in_it(here: Path) -> None:
    found = read_settings(home="~/news")
    home = Path("~/news").expanduser()
    for path in (found.warehouse, found.words, found.index, found.staging, found.reports):
        assert path.parent == home
    assert found.command == f"copydesk --home {home}"


def test_models_are_in_the_order_given() -> None:
    assert read_settings(model="a, b,,c ").models() == ["a", "b", "c"]


def test_settings_are_frozen_and_survive_other_processes(here: Path) -> None:
    (here / "copydesk.toml").write_text("batch_mb = 1\n")
    found = read_settings()
    again = pickle.loads(pickle.dumps(found))
    assert again == found
    assert again.config_file == here / "copydesk.toml"
    assert read_settings(**found.model_dump(mode="json")).model_dump() == found.model_dump()
    with pytest.raises(ValueError, match="frozen"):
        found.batch_mb = 2.0  # type: ignore[misc]
