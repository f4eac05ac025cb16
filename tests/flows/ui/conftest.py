"""The application in this process, over the sample articles: what a page needs no server for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette

from copydesk.flows.settings import read_settings
from copydesk.flows.ui.app import make_app
from copydesk.flows.ui.retries import Retries


@pytest.fixture(scope="module")
def app(sample_home: Path) -> Iterator[Starlette]:
    """Return the application over the sample articles."""
    settings = read_settings(home=sample_home)
    with Retries(settings) as retries:
        yield make_app(settings, retries)
