"""Write the reference pages that follow from code and data; with --check, fail if one is stale or a line is too long.

python docs/generate.py [--check]
"""

import sys
from pathlib import Path

from generator.api import api_page
from generator.cli import cli_page, exit_codes_page
from generator.expectations import expectations_page
from generator.prose import LONGEST, long_lines
from generator.rules import rules_page
from generator.settings import settings_page
from generator.tables import tables_page

REFERENCE = Path(__file__).with_name("reference")
PAGES = {
    "cli.md": cli_page,
    "python-api.md": api_page,
    "settings.md": settings_page,
    "tables.md": tables_page,
    "rules.md": rules_page,
    "expectations.md": expectations_page,
    "exit-codes.md": exit_codes_page,
}


def main() -> None:
    """Write the pages, or check them and the line length of all Markdown."""
    check = "--check" in sys.argv
    stale = []
    for name, page in PAGES.items():
        path, text = REFERENCE / name, page()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not check:
                path.write_text(text, encoding="utf-8")
    if not check:
        return
    if stale:
        sys.exit(f"stale: {', '.join(stale)}; run make docs and commit")
    if long := long_lines(REFERENCE.parents[1]):
        sys.exit(f"lines of prose over {LONGEST} characters, wrap them at 100: {', '.join(long)}")


if __name__ == "__main__":
    main()
