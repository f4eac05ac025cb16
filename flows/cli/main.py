"""The command line."""

import os
import sys
import traceback
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from copydesk.flows.cli import entities, quarantine, show, sql, status
from copydesk.flows.cli.options import settings_of
from copydesk.flows.cli.summary import print_gate_summary, print_locations, print_untagged
from copydesk.flows.cli.ui import ui
from copydesk.flows.console import out, short
from copydesk.flows.errors import CopydeskError
from copydesk.flows.io.crash_log import write_crash_log
from copydesk.flows.io.warehouse import reading
from copydesk.flows.orchestration.server import keep_prefect_at_home, server_for_run
from copydesk.flows.run.selection import QuarantineFilter, select_quarantined
from copydesk.flows.settings import VERSION, Settings

app = typer.Typer(
    name="copydesk",
    help="A copy desk for scraped news text: strips boilerplate, merges repeats, tags entities, explains every change.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
quarantine_app = typer.Typer(help="Records that a gate rejected, each with its reason.", no_args_is_help=True)
app.add_typer(quarantine_app, name="quarantine")
entities_app = typer.Typer(help="Who is one and who is not, where you know better.", no_args_is_help=True)
app.add_typer(entities_app, name="entities")

LocalRunner = Annotated[bool, typer.Option("--direct", help="Call the stages without Prefect.")]
Rules = Annotated[Path | None, typer.Option(help="Another vocabulary of boilerplate.")]
Model = Annotated[
    str | None, typer.Option(help="Other spaCy models, one a language: packages or paths, divided by commas.")
]
Aliases = Annotated[
    Path | None, typer.Option(help="Your own CSV of alias, name, label, kb_id: it wins over everything.")
]
Limits = Annotated[
    Path | None, typer.Option(help="Your own TOML of limits for single sources: it wins over the suites.")
]
BatchMb = Annotated[float | None, typer.Option(help="Megabytes of raw text in a batch.")]


def _version(show: bool) -> None:
    if show:
        out.print(f"copydesk {VERSION}")
        raise typer.Exit


@app.callback()
def _settings(
    context: typer.Context,
    home: Annotated[
        Path | None,
        typer.Option(
            help="Where the warehouse, staging and reports lie. [default: ./data, or COPYDESK_HOME]"
        ),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    del version
    context.obj = home


@app.command(epilog="Example: copydesk run articles/ 'more/**/*.txt' s3://bucket/news/")
def run(
    context: typer.Context,
    inputs: Annotated[
        list[str],
        typer.Argument(help="Files, directories or globs, here or on any file system fsspec knows."),
    ],
    direct: LocalRunner = False,
    rules: Rules = None,
    model: Model = None,
    aliases: Aliases = None,
    limits: Limits = None,
    batch_mb: BatchMb = None,
) -> None:
    """Ingest, clean, dedupe, tag and load; a second run over the same input loads nothing."""
    settings = settings_of(
        context, rules=rules, model=model, aliases=aliases, limits=limits, batch_mb=batch_mb
    )
    _start(inputs, settings, direct=direct)


@quarantine_app.command(
    "retry", epilog="Example: copydesk quarantine retry --expectation text_has_words --rules my-rules.toml"
)
def retry(
    context: typer.Context,
    documents: quarantine.Documents = None,
    stage: quarantine.Stage = None,
    expectation: quarantine.Expectation = None,
    direct: LocalRunner = False,
    rules: Rules = None,
    model: Model = None,
    aliases: Aliases = None,
    limits: Limits = None,
    batch_mb: BatchMb = None,
) -> None:
    """Take rejected records through the whole pipeline again, from the bytes that were kept, else from their files.

    It is a run like any other: what passes now is loaded, what fails is in quarantine again.
    """
    settings = settings_of(
        context, rules=rules, model=model, aliases=aliases, limits=limits, batch_mb=batch_mb
    )
    choice = quarantine.choice_of(documents, stage, expectation)
    with reading(settings) as warehouse:
        nothing = select_quarantined(warehouse, choice).is_empty()
    if nothing and not any(settings.staging.glob("*")):  # a retry that was killed may lie there
        out.print(_NOTHING)
        return
    _start(choice, settings, direct=direct)


_NOTHING = "Nothing to retry: no such record is in quarantine."


def _start(what: list[str] | QuarantineFilter, settings: Settings, *, direct: bool) -> None:
    """Run over inputs or rejected records, and say what came of it."""
    from copydesk.flows.cli.summary import closing_table
    from copydesk.flows.run.progress import Display

    with Display().shown() as display:
        if direct:
            from copydesk.flows.run.local_runner import LocalRunner as Here
            from copydesk.flows.run.pipeline import start

            outcome = start(what, settings, Here(display))
        else:
            keep_prefect_at_home(settings)
            with server_for_run(settings.home) as (ready, retries):
                from copydesk.flows.orchestration.flow import run_with_prefect

                outcome = run_with_prefect(what, settings, display, ready, retries)
    if outcome is None:
        out.print(_NOTHING)
        return
    out.print(closing_table(outcome))
    if isinstance(what, QuarantineFilter):
        passed = outcome.n_loaded + outcome.n_duplicates
        known = f", {outcome.n_known} read by other runs before" if outcome.n_known else ""
        out.print(f"Retried: {passed} passed, {outcome.n_quarantined} in quarantine again{known}.")
    elif outcome.n_records == outcome.n_known:
        out.print(f"Nothing new: all {outcome.n_known} records were read by earlier runs. 0 loaded.")
    print_gate_summary(settings, outcome.run_id)
    print_untagged(settings, outcome.run_id)
    print_locations(settings)


@app.command(epilog="Example: copydesk serve --cron '0 * * * *' articles/")
def serve(
    context: typer.Context,
    inputs: Annotated[list[str], typer.Argument(help="What each run reads, as for copydesk run.")],
    cron: Annotated[str, typer.Option(help="When to run: minute hour day month weekday.")],
) -> None:
    """Run on a schedule until stopped: one run at a time, through a Prefect server and a process worker."""
    settings = settings_of(context)
    keep_prefect_at_home(settings)
    from copydesk.flows.orchestration.schedule import serve as serve_runs

    serve_runs(inputs, cron, settings)


@app.command(epilog="Example: copydesk report --open")
def report(
    context: typer.Context,
    opened: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Write the data-quality report anew, and say where it is; every run writes it too."""
    from copydesk.flows.report.write import write_report

    path = write_report(settings_of(context))
    out.print(f"report     {short(path)}", highlight=False, soft_wrap=True, markup=False)
    if opened:
        typer.launch(path.as_uri())


app.command(epilog='Example: copydesk sql "SELECT title, n_duplicates FROM articles" --format csv')(sql.sql)
app.command(epilog="Example: copydesk show northern-post/harbour-bridge-closure.txt")(show.show)
app.command(epilog="Example: copydesk audit")(status.audit)
app.command(epilog="Example: copydesk --home news status")(status.status)
app.command(epilog="Example: copydesk --home news ui --open")(ui)
entities_app.command("merge", epilog="Example: copydesk entities merge 'Kiev Post' 'Kyiv Post'")(
    entities.entities_merge
)
entities_app.command("split", epilog="Example: copydesk entities split 'George W. Bush'")(
    entities.entities_split
)
entities_app.command("list", epilog="Example: copydesk entities list Zelensky")(entities.entities_list)
quarantine_app.command("list", epilog="Example: copydesk quarantine list --stage clean")(
    quarantine.list_rejected
)
quarantine_app.command("export", epilog="Example: copydesk quarantine export rejected/ --stage ingest")(
    quarantine.export
)


def main() -> None:
    """Run the command line; every foreseen end is one line on stderr and an exit code."""
    err = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        app()
    except CopydeskError as error:
        err.print("copydesk:", str(error), markup=False)
        sys.exit(error.code)
    except KeyboardInterrupt:
        err.print("copydesk: interrupted; run the same command again to go on")
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        log = write_crash_log(sys.argv[1:], traceback.format_exc())
        err.print(
            f"copydesk: a fault in copydesk itself: {type(error).__name__}: {error}".split("\n")[0],
            markup=False,
        )
        err.print(f"copydesk: please report it with {log}; the warehouse is as it was", markup=False)
        sys.exit(1)
