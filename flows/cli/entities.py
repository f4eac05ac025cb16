"""`copydesk entities`: list entities, and correct how names were merged."""

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from copydesk.flows.cli.options import settings_of
from copydesk.flows.console import out
from copydesk.flows.io.warehouse import reading
from copydesk.transforms.text.printable import escape_invisible

_Label = Annotated[
    str | None, typer.Option(help="For names of this label alone: PERSON, ORG, GPE, ... [default: of any]")
]


def entities_merge(
    context: typer.Context,
    alias: Annotated[str, typer.Argument(help="The name that is another's, as texts write it.")],
    name: Annotated[str, typer.Argument(help="Whose name it is.")],
    label: _Label = None,
) -> None:
    """Take one name for another's, in what is loaded and in every later run."""
    from copydesk.flows.stages.entities import apply_manual_rule

    moves = apply_manual_rule(settings_of(context), alias, name, label, apart=False)
    _say_moved(len(moves), f"{alias} is {name}")


def entities_split(
    context: typer.Context,
    alias: Annotated[str, typer.Argument(help="The name that is an entity of its own.")],
    label: _Label = None,
) -> None:
    """Make a name an entity of its own, in what is loaded and in every later run."""
    from copydesk.flows.stages.entities import apply_manual_rule

    moves = apply_manual_rule(settings_of(context), alias, alias, label, apart=True)
    _say_moved(len(moves), f"{alias} is itself alone")


def _say_moved(n: int, what: str) -> None:
    changed = f"{n} {'entity' if n == 1 else 'entities'} changed" if n else "no name that is loaded changes"
    out.print(f"{what}: {changed}; later runs follow", markup=False, highlight=False)


def entities_list(
    context: typer.Context,
    words: Annotated[str, typer.Argument(help="Part of a name; of any of its spellings.")] = "",
    limit: Annotated[int, typer.Option(help="How many to show.", min=1)] = 30,
) -> None:
    """List entities with their spellings, and how each spelling was told."""
    with reading(settings_of(context)) as warehouse:
        rows = warehouse.execute(
            "SELECT e.label, e.name, e.country_code, e.kb_id, e.n_documents, "
            "    string_agg("
            "        n.written || CASE WHEN n.resolved_by = 'exact' THEN '' ELSE ' (' || n.resolved_by || ')' END, "
            "        ', ' ORDER BY n.n_documents DESC, n.written"
            "    ) "
            "FROM entities AS e INNER JOIN entity_names AS n USING (entity_id) GROUP BY ALL "
            "HAVING bool_or(contains(lower(strip_accents(n.written)), lower(strip_accents($words)))) "
            "    OR contains(lower(strip_accents(e.name)), lower(strip_accents($words))) "
            "ORDER BY e.n_documents DESC, e.name LIMIT $limit",
            {"words": words, "limit": limit},
        ).fetchall()
    if not rows:
        out.print(f"No entity is called {escape_invisible(words)!r}.", markup=False)
        return
    table = Table()
    for column in ("label", "name", "country", "id", "documents", "spellings"):
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(
            *(Text(escape_invisible(str(value))) if value is not None else Text("") for value in row)
        )
    out.print(table)
