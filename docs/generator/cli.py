"""docs/reference/cli.md: every command and option, from typer's own documentation of the command line."""

import html
import re
import subprocess
import sys

from copydesk.flows.errors import CopydeskError

#: Examples that the tests of the documentation do not run, by what they contain.
_NOT_RUN = {
    "s3://": "needs a bucket",
    "copydesk serve": "runs until it is stopped",
    " ui ": "runs until it is stopped",
    "--open": "opens a browser",
}
_HEAD = """# Command line

Written by `make docs` from the command line itself: `copydesk --help` and `copydesk COMMAND --help` say the same.
See also [Exit codes](exit-codes.md) and [Settings](settings.md).
"""


def cli_page() -> str:
    """Return the page: one section per command."""
    printed = subprocess.run(
        [sys.executable, "-m", "typer", "copydesk.flows.cli.main", "utils", "docs", "--name", "copydesk"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    body = html.unescape(printed).split("\n", 1)[1]
    body = body.replace("```console\n$ ", "```text\n").replace("**Usage**:\n\n", "")
    body = re.sub(r"\*\*Commands\*\*:\n\n(?:\* .*\n)+\n", "", body)  # cut off at 45 characters
    body = re.sub(r"^Example: (.+)$", _example, body, flags=re.MULTILINE)
    return f"{_HEAD}{body.rstrip()}\n"


def _example(found: re.Match[str]) -> str:
    reasons = [reason for part, reason in _NOT_RUN.items() if part in found[1]]
    marker = f"<!-- not run: {reasons[0]} -->\n" if reasons else ""
    return f"Example:\n\n{marker}```console\n$ {found[1]}\n```"


def exit_codes_page() -> str:
    """Return docs/reference/exit-codes.md: one row per exit code, from the errors of the command line."""
    lines = [
        "# Exit codes",
        "",
        "Written by `make docs` from `flows/errors.py`. An expected failure ends in one line on stderr that says",
        "what to do next; nothing half-written is visible in the warehouse.",
        "",
        "| code | meaning |",
        "|---|---|",
        "| 0 | Done. Quarantined records and failed notices do not change the exit code. |",
    ]
    codes: dict[int, list[str]] = {}
    for error in CopydeskError.__subclasses__():
        codes.setdefault(error.code, []).append(str(error.__doc__).split("\n")[0])
    codes.setdefault(1, []).append("Also an internal error, which says where its log is.")
    lines += [f"| {code} | {' '.join(codes[code])} |" for code in sorted(codes)]
    return "\n".join([*lines, ""])
