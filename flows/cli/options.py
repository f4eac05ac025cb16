"""Options that several commands share, and how they become settings.

A command is a function of `Settings` and of its own options. :func:`with_settings` gives it `--home`, wherever on the
command line that stands, and any further options that set something.
"""

import inspect
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from copydesk.flows.settings import read_settings

type Command = Callable[..., None]


def _home(given: str) -> Path:
    if not given:  # as a path it would be the working directory
        raise typer.BadParameter("it is empty; name a folder, . for this one")
    return Path(given)


Home = Annotated[
    Path | None,
    typer.Option(
        "--home",
        parser=_home,
        metavar="PATH",
        help="Directory of the warehouse, staging and reports. Default: COPYDESK_HOME, else ./data.",
        show_default=False,
    ),
]
#: How a command line may name a document.
DOCUMENT_HELP = "A doc_id, the beginning of one, the path of a file that was read, or its end."

#: Options of `run` and `quarantine retry`: each overrides the setting of its name.
RUN_OPTIONS: dict[str, Any] = {
    "rules": Annotated[
        Path | None,
        typer.Option(help="Boilerplate rules to use (TOML file or folder) instead of the built-in ones."),
    ],
    "model": Annotated[
        str | None,
        typer.Option(help="spaCy models to use, one per language: package names or paths, comma-separated."),
    ],
    "aliases": Annotated[
        Path | None,
        typer.Option(
            help="CSV file of entity names: alias, name, label, kb_id. Overrides all other evidence."
        ),
    ],
    "limits": Annotated[
        Path | None, typer.Option(help="TOML file with limits per source; overrides the expectation suites.")
    ],
    "batch_mb": Annotated[float | None, typer.Option(help="Megabytes of raw text per batch.")],
}

#: The option of `run` for links that lead out of a given folder.
FOLLOW = Annotated[
    bool | None,
    typer.Option(
        "--follow/--no-follow",
        help="Read files behind links that lead out of a given folder, or quarantine the links.",
        show_default="follow",
    ),
]


def with_settings(**options: Any) -> Callable[[Command], Command]:
    """Return a decorator for commands whose first parameter is the settings.

    `options` maps names of settings to annotated types; the command line offers them beside the command's own options,
    and they are not passed to the command, which finds them in its settings. Raises UsageError for a wrong setting.
    """
    options = {"home": Home, **options}

    def decorate(command: Command) -> Command:
        own = list(inspect.signature(command, eval_str=True).parameters.values())[1:]
        context = inspect.Parameter(
            "context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context
        )
        shared = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
            for name, annotation in options.items()
        ]

        @wraps(command)
        def call(context: typer.Context, **given: Any) -> None:
            flags = {name: given.pop(name) for name in options}
            if flags["home"] is None:
                flags["home"] = context.obj
            command(read_settings(**flags), **given)

        parameters = [context, *(each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own), *shared]
        call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        call.__annotations__ = {each.name: each.annotation for each in parameters}
        return call

    return decorate
