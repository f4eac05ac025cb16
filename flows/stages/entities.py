"""The entities part of the tag stage, and merging and splitting entities by hand."""

import polars as pl

from copydesk.flows.io.resources import load_aliases, load_gazetteer
from copydesk.flows.io.warehouse import reading, run_lock, writing
from copydesk.flows.settings import Settings
from copydesk.flows.staging.folder import Staging
from copydesk.transforms.contract import ALIASES, NAMED_MENTIONS, empty
from copydesk.transforms.entities.resolution import resolve_mentions
from copydesk.warehouse.publish import replace_names
from copydesk.warehouse.queries import entities


def resolve_entities(settings: Settings, staging: Staging) -> None:
    """Stage the mentions of all batches with their entities, entity_names, stand_ins, entities, entity_moves and
    entity_rules (the user's alias file, which every run reads again).
    """
    read = staging.read_all("tag", "read")
    aliases = load_aliases(settings)
    with reading(settings) as warehouse:
        names, stand_ins = entities.entity_names(warehouse), entities.stand_ins(warehouse)
        by_file, by_hand = entities.entity_rules(warehouse)
    found = resolve_mentions(
        *(read, names, stand_ins, pl.concat([aliases, by_hand])),
        load_gazetteer(settings.entities),
        all_names=not aliases.equals(by_file),
    )
    frames = {
        "mentions": found.mentions,
        "entity_names": found.names,
        "stand_ins": found.stand_ins,
        "entities": found.entities,
        "entity_moves": found.moves,
        "entity_rules": aliases,
    }
    for name, frame in frames.items():
        staging.write("tag", name, frame)


def apply_manual_rule(
    settings: Settings, alias: str, name: str, label: str | None, *, apart: bool
) -> pl.DataFrame:
    """Make `alias` another name of the entity `name`, or a separate entity (`apart`), in loaded data and in later runs.

    Returns the entities that changed: old_id, entity_id. Raises Busy while a run uses the home.
    """
    row = (alias, name, label, None, apart)
    with run_lock(settings), writing(settings) as warehouse:
        by_file, by_hand = entities.entity_rules(warehouse)
        rules = pl.concat([pl.DataFrame([row], schema=ALIASES, orient="row"), by_hand])
        rules = rules.unique(["alias", "label"], keep="first", maintain_order=True)
        found = resolve_mentions(
            *(empty(NAMED_MENTIONS), entities.entity_names(warehouse), entities.stand_ins(warehouse)),
            *(pl.concat([by_file, rules]), load_gazetteer(settings.entities)),
            all_names=True,
        )
        replace_names(warehouse, found.names, found.entities, found.moves, rules)
    return found.moves
