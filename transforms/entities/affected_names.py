"""Select the known names that new mentions can affect, so that entity resolution scales with the input of a run, not
with the warehouse.
"""

import polars as pl

from copydesk.transforms.entities.known_names import NAME
from copydesk.transforms.entities.spellings import Spellings


def add_blocks(names: pl.DataFrame, spellings: Spellings) -> pl.DataFrame:
    """Fill in the missing blocks of NAMES: for persons the key that their spellings share, else the name's own key.

    A loop over new distinct names: the key is made sound by sound.
    """
    is_new = names["block"].is_null()
    made = [
        spellings.person_key(key) if kind == "person" else key
        for kind, key in names.filter(is_new).select(NAME).iter_rows()
    ]
    return names.with_columns(names["block"].scatter(is_new.arg_true(), pl.Series(made, dtype=pl.String)))


def find_affected(names: pl.DataFrame, evidence: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Return the NAMES (with block) whose entity the `new` names (kind, key) can change or depend on.

    These are names with the same key or block, and names of which one stands for the other (STAND_INS `evidence`). Two
    steps reach all names that copydesk.transforms.entities.name_entities compares new names with: the blocks of the new
    names, the short names that stand for one of those, and the other names that these stand for.
    """
    near = _same_block(names, names.join(new, on=NAME, how="semi"))
    short = _shorts(names, evidence, near)
    return _same_block(
        names, _fulls(names, evidence, pl.concat([near, _same_block(names, short)]).unique(NAME))
    )


def _same_block(names: pl.DataFrame, some: pl.DataFrame) -> pl.DataFrame:
    by_key = names.join(some, on="key", how="semi")
    return names.join(by_key, on=["kind", "block"], how="semi")


def _shorts(names: pl.DataFrame, evidence: pl.DataFrame, some: pl.DataFrame) -> pl.DataFrame:
    pairs = evidence.join(some, left_on=["kind", "full"], right_on=NAME, how="semi")
    return names.join(pairs, on=NAME, how="semi")


def _fulls(names: pl.DataFrame, evidence: pl.DataFrame, some: pl.DataFrame) -> pl.DataFrame:
    pairs = evidence.join(some, on=NAME, how="semi").select("kind", key="full")
    return pl.concat([some, names.join(pairs, on=NAME, how="semi")]).unique(NAME)
