"""A home with one article and one empty file, shared by the tests of commands."""

import shutil
from pathlib import Path

import pytest

from tests.conftest import SHIPPED, load


@pytest.fixture(scope="session")
def _loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    (folder / "a.txt").write_text(
        "Pier to reopen in May\n\nBy Dana Whitlock\n\nThe north pier will reopen to the public in May, the harbour "
        "board in Selwick, England, said on Tuesday after a week of talks with its builders.\n\nSource: Metro Wire\n"
    )
    (folder / "empty.txt").touch()
    load(folder / "home", folder, **SHIPPED)
    return folder / "home"


@pytest.fixture(scope="module")
def loaded(_loaded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of it for one module of tests."""
    return Path(shutil.copytree(_loaded, tmp_path_factory.mktemp("cli") / "home"))
