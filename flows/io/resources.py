"""Reading the seeds, vocabularies and trained weights: once per process, and again when their contents change.

Each function raises UsageError for a file it cannot read.
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import polars as pl

from copydesk.flows.errors import UsageError
from copydesk.flows.io.fingerprint import digest_of
from copydesk.flows.shipped import AGENCIES, BYLINES, DATES, GLUE, LINE_MODEL, RULES
from copydesk.transforms.clean.bylines import BylineWords, parse_byline_words
from copydesk.transforms.clean.glued_words import GluedWords, read_glued_words
from copydesk.transforms.clean.metadata import parse_agencies
from copydesk.transforms.clean.rules import Rule, parse_rules
from copydesk.transforms.clean.stage import CleaningResources
from copydesk.transforms.contract import ALIASES, conform, empty
from copydesk.transforms.entities.gazetteer import Gazetteer
from copydesk.transforms.entities.gazetteer_match import index_names
from copydesk.transforms.entities.known_names import list_names
from copydesk.transforms.entities.name_words import parse_name_words
from copydesk.transforms.entities.names import Affixes
from copydesk.transforms.entities.spellings import list_given_names
from copydesk.transforms.line_model.lightgbm_reader import read_tree_ensemble
from copydesk.transforms.line_model.model import LineModel
from copydesk.transforms.text.date_words import DateWords, parse_date_words

_KEPT = 4  # versions of one resource that a process keeps

if TYPE_CHECKING:
    from copydesk.flows.settings import Settings


def cached_by_content[T](read: Callable[[Path], T]) -> Callable[[Path], T]:
    """Return `read` with its latest results cached for as long as the contents of the file or folder are the same."""

    @lru_cache(maxsize=_KEPT)
    def read_version(path: Path, _digest: str) -> T:
        return read(path)

    @wraps(read)
    def load(path: Path) -> T:
        return read_version(path, digest_of(path))

    return load


def read_vocabulary(path: Path) -> str:
    """Return the text of a TOML file, or of all TOML files in a folder, in name order. Raises OSError."""
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


@cached_by_content
def load_rules(path: Path) -> tuple[Rule, ...]:
    """Read the boilerplate rules of a TOML file, or of all in a folder, in name order."""
    try:
        return parse_rules(read_vocabulary(path))
    except (OSError, ValueError) as error:
        raise UsageError(f"rules {path}: {_one_line(error)}") from error


@cached_by_content
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
        raise UsageError(f"line model {folder}: {_one_line(error)}") from error


def read_list(path: Path) -> pl.Series:
    """Return the lines of a word list. Raises OSError."""
    return pl.Series(path.read_text(encoding="utf-8").splitlines(), dtype=pl.String)


@cached_by_content
def load_glue(folder: Path) -> GluedWords:
    """Read the vocabulary and weights that repair glued words: thresholds, affixes and brands."""
    try:
        return read_glued_words(
            (folder / "model.toml").read_text(encoding="utf-8"),
            (folder / "affixes.csv").read_text(encoding="utf-8"),
            (folder / "brands.txt").read_text(encoding="utf-8"),
        )
    except (OSError, ValueError, pl.exceptions.PolarsError) as error:
        raise UsageError(f"glue {folder}: {_one_line(error)}") from error


@cached_by_content
def load_agencies(path: Path) -> dict[str, str]:
    """Read the short forms of news agencies: the name by form."""
    try:
        return parse_agencies(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, AttributeError, TypeError) as error:  # a table that is none
        raise UsageError(f"agencies {path}: {_one_line(error)}") from error


@cached_by_content
def load_dates(path: Path) -> DateWords:
    """Read the words of dates from a TOML file, or from all in a folder, in name order."""
    try:
        return parse_date_words(read_vocabulary(path))
    except (OSError, ValueError, AttributeError, TypeError) as error:  # a table that is none
        raise UsageError(f"dates {path}: {_one_line(error)}") from error


@cached_by_content
def load_bylines(path: Path) -> BylineWords:
    """Read the words of bylines."""
    try:
        return parse_byline_words(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(f"bylines {path}: {_one_line(error)}") from error


@cached_by_content
def load_gazetteer(folder: Path) -> Gazetteer:
    """Read the gazetteer: lists of names, their spellings, and the weights by which names are labelled."""
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
            words=parse_name_words(read["name_words"]),
        )
    except (OSError, ValueError, KeyError, pl.exceptions.PolarsError) as error:
        raise UsageError(f"entities {folder}: {_one_line(error)}") from error


def load_aliases(settings: "Settings") -> pl.DataFrame:
    """Read the user's alias file as ALIASES: a CSV with alias and name, and optionally label and kb_id.

    Returns no rows if the settings name no such file.
    """
    if settings.aliases is None:
        return empty(ALIASES)
    try:
        rows = pl.read_csv(settings.aliases, infer_schema=False)
        nothing = {name: pl.lit(None, pl.String) for name in ("label", "kb_id") if name not in rows.columns}
        rows = rows.with_columns(**nothing, apart=pl.lit(value=False)).drop_nulls(["alias", "name"])
        return conform(rows.with_columns(pl.col("label").str.to_uppercase()), ALIASES)
    except (OSError, ValueError, pl.exceptions.PolarsError) as error:
        raise UsageError(f"aliases {settings.aliases}: {_one_line(error)}") from error


def load_cleaning_resources(settings: "Settings") -> CleaningResources:
    """Read the rules, vocabularies and weights that the clean stage uses, from where the settings say."""
    return read_cleaning_resources(
        settings.rules,
        settings.line_model,
        settings.glue,
        settings.agencies,
        settings.dates,
        settings.bylines,
    )


def read_cleaning_resources(
    rules: Path = RULES,
    line_model: Path = LINE_MODEL,
    glue: Path = GLUE,
    agencies: Path = AGENCIES,
    dates: Path = DATES,
    bylines: Path = BYLINES,
) -> CleaningResources:
    """Read the rules, vocabularies and weights that the clean stage uses; by default those that ship with copydesk."""
    return CleaningResources(
        load_rules(rules),
        load_line_model(line_model),
        load_glue(glue),
        load_agencies(agencies),
        load_dates(dates),
        load_bylines(bylines),
    )


def _one_line(error: Exception) -> str:
    """Return the message of an error in one line; those of Polars have several."""
    return " ".join(str(error).split())
