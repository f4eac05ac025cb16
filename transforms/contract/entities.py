"""Mentions, names and entities."""

import polars as pl

from copydesk.transforms.contract.schema import Schema

#: One row: one entity mention in `text`. `kind` and `key` are its name: those of the longer name of its document that
#: it stands for, where there is one (`own_key` is its own). An entity is what a name means: entity_id follows from
#: them. `sentence` is the number of the sentence of its document, from 0.
MENTIONS: Schema = {
    "doc_id": pl.String,
    "start": pl.Int64,
    "end": pl.Int64,
    "surface": pl.String,
    "label": pl.String,
    "entity_id": pl.String,
    "resolved_by": pl.String,
    "score": pl.Float64,
    "kind": pl.String,
    "key": pl.String,
    "own_key": pl.String,
    "sentence": pl.Int64,
}


#: One row: one mention as read: `key` is its own name, `full` the longer name of its document that it stands for (or
#: null), by `rule`, one of 1 / `likelihood` such names.
NAMED_MENTIONS: Schema = {
    "doc_id": pl.String,
    "start": pl.Int64,
    "end": pl.Int64,
    "surface": pl.String,
    "label": pl.String,
    "name": pl.String,
    "kind": pl.String,
    "key": pl.String,
    "full": pl.String,
    "rule": pl.String,
    "likelihood": pl.Float64,
    "sentence": pl.Int64,
}


#: One row: one distinct name: in how many documents it stands, its best writing and label, and what it means; `block`
#: is what names that may be spellings of one share.
NAMES: Schema = {
    "kind": pl.String,
    "key": pl.String,
    "block": pl.String,
    "n_documents": pl.Int64,
    "written": pl.String,
    "label": pl.String,
    "entity_id": pl.String,
    "resolved_by": pl.String,
    "score": pl.Float64,
}


#: One row: in how many documents the short name `key` stands for the longer name `full`, by `rule`.
STAND_INS: Schema = {
    "kind": pl.String,
    "key": pl.String,
    "full": pl.String,
    "rule": pl.String,
    "n_documents": pl.Int64,
}


#: One row: what one distinct name means. The hash of `target` is the entity's id.
NAME_ENTITIES: Schema = {
    "kind": pl.String,
    "key": pl.String,
    "target": pl.String,
    "resolved_by": pl.String,
    "score": pl.Float64,
    "printed": pl.String,
    "country_code": pl.String,
    "kb_id": pl.String,
}


#: One row: one name that a list tells: `only` is its kind, `target` its entity.
LISTED: Schema = {
    "key": pl.String,
    "only": pl.String,
    "rule": pl.String,
    "target": pl.String,
    "printed": pl.String,
    "country_code": pl.String,
    "kb_id": pl.String,
}


#: One row: one row of the user's alias file, or a merge or split by hand. `label` may be null: the alias then counts
#: for every kind. A merge gives the alias the entity of `name`; with `apart` the alias is an entity of its own.
ALIASES: Schema = {
    "alias": pl.String,
    "name": pl.String,
    "label": pl.String,
    "kb_id": pl.String,
    "apart": pl.Boolean,
}


#: One row: one entity.
ENTITIES: Schema = {
    "entity_id": pl.String,
    "label": pl.String,
    "name": pl.String,
    "country_code": pl.String,
    "kb_id": pl.String,
}
