"""A real headless Chromium for tests marked `browser`: Debian's, driven by Playwright, with the network cut off."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, sync_playwright

from benchmarks import ROOT

CHROMIUM = "/usr/bin/chromium"
#: Where tests leave pictures for a person to look at.
SCREENSHOTS = ROOT / "build" / "screenshots"
#: Without these Chromium asks the network for updates of its own.
_QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
PHONE, RULES_ONLY = (390, 844), (1280, 900)


@dataclass
class Tab:
    """One page of a browser, and what it did: addresses it asked for outside this machine, errors it reported.

    A click that leaves the page returns before the next one is there: a test waits for its address before it counts.
    """

    page: Page
    asked: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def picture(self, name: str) -> Path:
        """Take a picture of the whole page."""
        path = SCREENSHOTS / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path, full_page=True)
        return path

    def faults(self) -> list[str]:
        """Return what axe finds serious or critical, a line a fault."""
        found: list[dict[str, Any]] = Axe().run(self.page).response["violations"]
        return [
            f"{fault['id']}: {node['html'][:160]}"
            for fault in found
            if fault["impact"] in {"serious", "critical"}
            for node in fault["nodes"]
        ]

    def is_too_wide(self) -> bool:
        """Say whether the page must be scrolled sideways to be read."""
        return bool(
            self.page.evaluate(
                "document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"
            )
        )


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_QUIET))
        yield browser
        browser.close()


@contextmanager
def open_tab(browser: Browser, *, size: tuple[int, int] = RULES_ONLY, dark: bool = False) -> Iterator[Tab]:
    """Open a tab that reaches files and this machine alone; a request elsewhere is refused and noted in `asked`."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if dark else "light"
    )
    tab = Tab(context.new_page())

    def guard(route: Route) -> None:
        if route.request.url.startswith(("file:", "http://127.0.0.1", "data:")):
            route.continue_()
        else:
            tab.asked.append(route.request.url)
            route.abort()

    context.route("**/*", guard)
    tab.page.on("pageerror", lambda error: tab.errors.append(str(error)))
    tab.page.on(
        "console", lambda message: tab.errors.append(message.text) if message.type == "error" else None
    )
    tab.page.on("dialog", lambda dialog: (tab.errors.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    yield tab
    context.close()
