"""The command line: every command with its example, and what an error looks like."""

import os
import sys
import traceback
from typing import Annotated

import typer
from rich.console import Console

from copydesk.flows.cli import entities, quarantine
from copydesk.flows.cli.demo import demo
from copydesk.flows.cli.options import Home
from copydesk.flows.cli.report import report
from copydesk.flows.cli.run import retry, run
from copydesk.flows.cli.serve import serve
from copydesk.flows.cli.show import show
from copydesk.flows.cli.sql import sql
from copydesk.flows.cli.status import audit, status
from copydesk.flows.cli.ui import ui
from copydesk.flows.console import out
from copydesk.flows.errors import CopydeskError
from copydesk.flows.io.crash_log import write_crash_log
from copydesk.flows.settings import VERSION


def _app(help: str, name: str | None = None) -> typer.Typer:
    return typer.Typer(
        name=name,
        help=help,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["-h", "--help"]},
    )


app = _app(
    "Clean scraped news text: remove boilerplate, merge copies, tag entities, explain every change.",
    "copydesk",
)
for command, example in (
    (run, "copydesk run articles/ 'more/**/*.txt' s3://bucket/news/"),
    (sql, 'copydesk sql "SELECT title, n_duplicates FROM articles" --format csv'),
    (show, "copydesk show northern-post/harbour-bridge-closure.txt"),
    (demo, "copydesk demo --open"),
    (ui, "copydesk ui --home news --open"),
    (report, "copydesk report --open"),
    (audit, "copydesk audit"),
    (status, "copydesk status --home news"),
    (serve, "copydesk serve --cron '0 * * * *' articles/"),
):
    app.command(epilog=f"Example: {example}")(command)

quarantine_app = _app("Inspect, retry and export the records that a gate rejected.")
app.add_typer(quarantine_app, name="quarantine")
for name, command, example in (
    ("list", quarantine.list_rejected, "list --stage clean"),
    ("retry", retry, "retry --expectation text_has_words --rules my-rules.toml"),
    ("export", quarantine.export, "export rejected/ --stage ingest"),
):
    quarantine_app.command(name, epilog=f"Example: copydesk quarantine {example}")(command)

entities_app = _app("List entities, and correct how names were merged.")
app.add_typer(entities_app, name="entities")
for name, command, example in (
    ("list", entities.list_entities, "list Zelensky"),
    ("merge", entities.merge, "merge 'Kiev Post' 'Kyiv Post'"),
    ("split", entities.split, "split 'George W. Bush'"),
):
    entities_app.command(name, epilog=f"Example: copydesk entities {example}")(command)


def _version(show: bool) -> None:
    if show:
        out.print(f"copydesk {VERSION}")
        raise typer.Exit


@app.callback()
def _common(
    context: typer.Context,
    home: Home = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    del version
    context.obj = home


def main() -> None:
    """Run the command line. An expected failure prints one line on stderr and sets the exit code."""
    err = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        app()
    except CopydeskError as error:
        err.print("copydesk:", str(error), markup=False)
        sys.exit(error.code)
    except KeyboardInterrupt:
        err.print("copydesk: interrupted; run the same command again to continue")
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        log = write_crash_log(sys.argv[1:], traceback.format_exc())
        err.print(
            f"copydesk: internal error: {type(error).__name__}: {error}".split("\n")[0],
            markup=False,
        )
        err.print(f"copydesk: please report it with the log at {log}", markup=False)
        sys.exit(1)
