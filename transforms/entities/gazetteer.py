"""The gazetteer: everything that is known of names before any text is read."""

from dataclasses import dataclass

import polars as pl

from copydesk.transforms.entities.gazetteer_match import NameIndex
from copydesk.transforms.entities.name_words import NameWords
from copydesk.transforms.entities.names import Affixes
from copydesk.transforms.entities.spellings import Spellings


@dataclass(frozen=True)
class Gazetteer:
    """What is known of names.

    labels: the label of each listed name, CITY for a city; index: the same names, for matching in texts; weights: the
    weight of each kind of evidence for each label; listed: LISTED names with their entity; spellings and affixes;
    words: words that decide the kind of a name, and words that are no part of one.
    """

    labels: dict[str, str]
    index: NameIndex
    weights: pl.DataFrame
    listed: pl.DataFrame
    spellings: Spellings
    affixes: Affixes
    words: NameWords
