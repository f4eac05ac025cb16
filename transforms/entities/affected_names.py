"""What a run can change: the names near its own. All others keep their meaning, so a run costs what its input costs."""

import polars as pl

from copydesk.transforms.entities.known_names import NAME
from copydesk.transforms.entities.spellings import Spellings


def add_blocks(names: pl.DataFrame, spellings: Spellings) -> pl.DataFrame:
    """Fill in the block of NAMES that have none: the key under which a person's spellings meet, else the name's own.

    A loop over new distinct names: the key is made sound by sound.
    """
    is_new = names["block"].is_null()
    made = [
        spellings.person_key(key) if kind == "person" else key
        for kind, key in names.filter(is_new).select(NAME).iter_rows()
    ]
    return names.with_columns(names["block"].scatter(is_new.arg_true(), pl.Series(made, dtype=pl.String)))


def find_affected(names: pl.DataFrame, evidence: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Return those of NAMES (with block) whose meaning the `new` names (kind, key) can change or rest on.

    Near are names of one key or block, and names of which one stands for the other. Two steps reach all that
    :func:`copydesk.transforms.entities.resolution.settle` compares new names with: their blocks, who stands for those,
    and whom else these stand for.
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
    told = evidence.join(some, left_on=["kind", "full"], right_on=NAME, how="semi")
    return names.join(told, on=NAME, how="semi")


def _fulls(names: pl.DataFrame, evidence: pl.DataFrame, some: pl.DataFrame) -> pl.DataFrame:
    told = evidence.join(some, on=NAME, how="semi").select("kind", key="full")
    return pl.concat([some, names.join(told, on=NAME, how="semi")]).unique(NAME)
