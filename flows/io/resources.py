"""Reading the seeds, vocabularies and trained weights, once a process.

Each function raises UsageError for what it cannot read.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import polars as pl

from copydesk.flows.errors import UsageError
from copydesk.transforms.clean.glued_words import GluedWords, read_glued_words
from copydesk.transforms.clean.metadata import parse_agencies
from copydesk.transforms.clean.rules import Rule, parse_rules
from copydesk.transforms.clean.stage import CleaningResources
from copydesk.transforms.contract import ALIASES, conform, empty
from copydesk.transforms.entities.gazetteer import Gazetteer
from copydesk.transforms.entities.gazetteer_match import index_names
from copydesk.transforms.entities.known_names import list_names
from copydesk.transforms.entities.names import Affixes
from copydesk.transforms.entities.spellings import list_given_names
from copydesk.transforms.line_model.model import LineModel
from copydesk.transforms.line_model.tree_ensemble import read_tree_ensemble

if TYPE_CHECKING:
    from copydesk.flows.settings import Settings


def read_vocabulary(path: Path) -> str:
    """Return the text of a TOML file, or of all TOML files in a folder, in name order. Raises OSError."""
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


@cache
def load_rules(path: Path) -> tuple[Rule, ...]:
    """Read the boilerplate rules of a TOML file, or of all in a folder, in name order."""
    try:
        return parse_rules(read_vocabulary(path))
    except (OSError, ValueError) as error:
        raise UsageError(f"rules {path}: {_say(error)}") from error


@cache
def load_line_model(folder: Path) -> LineModel:
    """Read the line model that benchmarks/train_clean.py wrote."""
    import numpy as np

    try:
        with (folder / "table.npz").open("rb") as file, np.load(file) as weights:
            table, bias = weights["table"].astype(np.float32), weights["bias"]
        trees = {
            name: read_tree_ensemble((folder / f"{name}.txt").read_text(encoding="utf-8"))
            for name in ("first", "second", "page", "cut_first", "cut_second")
        }
        return LineModel(
            vocabulary=read_list(folder / "vocabulary.txt"),
            function_words=read_list(folder / "function_words.txt"),
            address_words=read_list(folder / "address_words.txt"),
            table=table,
            bias=bias,
            **trees,
        )
    except (OSError, EOFError, KeyError, TypeError, ValueError, BadZipFile) as error:
        raise UsageError(f"line model {folder}: {_say(error)}") from error


def read_list(path: Path) -> pl.Series:
    """Return the lines of a word list. Raises OSError."""
    return pl.Series(path.read_text(encoding="utf-8").splitlines(), dtype=pl.String)


@cache
def load_glue(folder: Path) -> GluedWords:
    """Read what the repair of glued words knows: weights, affixes and brands."""
    try:
        return read_glued_words(
            (folder / "model.toml").read_text(encoding="utf-8"),
            (folder / "affixes.csv").read_text(encoding="utf-8"),
            (folder / "brands.txt").read_text(encoding="utf-8"),
        )
    except (OSError, ValueError, pl.exceptions.PolarsError) as error:
        raise UsageError(f"glue {folder}: {_say(error)}") from error


@cache
def load_agencies(path: Path) -> dict[str, str]:
    """Read the forms of agencies' names: the name by form."""
    try:
        return parse_agencies(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, AttributeError, TypeError) as error:  # a table that is none
        raise UsageError(f"agencies {path}: {_say(error)}") from error


@cache
def load_gazetteer(folder: Path) -> Gazetteer:
    """Read what is known of names: lists, spellings, and the weights by which names are labelled."""
    try:
        read = {path.stem: pl.read_csv(path, infer_schema=False) for path in sorted(folder.glob("*.csv"))}
        words = {path.stem: "|".join(read_list(path)) for path in sorted(folder.glob("*.txt"))}
        affixes = Affixes(words["titles"], words["honours"], words["legal_forms"])
        labels = dict.fromkeys(read["cities"]["name"], "CITY") | dict(read["names"].iter_rows())
        capitals = {name.upper(): label for name, label in labels.items() if len(name) > 4}
        labels = capitals | labels
        return Gazetteer(
            labels=labels,
            index=index_names(labels),
            weights=read["weights"].with_columns(pl.exclude("evidence").cast(pl.Float64)),
            listed=list_names(read, affixes),
            spellings=list_given_names(read["given_names"]),
            affixes=affixes,
        )
    except (OSError, ValueError, KeyError, pl.exceptions.PolarsError) as error:
        raise UsageError(f"entities {folder}: {_say(error)}") from error


def load_aliases(settings: "Settings") -> pl.DataFrame:
    """Read the user's alias file as ALIASES: a CSV with alias and name, and where wanted label and kb_id. No rows where
    there is none.
    """
    if settings.aliases is None:
        return empty(ALIASES)
    try:
        rows = pl.read_csv(settings.aliases, infer_schema=False)
        nothing = {name: pl.lit(None, pl.String) for name in ("label", "kb_id") if name not in rows.columns}
        rows = rows.with_columns(**nothing, apart=pl.lit(value=False)).drop_nulls(["alias", "name"])
        return conform(rows.with_columns(pl.col("label").str.to_uppercase()), ALIASES)
    except (OSError, ValueError, pl.exceptions.PolarsError) as error:
        raise UsageError(f"aliases {settings.aliases}: {_say(error)}") from error


def load_cleaning_resources(settings: "Settings") -> CleaningResources:
    """Read all that the clean stage knows."""
    return CleaningResources(
        load_rules(settings.rules),
        load_line_model(settings.line_model),
        load_glue(settings.glue),
        load_agencies(settings.agencies),
    )


def _say(error: Exception) -> str:
    """Return what went wrong in one line; Polars takes several."""
    return " ".join(str(error).split())
