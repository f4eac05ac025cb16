"""What is known of names before any text is read, in one object: made once a process by flows.seeds."""

from dataclasses import dataclass

import polars as pl

from transforms.name_words import NameWords
from transforms.names import Affixes
from transforms.spellings import Spellings
from transforms.spot import Known


@dataclass(frozen=True)
class Gazetteer:
    """labels: the label of each listed name, CITY for a city; index: the same names for transforms.spot; weights: what
    evidence counts for which kind (transforms.weigh); listed: LISTED names with their entity; spellings and affixes;
    words: what tells a name's kind, and what is no part of it.
    """

    labels: dict[str, str]
    index: Known
    weights: pl.DataFrame
    listed: pl.DataFrame
    spellings: Spellings
    affixes: Affixes
    words: NameWords
