"""Options that several commands share."""

import typer

from copydesk.flows.settings import Settings, read_settings


def settings_of(context: typer.Context, **flags: object) -> Settings:
    """Return the settings of one call of the command line; `flags` that are None count as not given."""
    return read_settings(home=context.obj, **flags)
