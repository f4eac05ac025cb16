"""What tests of retries share."""

from pathlib import Path

import pytest

from tests.flows.conftest import write_articles


@pytest.fixture
def strict(strict_suites: Path) -> Path:
    """Return suites that reject every article after clean."""
    return strict_suites


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a new folder of three articles and an empty file."""
    return write_articles(tmp_path / "metro-wire")
