"""Options that commands share: where --home may stand, and how options become settings."""

from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from copydesk.flows.cli.options import RUN_OPTIONS, Home, with_settings
from copydesk.flows.settings import Settings


@pytest.fixture
def app() -> typer.Typer:
    """Return an app with one command that prints what it was given."""
    app = typer.Typer()

    @app.callback()
    def common(context: typer.Context, home: Home = None) -> None:
        context.obj = home

    @app.command()
    @with_settings(**RUN_OPTIONS)
    def show(
        settings: Settings, words: list[str], loud: Annotated[bool, typer.Option("--loud")] = False
    ) -> None:
        """Show the settings."""
        typer.echo(f"{settings.home} {settings.batch_mb} {settings.limits} {words} {loud}")

    return app


@pytest.mark.parametrize(
    "arguments",
    [
        ["--home", "HOME", "show", "a", "b"],
        ["show", "--home", "HOME", "a", "b"],
        ["show", "a", "b", "--home", "HOME"],
        ["--home", "OTHER", "show", "a", "b", "--home", "HOME"],
    ],
)
def test_home_may_stand_before_and_behind_the_command(
    app: typer.Typer, tmp_path: Path, arguments: list[str]
) -> None:
    given = [{"HOME": str(tmp_path / "home"), "OTHER": str(tmp_path / "other")}.get(a, a) for a in arguments]
    done = CliRunner().invoke(app, given)
    assert done.output == f"{tmp_path / 'home'} 32.0 None ['a', 'b'] False\n"


def test_options_override_the_environment_and_are_not_passed_to_the_command(
    app: typer.Typer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPYDESK_BATCH_MB", "3")
    monkeypatch.setenv("COPYDESK_HOME", str(tmp_path))
    done = CliRunner().invoke(app, ["show", "a", "--loud", "--limits", str(tmp_path / "l.toml")])
    assert done.output == f"{tmp_path} 3.0 {tmp_path / 'l.toml'} ['a'] True\n"
    done = CliRunner().invoke(app, ["show", "a", "--batch-mb", "7"])
    assert done.output == f"{tmp_path} 7.0 None ['a'] False\n"


def test_help_shows_own_and_shared_options(app: typer.Typer) -> None:
    text = CliRunner().invoke(app, ["show", "--help"], env={"COLUMNS": "200"}).output
    assert "Show the settings." in text
    for option in ("--loud", "--home", "--rules", "--model", "--aliases", "--limits", "--batch-mb"):
        assert text.count(f" {option} ") == 1, option


def test_a_wrong_option_is_wrong_usage(app: typer.Typer) -> None:
    done = CliRunner().invoke(app, ["show", "a", "--batch-mb", "0"])
    assert done.exit_code == 1
    assert "batch_mb" in str(done.exception)
