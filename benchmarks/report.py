"""What the report costs over a large warehouse: seconds to write it, its size, seconds until a browser shows it.

python -m benchmarks.report [--documents 1000000]
"""

import argparse
import tempfile
import time
from pathlib import Path

from copydesk.flows.io.warehouse import reading, writing
from copydesk.flows.report.sections import CHAPTERS
from copydesk.flows.report.write import write_report
from copydesk.flows.settings import Settings, read_settings
from tests.browser import chromium, open_tab


def make_warehouse(settings: Settings, n: int) -> None:
    """Fill a warehouse with `n` made-up documents (see report.sql)."""
    settings.home.mkdir(parents=True, exist_ok=True)
    script = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8").replace("$n", str(n))
    with writing(settings) as warehouse:
        warehouse.execute(script)
        warehouse.execute("CHECKPOINT")


def time_queries(settings: Settings) -> list[tuple[float, str]]:
    """Return the seconds of each section's SQL, the slowest first."""
    timed = []
    with reading(settings) as warehouse:
        for section in (section for chapter in CHAPTERS for section in chapter.sections):
            began = time.perf_counter()
            warehouse.sql(section.sql).pl()
            timed.append((time.perf_counter() - began, section.name))
    return sorted(timed, reverse=True)


def time_opening(page: Path) -> float:
    """Return the seconds until Chromium has loaded and painted a page."""
    with chromium() as browser, open_tab(browser) as tab:
        tab.page.goto("about:blank")
        began = time.perf_counter()
        tab.page.goto(page.as_uri(), wait_until="load")
        tab.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return time.perf_counter() - began


def main() -> None:
    """Make the warehouse, write the report and open it, each timed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--home", type=Path, help="use or make the warehouse there and leave it")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        settings = read_settings(home=given.home or Path(work))
        if not settings.warehouse.exists():
            make_warehouse(settings, given.documents)
        began = time.perf_counter()
        page = write_report(settings)
        written = time.perf_counter() - began
        opened = time_opening(page)
        print(
            f"{given.documents:,} documents: written in {written:.1f} s, {page.stat().st_size / 1e6:.2f} MB,",
            end=" ",
        )
        print(f"opened in {opened:.2f} s")
        for seconds, name in time_queries(settings)[:6]:
            print(f"  {seconds:6.2f} s  {name}")


if __name__ == "__main__":
    main()
