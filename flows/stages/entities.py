"""The entities part of the tag stage, and merging and splitting entities by hand."""

import json
import shlex
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from copydesk.flows.io.resources import load_aliases, load_gazetteer
from copydesk.flows.io.warehouse import reading, run_lock, writing
from copydesk.flows.settings import Settings
from copydesk.flows.staging.folder import Staging
from copydesk.flows.staging.sealed import is_sound, remove, write_sealed
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

    A rule whose command is killed is applied by the next command that writes. Returns the entities that changed:
    old_id, entity_id. Raises Busy while a run uses the home.
    """
    row = {"alias": alias, "name": name, "label": label, "apart": apart}
    with run_lock(settings), writing(settings) as warehouse:
        apply_pending_rule(settings, warehouse)
        text = json.dumps(row)
        write_sealed(_pending(settings), lambda aside: aside.write_text(text, encoding="utf-8"))
        moves = _apply(settings, warehouse, row)
        remove(_pending(settings))
    return moves


def apply_pending_rule(settings: Settings, warehouse: duckdb.DuckDBPyConnection) -> None:
    """Apply the rule of a command that was killed; applying it twice does no harm. The home has to be locked."""
    rule = _read_pending(settings)
    if rule is not None:
        _apply(settings, warehouse, rule)
    remove(_pending(settings))


def lost_rule(settings: Settings, warehouse: duckdb.DuckDBPyConnection) -> str | None:
    """Return the command that was killed and whose rule is not in the warehouse, or None."""
    rule = _read_pending(settings)
    if rule is None:
        return None
    _, by_hand = entities.entity_rules(warehouse)
    names = ["alias", "name", "label", "apart"]
    if tuple(rule[name] for name in names) in set(by_hand.select(names).iter_rows()):
        return None
    words = ["split", rule["alias"]] if rule["apart"] else ["merge", rule["alias"], rule["name"]]
    words += [] if rule["label"] is None else ["--label", rule["label"]]
    return f"{settings.command} entities {shlex.join(words)}"


def _apply(settings: Settings, warehouse: duckdb.DuckDBPyConnection, rule: dict[str, Any]) -> pl.DataFrame:
    by_file, by_hand = entities.entity_rules(warehouse)
    rules = pl.concat([pl.DataFrame([rule | {"kb_id": None}], schema=ALIASES), by_hand])
    rules = rules.unique(["alias", "label"], keep="first", maintain_order=True)
    found = resolve_mentions(
        *(empty(NAMED_MENTIONS), entities.entity_names(warehouse), entities.stand_ins(warehouse)),
        *(pl.concat([by_file, rules]), load_gazetteer(settings.entities)),
        all_names=True,
    )
    replace_names(warehouse, found.names, found.entities, found.moves, rules)
    return found.moves


def _pending(settings: Settings) -> Path:
    return settings.home / "pending-rule.json"


def _read_pending(settings: Settings) -> dict[str, Any] | None:
    path = _pending(settings)
    if not is_sound(path):
        return None
    rule: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return rule
