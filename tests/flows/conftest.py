"""What tests of this folder share."""

from pathlib import Path

import pytest

from tests.flows.proof import proof_home as build


@pytest.fixture(scope="session")
def proof_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with copies, rejected records, hostile and right-to-left text; for reading only."""
    return build.build(tmp_path_factory.mktemp("proof_home"))
