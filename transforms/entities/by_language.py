"""Tagging documents of several languages, each with the model of its own."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import polars as pl

from copydesk.transforms.contract import NAMED_MENTIONS, empty
from copydesk.transforms.entities.gazetteer import Gazetteer
from copydesk.transforms.entities.mentions import tag
from copydesk.transforms.entities.named_mentions import read_mentions

if TYPE_CHECKING:
    from spacy.language import Language


def read_by_language(
    documents: pl.DataFrame, models: Iterable[tuple[str, "Language"]], gazetteer: Gazetteer
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the NAMED_MENTIONS of `documents` (doc_id, text, lang), and which of them were tagged: doc_id, text,
    tagged_by (the name of the model).

    `models` are names and spaCy pipelines; of one language the first counts. A document in a language without a
    model is not tagged.
    """
    read, tagged = (
        [empty(NAMED_MENTIONS)],
        [documents.clear().select("doc_id", "text", tagged_by=pl.lit("", pl.String))],
    )
    for name, model in models:
        mine = documents.filter(pl.col("lang") == model.lang).select("doc_id", "text", tagged_by=pl.lit(name))
        mine = mine.join(pl.concat(tagged), on="doc_id", how="anti")
        read.append(read_mentions(tag(mine, model, gazetteer), gazetteer))
        tagged.append(mine)
    return pl.concat(read), pl.concat(tagged)
