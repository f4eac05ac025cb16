"""The browser of the site's tests; Playwright is imported when one asks for it."""

from tests.flows.conftest import browser, tab

__all__ = ["browser", "tab"]
