"""`copydesk entities`: list entities, and correct how names were merged."""

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from copydesk.flows.cli.options import with_settings
from copydesk.flows.console import out
from copydesk.flows.io.warehouse import reading
from copydesk.flows.settings import Settings
from copydesk.transforms.text.printable import escape_invisible
from copydesk.warehouse.queries.summary import search_entities

Label = Annotated[
    str | None, typer.Option(help="Only for names with this label: PERSON, ORG, GPE, ... Default: any.")
]


@with_settings()
def merge(
    settings: Settings,
    alias: Annotated[str, typer.Argument(help="The alias, as it is spelled in the texts.")],
    name: Annotated[str, typer.Argument(help="A name of the entity that it belongs to.")],
    label: Label = None,
) -> None:
    """Treat ALIAS as another name for NAME, in loaded data and in all later runs."""
    from copydesk.flows.stages.entities import apply_manual_rule

    moves = apply_manual_rule(settings, alias, name, label, apart=False)
    _print_changed(len(moves), f'"{alias}" is now a name of "{name}".')


@with_settings()
def split(
    settings: Settings,
    alias: Annotated[str, typer.Argument(help="The name that is an entity by itself.")],
    label: Label = None,
) -> None:
    """Make ALIAS a separate entity, in loaded data and in all later runs."""
    from copydesk.flows.stages.entities import apply_manual_rule

    moves = apply_manual_rule(settings, alias, alias, label, apart=True)
    _print_changed(len(moves), f'"{alias}" is now a separate entity.')


def _print_changed(n: int, what: str) -> None:
    changed = f"{n} loaded {'entity' if n == 1 else 'entities'} changed"
    out.print(f"{what} {changed}; the rule applies to later runs.", markup=False, highlight=False)


@with_settings()
def list_entities(
    settings: Settings,
    words: Annotated[str, typer.Argument(help="Part of a name, in any of its spellings.")] = "",
    limit: Annotated[int, typer.Option(help="Maximum number of entities.", min=1)] = 30,
) -> None:
    """List entities with their spellings and how each spelling was resolved."""
    with reading(settings) as warehouse:
        found = search_entities(warehouse, words, limit)
    if found.is_empty():
        out.print(f"No entity matches {escape_invisible(words)!r}.", markup=False)
        return
    table = Table()
    for column in ("label", "name", "country", "id", "documents", "spellings"):
        table.add_column(column, overflow="fold")
    for row in found.iter_rows():
        table.add_row(*(Text("" if value is None else escape_invisible(str(value))) for value in row))
    out.print(table)
