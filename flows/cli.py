"""The command line."""

import os
import shutil
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from flows import ask
from flows.ask import out, settings_of, short
from flows.errors import CopydeskError
from flows.server import keep_prefect_at_home, server_for_run
from flows.settings import VERSION, Settings
from flows.store import reading

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

QUERIES = (
    "SELECT source, title, n_words, n_duplicates FROM articles ORDER BY n_words DESC LIMIT 10",
    "SELECT rule, n_edits, n_documents, example FROM boilerplate_rules ORDER BY n_edits DESC LIMIT 10",
    "SELECT name, label, n_documents FROM entities ORDER BY n_documents DESC, name LIMIT 10",
)


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
    direct: Annotated[bool, typer.Option("--direct", help="Call the stages without Prefect.")] = False,
    rules: Annotated[Path | None, typer.Option(help="Another vocabulary of boilerplate.")] = None,
    model: Annotated[
        str | None,
        typer.Option(help="Other spaCy models, one a language: packages or paths, divided by commas."),
    ] = None,
    aliases: Annotated[
        Path | None, typer.Option(help="Your own CSV of alias, name, label, kb_id: it wins over everything.")
    ] = None,
    batch_mb: Annotated[float | None, typer.Option(help="Megabytes of raw text in a batch.")] = None,
) -> None:
    """Ingest, clean, dedupe, tag and load; a second run over the same input loads nothing."""
    from flows.display import Display, closing_table
    from flows.report import write_report

    settings = settings_of(context, rules=rules, model=model, aliases=aliases, batch_mb=batch_mb)
    with Display().shown() as display:
        if direct:
            from flows.direct import Direct
            from flows.pipeline import run_pipeline

            outcome = run_pipeline(inputs, settings, Direct(display))
        else:
            keep_prefect_at_home(settings)
            with server_for_run(settings.home) as (ready, retries):
                from flows.orchestrate import run_with_prefect

                outcome = run_with_prefect(inputs, settings, display, ready, retries)
        report = write_report(settings)
    out.print(closing_table(outcome))
    if outcome.n_records == outcome.n_known:
        out.print(f"Nothing new: all {outcome.n_known} records were read by earlier runs. 0 loaded.")
    _say_untagged(settings, outcome.run_id)
    _say_where(settings, report)


def _say_untagged(settings: Settings, run_id: str) -> None:
    """Say which articles of a run stay untagged, because no model is of their language."""
    with reading(settings) as warehouse:
        rows = warehouse.execute(
            "SELECT coalesce(d.lang, 'unknown'), count(*) FROM articles AS a INNER JOIN documents AS d USING (doc_id) "
            "WHERE d.tagged_by IS NULL AND d.run_id = ? GROUP BY ALL ORDER BY 2 DESC, 1",
            [run_id],
        ).fetchall()
    if rows:
        languages = ", ".join(f"{lang} {count}" for lang, count in rows)
        out.print(
            f"untagged   {languages}: no model for the language; name more with --model A,B",
            highlight=False,
            soft_wrap=True,
        )


def _say_where(settings: Settings, report: Path) -> None:
    home = "" if settings.home == Path("data").absolute() else f" --home {short(settings.home)}"
    out.print(
        f"warehouse  {short(settings.warehouse)}\nreport     {short(report)}",
        highlight=False,
        soft_wrap=True,
    )
    program = "copydesk" if shutil.which("copydesk") else short(Path(sys.argv[0]).absolute())
    out.print("\nThree queries to try next:", highlight=False)
    for query in QUERIES:
        out.print(f'  {program}{home} sql "{query}"', highlight=False, soft_wrap=True)


@app.command(epilog="Example: copydesk serve --cron '0 * * * *' articles/")
def serve(
    context: typer.Context,
    inputs: Annotated[list[str], typer.Argument(help="What each run reads, as for copydesk run.")],
    cron: Annotated[str, typer.Option(help="When to run: minute hour day month weekday.")],
) -> None:
    """Run on a schedule until stopped: one run at a time, through a Prefect server and a process worker."""
    settings = settings_of(context)
    keep_prefect_at_home(settings)
    from flows.schedule import serve as serve_runs

    serve_runs(inputs, cron, settings)


app.command(epilog='Example: copydesk sql "SELECT title, n_duplicates FROM articles" --format csv')(ask.sql)
app.command(epilog="Example: copydesk show northern-post/harbour-bridge-closure.txt")(ask.show)
app.command(epilog="Example: copydesk audit")(ask.audit)
app.command(epilog="Example: copydesk --home news status")(ask.status)
entities_app.command("merge", epilog="Example: copydesk entities merge 'Kiev Post' 'Kyiv Post'")(
    ask.entities_merge
)
entities_app.command("split", epilog="Example: copydesk entities split 'George W. Bush'")(ask.entities_split)
entities_app.command("list", epilog="Example: copydesk entities list Zelensky")(ask.entities_list)
quarantine_app.command("list", epilog="Example: copydesk quarantine list")(ask.quarantine_list)


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
        log = Path(tempfile.gettempdir()) / "copydesk-crash.log"
        log.write_text(traceback.format_exc(), encoding="utf-8")
        err.print(
            f"copydesk: a fault in copydesk itself: {type(error).__name__}: {error}".split("\n")[0],
            markup=False,
        )
        err.print(f"copydesk: please report it with {log}; the warehouse is as it was", markup=False)
        sys.exit(1)
