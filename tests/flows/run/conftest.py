"""Runs of this folder's tests use the stub tagger: what a real model finds is tested with the entities."""

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="package", autouse=True)
def stub_tagger(stub_model: Path) -> Iterator[None]:
    """Let every run of this folder, in this process or another, tag with the stub model."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COPYDESK_MODEL", str(stub_model))
        yield
