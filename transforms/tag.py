"""Entity mentions: who and where, with offsets into the clean text.

The loops over documents and mentions here are the model's: spaCy takes strings and returns objects.
"""

from collections.abc import Iterator
from hashlib import blake2b
from typing import TYPE_CHECKING

import polars as pl

from transforms.contract import ENTITIES, MENTIONS, conform
from transforms.segments import to_lines
from transforms.words import fold

if TYPE_CHECKING:
    from spacy.language import Language

#: OntoNotes labels of names; dates, amounts and ordinals are not entities here.
LABELS = ("PERSON", "NORP", "FAC", "ORG", "GPE", "LOC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW")
#: Code points of text given to the model as one document: bounds memory; the model looks a few words around.
PIECE = 10_000
_SPAN: dict[str, type[pl.DataType]] = {
    "piece": pl.String,
    "from": pl.Int64,
    "surface": pl.String,
    "label": pl.String,
}


def tag(documents: pl.DataFrame, model: "Language") -> pl.DataFrame:
    """Tag documents (doc_id, text) with a spaCy pipeline that has an `ner`; return MENTIONS.

    Text is tagged a paragraph at a time, and a paragraph that occurs twice is tagged once. For every mention
    `text[start:end] == surface`.
    """
    pieces = _pieces(documents)
    distinct = pieces["piece"].unique(maintain_order=True).to_list()
    found = pl.DataFrame(_recognise(distinct, model), schema=_SPAN, orient="row")
    mentions = (
        pieces.join(found, on="piece")
        .with_columns(start=pl.col("start") + pl.col("from"), name=_name(pl.col("surface")))
        .filter(pl.col("name") != "")
        .sort("doc_id", "start")
    )
    length = pl.col("surface").str.len_chars().cast(pl.Int64)
    return conform(
        mentions.with_columns(
            _entity_ids(mentions), end=pl.col("start") + length, resolved_by=pl.lit("surface"), score=1.0
        ),
        MENTIONS,
    )


def name_entities(mentions: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return the ENTITIES of MENTIONS, each under its best-written name.

    `known` (entity_id, label, name) are those that the warehouse has names for. Best is mixed case, then the
    first in the alphabet: a choice that does not depend on how documents were cut into batches or runs.
    """
    names = pl.concat([known, mentions.select("entity_id", "label", name=_name(pl.col("surface")))]).unique()
    lower, upper = pl.col("name").str.to_lowercase(), pl.col("name").str.to_uppercase()
    plain = (pl.col("name") == lower) | ((pl.col("name") == upper) & (pl.col("name").str.len_chars() > 4))
    best = names.sort("entity_id", plain, "name").unique("entity_id", keep="first", maintain_order=True)
    nothing = pl.lit(None, pl.String)
    return conform(best.with_columns(country_code=nothing, kb_id=nothing), ENTITIES)


def _pieces(documents: pl.DataFrame) -> pl.DataFrame:
    """Cut texts into paragraphs, and paragraphs over PIECE code points at a space; return doc_id, start, piece."""
    lines = to_lines(documents.select("doc_id", raw_text="text")).filter(
        pl.col("text").str.contains(r"\p{L}")
    )
    long = pl.col("text").str.len_chars() > PIECE
    rows = [
        (doc_id, start + at, piece)
        for doc_id, start, text in lines.filter(long).select("doc_id", "start", "text").iter_rows()
        for at, piece in _cut(text)
    ]
    whole = lines.filter(~long).select("doc_id", "start", piece="text")
    return pl.concat([whole, pl.DataFrame(rows, schema=whole.schema, orient="row")])


def _cut(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    while at < len(text):
        space = text.rfind(" ", at + PIECE // 2, at + PIECE) if at + PIECE < len(text) else len(text)
        end = space if space > at else at + PIECE
        yield at, text[at:end]
        at = end


def _recognise(texts: list[str], model: "Language") -> Iterator[tuple[str, int, str, str]]:
    for text, document in zip(texts, model.pipe(texts, batch_size=64), strict=True):
        for entity in document.ents:
            if entity.label_ in LABELS:
                yield text, entity.start_char, entity.text, entity.label_


def _name(surface: pl.Expr) -> pl.Expr:
    """Return the name in a mention: no possessive, no leading article, single spaces, letters at its ends."""
    return (
        surface.str.replace_all(r"\s+", " ")
        .str.replace(r"(?i)^the ", "")
        .str.replace(r"(?i)['’]s?$", "")
        .str.replace(r"^[^\p{L}\p{N}]+", "")
        .str.replace(r"[^\p{L}\p{N}.)]+$", "")
    )


def _entity_ids(mentions: pl.DataFrame) -> pl.Series:
    """Return the id of each mention's entity: the hash of its label and folded name. The same name, the same id."""
    keys = mentions.select(key=pl.col("label") + ":" + fold(pl.col("name")))["key"]
    ids = {key: blake2b(key.encode(), digest_size=8).hexdigest() for key in keys.unique()}
    return keys.replace_strict(ids, return_dtype=pl.String).alias("entity_id")
