"""The gazetteer: everything that is known of names before any text is read."""

from dataclasses import dataclass

import polars as pl

from copydesk.transforms.entities.gazetteer_match import NameIndex
from copydesk.transforms.entities.names import Affixes
from copydesk.transforms.entities.spellings import Spellings


@dataclass(frozen=True)
class Gazetteer:
    """labels: the label of each listed name, CITY for a city; index: the same names for
    copydesk.transforms.entities.gazetteer_match; weights: what
    evidence counts for which kind (copydesk.transforms.entities.label_vote); listed: LISTED names with
    their entity; spellings and affixes.
    """

    labels: dict[str, str]
    index: NameIndex
    weights: pl.DataFrame
    listed: pl.DataFrame
    spellings: Spellings
    affixes: Affixes
