"""The command line: every command with its example, and what an error looks like."""

import sys
import traceback
from typing import Annotated

import typer
from polars.exceptions import PanicException
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
from copydesk.flows.console import guarded_streams, make_console, out
from copydesk.flows.errors import CopydeskError, Interrupted, MachineFailed, UsageError
from copydesk.flows.io.crash_log import write_crash_log
from copydesk.flows.io.faults import refusal
from copydesk.flows.io.files import private_files
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
_OUTPUT_LOST = "the command is done, what it printed is lost"
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
    if sys.stdout is None:  # Python's sign of a closed one
        sys.stderr.write(
            "copydesk: standard output is closed, nothing was done; send it somewhere: > /dev/null\n"
        )
        sys.exit(UsageError.code)
    with guarded_streams() as stdout, private_files():
        err = make_console(stderr=True, soft_wrap=True)
        code = _run(err)
        stdout.flush()
        if stdout.fault is not None:
            err.print(f"copydesk: standard output cannot be written: {stdout.fault.strerror}; {_OUTPUT_LOST}")
            code = code or MachineFailed.code
    sys.exit(code)


def _run(err: Console) -> int:
    """Run the command line and return its exit code."""
    try:
        code = app(standalone_mode=False)
    except CopydeskError as error:
        err.print(f"copydesk: {error}")
        return error.code
    except typer.Abort:
        code = Interrupted.code
    except typer.TyperException as error:
        return _refuse(error, err)
    except (Exception, PanicException) as error:
        return _explain(error, err)
    if code == Interrupted.code:
        err.print("copydesk: interrupted; run the same command again to continue")
    return code if isinstance(code, int) else 0


def _explain(error: BaseException, err: Console) -> int:
    """Print what the machine refused or, for a fault of copydesk, where its log is; return the exit code."""
    if (refused := refusal(error)) is not None:
        err.print(f"copydesk: {refused[0]}; {refused[1]}, then run the same command again")
        return MachineFailed.code
    err.print(f"copydesk: internal error: {type(error).__name__}: {error}".split("\n")[0])
    try:
        log = write_crash_log(sys.argv[1:], "".join(traceback.format_exception(error)))
    except OSError as unwritten:
        err.print(f"copydesk: please report it; its log cannot be written: {unwritten}")
    else:
        err.print(f"copydesk: please report it with the log at {log}")
    return 1


def _refuse(error: typer.TyperException, err: Console) -> int:
    """Print what is wrong with the words of the command line, or its help where there are none."""
    said = " ".join(error.format_message().split())
    if said:  # help was printed where there is nothing to say
        context = getattr(error, "ctx", None)
        err.print(
            f"copydesk: {said.rstrip('.')}; see: {context.command_path if context else 'copydesk'} --help"
        )
    return error.exit_code
