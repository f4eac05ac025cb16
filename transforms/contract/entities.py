"""Mentions, names and entities."""

import polars as pl

from copydesk.transforms.contract.schema import Schema

#: One row: one entity mention in `text`. `kind` and `key` are its name: of the longer name of its document that it
#: stands for, else its own (`own_key`). entity_id follows from them. `sentence` is the number of the sentence in the
#: document, from 0.
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


#: One row: one mention with its name: `key` is its own name, `full` the longer name of its document that it stands for
#: (or null) by `rule`, one of 1 / `likelihood` possible ones.
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


#: One row: one distinct name: the number of its documents, its best form and label, and its entity. `block` is the key
#: that names share if they may be spellings of one name.
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


#: One row: one short name `key` that stands for the longer name `full` by `rule`, in `n_documents` documents.
STAND_INS: Schema = {
    "kind": pl.String,
    "key": pl.String,
    "full": pl.String,
    "rule": pl.String,
    "n_documents": pl.Int64,
}


#: One row: one distinct name and its entity. The hash of `target` is the id of the entity.
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


#: One row: one name of the gazetteer: `only` is its kind, `target` its entity.
LISTED: Schema = {
    "key": pl.String,
    "only": pl.String,
    "rule": pl.String,
    "target": pl.String,
    "printed": pl.String,
    "country_code": pl.String,
    "kb_id": pl.String,
}


#: One row: one alias rule: a row of the user's alias file, or a merge or split by hand. If `label` is null the rule
#: is for every kind. The alias belongs to the entity of `name`; with `apart` it is a separate entity.
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
